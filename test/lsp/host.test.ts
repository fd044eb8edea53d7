import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { RULESETS } from "./bad-inputs.ts";
import { withEditor } from "./editor.ts";
import { withFolder } from "./folder.ts";

const MAIN = 'table inet filter {\n  include "./parts/input.nft"\n}\n';
const INPUT = `chain input {
  type filter hook input priority 0; policy drop;
  ct state established,related accept
  icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
  tcp dport 21 accept
}
`;

test("an included file is read; what is wrong in it is shown there, until the document is closed", async () => {
  await withFolder({ "main.nft": MAIN, "parts/input.nft": INPUT }, async (uri) => {
    await withEditor({ workspace: uri(".") }, async (editor) => {
      await editor.open(uri("main.nft"), "nft", MAIN);
      await editor.diagnostics(uri("main.nft"));
      await editor.until(
        () => editor.published(uri("parts/input.nft"))?.length === 1,
        "a warning in the include",
      );
      assert.equal(editor.published(uri("parts/input.nft"))?.[0]?.range.start.line, 4);
      await editor.close(uri("main.nft"));
      await editor.until(() => editor.published(uri("parts/input.nft"))?.length === 0, "no warning there");
    });
  });
});

test("a change in an included file that is open changes what is said of the including one", async () => {
  const main = `include "./ports.nft"\ntable inet filter {\n${INPUT.replace("21", "$FTP")}}\n`;
  await withFolder({ "main.nft": main, "ports.nft": "define FTP = 22\n" }, async (uri) => {
    await withEditor({ workspace: uri(".") }, async (editor) => {
      await editor.open(uri("main.nft"), "nft", main);
      assert.deepEqual(await editor.diagnostics(uri("main.nft")), []);
      await editor.open(uri("ports.nft"), "nft", "define FTP = 22\n");
      await editor.change(uri("ports.nft"), { text: "define FTP = 21\n" });
      await editor.until(() => editor.published(uri("main.nft"))?.length === 1, "the warning");
    });
  });
});

test("nothing outside the workspace and the document's folder is read", async () => {
  const secret = "table inet filter { chain input { tcp dport 99999 accept; } }\n";
  await withFolder({ "secret.nft": secret, "work/main.nft": 'include "../secret.nft"\n' }, async (uri) => {
    await withEditor({ workspace: uri("work") }, async (editor) => {
      await editor.open(uri("work/main.nft"), "nft", 'include "../secret.nft"\n');
      await editor.diagnostics(uri("work/main.nft"));
      await editor.hover(uri("work/main.nft"), "include"); // what was on its way has arrived before the answer
      assert.equal(editor.published(uri("secret.nft")), undefined);
    });
    await withEditor({ workspace: uri(".") }, async (editor) => {
      await editor.open(uri("work/main.nft"), "nft", 'include "../secret.nft"\n');
      await editor.until(
        () => (editor.published(uri("secret.nft"))?.length ?? 0) > 0,
        "the error in the include",
      );
    });
  });
});

test("rules.v4 and rules.v6 in one folder are one host: each shows its own findings, once", async () => {
  const v6 = RULESETS.iptables!.replace(
    ":INPUT DROP [0:0]",
    ":INPUT DROP [0:0]\n-A INPUT -p ipv6-icmp -j ACCEPT",
  );
  await withFolder({ "rules.v4": RULESETS.iptables!, "rules.v6": v6 }, async (uri) => {
    await withEditor({ workspace: uri(".") }, async (editor) => {
      await editor.open(uri("rules.v4"), "iptables", RULESETS.iptables!);
      const [four] = await editor.diagnostics(uri("rules.v4"));
      assert.match(String(four?.message), /IPv4/);
      await editor.until(() => editor.published(uri("rules.v6"))?.length === 1, "the twin's warning");
      assert.match(String(editor.published(uri("rules.v6"))?.[0]?.message), /IPv6/);
      const [fixAll] = await editor.codeActions(uri("rules.v4"), four!.range, ["source.fixAll"]);
      await editor.apply(fixAll!.edit!);
      assert.deepEqual(await editor.diagnostics(uri("rules.v4")), []);
      await editor.open(uri("rules.v6"), "iptables", v6);
      assert.equal((await editor.diagnostics(uri("rules.v6"))).length, 1);
    });
  });
});

const FTP_IN = RULESETS.iptables!;

test("the editor's settings count, and a change of them at once", async () => {
  const settings = { checks: { "helper-not-assigned": "off" } };
  await withEditor({ settings }, async (editor) => {
    const uri = "file:///host/rules.v4";
    await editor.open(uri, "iptables", FTP_IN);
    assert.deepEqual(await editor.diagnostics(uri), []);
    editor.settings = { checks: { "helper-not-assigned": "error" } };
    await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: {} });
    await editor.until(() => editor.published(uri)?.length === 1, "the error");
    assert.equal(editor.published(uri)?.[0]?.severity, 1);
    assert.deepEqual(editor.messages, []);
  });
});

test("the strategy that the settings ask for is the preferred fix", async () => {
  await withEditor({ settings: { fixStrategy: "ports", passivePorts: "40000-40100" } }, async (editor) => {
    const uri = "file:///host/rules.v4";
    await editor.open(uri, "iptables", FTP_IN);
    const [warning] = await editor.diagnostics(uri);
    const [first] = await editor.codeActions(uri, warning!.range, ["quickfix"]);
    assert.equal(first?.title, "Open the data ports (40000-40100)");
    assert.equal(first.isPreferred, true);
  });
});

test("a setting that cannot be is named in one message, and the default is used", async () => {
  await withEditor({ settings: { passivePorts: "51000-50000", helper: "explicit" } }, async (editor) => {
    for (const name of ["rules.v4", "more.v4", "again.v4"]) {
      await editor.open(`file:///host/${name}`, "iptables", FTP_IN);
      assert.equal((await editor.diagnostics(`file:///host/${name}`)).length, 1);
    }
    assert.equal(editor.messages.length, 1);
    assert.match(editor.messages[0]!, /ftpFirewall\.passivePorts has to be .*50000-51000, not "51000-50000"/);
  });
});

test("a team's .ftp-firewall.json counts more than the editor's settings", async () => {
  const config = JSON.stringify({ checks: { "helper-not-assigned": "info" } });
  await withFolder({ ".ftp-firewall.json": config, "etc/rules.v4": FTP_IN }, async (uri) => {
    await withEditor({ workspace: uri("."), settings: { checks: {} } }, async (editor) => {
      await editor.open(uri("etc/rules.v4"), "iptables", FTP_IN);
      const [found] = await editor.diagnostics(uri("etc/rules.v4"));
      assert.equal(found?.severity, 3);
    });
  });
});

test("a change of .ftp-firewall.json on the disk counts at once", async () => {
  await withFolder({ "rules.v4": FTP_IN }, async (uri) => {
    await withEditor({ workspace: uri(".") }, async (editor) => {
      await editor.open(uri("rules.v4"), "iptables", FTP_IN);
      assert.equal((await editor.diagnostics(uri("rules.v4"))).length, 1);
      const config = uri(".ftp-firewall.json");
      writeFileSync(new URL(config), '{ "modes": ["active"] }');
      const changes = [{ uri: config, type: 1 }];
      await editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
      await editor.until(() => editor.published(uri("rules.v4"))?.length === 0, "no diagnostics");
      writeFileSync(new URL(config), "{ modes }");
      await editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
      await editor.until(() => editor.messages.length === 1, "a message");
      assert.match(editor.messages[0]!, /\.ftp-firewall\.json: it is no valid JSON/);
    });
  });
});

test("settings that the editor pushes, for editors that cannot be asked", async () => {
  await withEditor({ capabilities: {} }, async (editor) => {
    const uri = "file:///host/rules.v4";
    await editor.open(uri, "iptables", FTP_IN);
    assert.equal((await editor.diagnostics(uri)).length, 1);
    const settings = { ftpFirewall: { helper: "automatic" } };
    await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings });
    await editor.until(
      () => editor.published(uri)?.length === 0,
      "no diagnostics: the kernel assigns the helper",
    );
  });
});
