import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { type Editor, withEditor } from "./editor.ts";
import { withFolder } from "./folder.ts";

const MAIN = 'flush ruleset\ntable inet filter {\n  include "nftables.d/input.nft"\n}\n';
const INPUT = `chain input {
  type filter hook input priority 0; policy drop;
  ct state established,related accept
  icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
  tcp dport 21 accept
}
`;
const INET = `table inet filter {\n${INPUT}}\n`;
const HOST_V4 = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p tcp --dport 22 -j ACCEPT
COMMIT
`;

function listing(...hosts: readonly (readonly string[])[]): string {
  return JSON.stringify({ hosts });
}

function codes(editor: Editor, uri: string): unknown[] | undefined {
  return editor.published(uri)?.map(({ code }) => code);
}

function messages(editor: Editor, uri: string): string[] {
  return (editor.published(uri) ?? []).map(({ message }) => String(message));
}

/** The server is told of a change on the disk, as an editor does that watches it. */
async function changeOnDisk(editor: Editor, uri: string, text: string): Promise<void> {
  writeFileSync(new URL(uri), text);
  const changes = [{ uri, type: 2 }];
  await editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
}

test("an included file that is open is judged as part of the main file, with hover and fixes in both", async () => {
  await withFolder({ "nftables.conf": MAIN, "nftables.d/input.nft": INPUT }, async (uri) => {
    await withEditor({ workspace: uri(".") }, async (editor) => {
      const [main, part] = [uri("nftables.conf"), uri("nftables.d/input.nft")];
      await editor.open(part, "nft", INPUT);
      const [finding, ...others] = await editor.diagnostics(part);
      assert.deepEqual(others, []);
      assert.equal(finding?.code, "helper-not-assigned");

      const hover = await editor.hover(part, "dport");
      assert.match(JSON.stringify(hover?.contents), /rule 3 of 3 in chain `input`, table `filter` \(inet\)/);
      assert.match(JSON.stringify(hover?.contents), /FTP through this firewall/);

      const [helper, ports] = await editor.codeActions(part, finding!.range, ["quickfix"]);
      const edited = (action: typeof helper) =>
        action?.edit?.documentChanges?.map((one) => "textDocument" in one && one.textDocument.uri);
      assert.deepEqual(edited(helper), [main]);
      assert.deepEqual(edited(ports), [part]);
      await editor.open(main, "nft", MAIN);
      await editor.apply(helper!.edit!);
      await editor.until(
        () => codes(editor, part)?.length === 0,
        "no finding once the main file has the helper",
      );
    });
  });
});

test("everything that is wrong in an included file is mended there by one action", async () => {
  await withFolder({ "nftables.conf": MAIN, "nftables.d/input.nft": INPUT }, async (uri) => {
    const settings = { fixStrategy: "ports", passivePorts: "40000-40100" };
    await withEditor({ workspace: uri("."), settings }, async (editor) => {
      const part = uri("nftables.d/input.nft");
      await editor.open(part, "nft", INPUT);
      const [finding] = await editor.diagnostics(part);
      const [all] = await editor.codeActions(part, finding!.range, ["source.fixAll"]);
      await editor.apply(all!.edit!);
      assert.match(editor.text(part), /tcp dport 21 accept\n {2}tcp dport 40000-40100 accept\n/);
      assert.deepEqual(await editor.diagnostics(part), []);
    });
  });
});

test("a main file that is written later, and one that changes, count at once", async () => {
  await withFolder({ "nftables.d/input.nft": INPUT }, async (uri) => {
    await withEditor({ workspace: uri(".") }, async (editor) => {
      const [main, part] = [uri("nftables.conf"), uri("nftables.d/input.nft")];
      await editor.open(part, "nft", INPUT);
      assert.equal((await editor.diagnostics(part))[0]?.code, "syntax-error");
      await changeOnDisk(editor, main, MAIN);
      await editor.until(
        () => codes(editor, part)?.join() === "helper-not-assigned",
        "the main file's table",
      );
      await changeOnDisk(editor, main, "flush ruleset\n");
      await editor.until(() => codes(editor, part)?.includes("syntax-error") === true, "alone again");
    });
  });
});

test("a main file outside the workspace is not read", async () => {
  await withFolder({ "nftables.conf": MAIN, "nftables.d/input.nft": INPUT }, async (uri) => {
    await withEditor({ workspace: uri("nftables.d") }, async (editor) => {
      await editor.open(uri("nftables.d/input.nft"), "nft", INPUT);
      const [first] = await editor.diagnostics(uri("nftables.d/input.nft"));
      assert.equal(first?.code, "syntax-error");
    });
  });
});

test("hosts: files that the settings list are one host in that order, and all follow a change of one", async () => {
  const config = listing(["iptables/rules.v4", "nftables.conf"]);
  const files = { "nftables.conf": INET, "iptables/rules.v4": HOST_V4, ".ftp-firewall.json": config };
  await withFolder(files, async (uri) => {
    await withEditor({ workspace: uri(".") }, async (editor) => {
      const [nft, rules] = [uri("nftables.conf"), uri("iptables/rules.v4")];
      await editor.open(nft, "nft", INET);
      const [finding] = await editor.diagnostics(nft);
      assert.match(String(finding?.message), /hangs \(IPv6\)/, "iptables keeps FTP out over IPv4");
      const hover = await editor.hover(nft, "dport");
      assert.match(JSON.stringify(hover?.contents), /Loaded in this order: rules\.v4, nftables\.conf\./);

      await changeOnDisk(editor, rules, HOST_V4.replace("22", "21"));
      const both = () => [nft, rules].some((one) => messages(editor, one).some((text) => /IPv4/.test(text)));
      await editor.until(both, "IPv4, too");
      await editor.open(rules, "iptables", HOST_V4);
      await editor.until(() => !both(), "what the editor has counts more than what the disk has");

      await editor.change(nft, { text: `flush ruleset\n${INET}` });
      await editor.until(() => codes(editor, nft)?.includes("rules-of-other-file-erased") === true, "erased");
      assert.match(messages(editor, nft)[0]!, /the rules that rules\.v4 loaded before/);
    });
  });
});

test("hosts: in the editor's settings paths count from the workspace folder", async () => {
  await withFolder({ "a/nftables.conf": INET, "b/rules.v4": HOST_V4 }, async (uri) => {
    const settings = { hosts: [["b/rules.v4", "a/nftables.conf"]] };
    await withEditor({ workspace: uri("."), settings }, async (editor) => {
      await editor.open(uri("a/nftables.conf"), "nft", INET);
      const [finding] = await editor.diagnostics(uri("a/nftables.conf"));
      assert.match(String(finding?.message), /hangs \(IPv6\)/);
      assert.deepEqual(editor.messages, []);
    });
  });
});

test("hosts: a listed file that cannot be had is named once, and the rest is judged", async () => {
  const config = listing(["none.v4", "../rules.v4", "nftables.conf", "rules.v6"]);
  const files = { "rules.v4": HOST_V4, "w/nftables.conf": INET, "w/rules.v6": HOST_V4 };
  await withFolder({ ...files, "w/.ftp-firewall.json": config }, async (uri) => {
    await withEditor({ workspace: uri("w") }, async (editor) => {
      for (const [name, language] of [
        ["nftables.conf", "nft"],
        ["rules.v6", "iptables"],
      ] as const) {
        await editor.open(uri(`w/${name}`), language, files[`w/${name}`]);
        await editor.diagnostics(uri(`w/${name}`));
      }
      assert.match(messages(editor, uri("w/nftables.conf"))[0]!, /hangs \(IPv4\)/);
      assert.equal(editor.messages.length, 1);
      assert.match(editor.messages[0]!, /hosts lists none\.v4, which is not there/);
      assert.match(editor.messages[0]!, /hosts lists \.\.\/rules\.v4, which lies outside the workspace/);
    });
  });
});

test("a file that comes into a folder of which a pattern takes all is judged at once, and one that goes", async () => {
  const main = 'flush ruleset\ninclude "./nftables.d/*.nft"\n';
  await withFolder({ "nftables.conf": main, "nftables.d/a.nft": "table ip a {\n}\n" }, async (uri) => {
    await withEditor({ workspace: uri(".") }, async (editor) => {
      const [conf, part] = [uri("nftables.conf"), uri("nftables.d/b.nft")];
      await editor.open(conf, "nft", main);
      assert.deepEqual(await editor.diagnostics(conf), []);
      await changeOnDisk(editor, part, INET);
      await editor.until(
        () => codes(editor, part)?.join() === "helper-not-assigned",
        "a finding in the new file",
      );
      rmSync(new URL(part));
      const changes = [{ uri: part, type: 3 }];
      await editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
      await editor.until(() => codes(editor, part)?.length === 0, "nothing where no file is");
    });
  });
});
