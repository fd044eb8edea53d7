import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { type Editor, withEditor } from "./editor.ts";
import { withFolder } from "./folder.ts";

const URI = "file:///host/fw.sh";
const SCRIPT = `#!/bin/sh
WAN=$1
iptables -A INPUT -i "$WAN" -p tcp --dport 22 -j ACCEPT
`;
const AT_VARIABLE = { start: { line: 2, character: 24 }, end: { line: 2, character: 24 } };
const TITLE = "Assume a value for WAN";

async function offered(editor: Editor) {
  await editor.open(URI, "shellscript", SCRIPT);
  await editor.diagnostics(URI);
  const actions = await editor.codeActions(URI, AT_VARIABLE, ["quickfix"]);
  return actions.find(({ title }) => title === TITLE);
}

test("an unknown variable has an action that writes the comment", async () => {
  await withEditor({}, async (editor) => {
    const action = await offered(editor);
    assert.ok(action?.edit);
    await editor.apply(action.edit);
    assert.equal(editor.text(URI), SCRIPT.replace("WAN", "# ftp-firewall: assume WAN=value\nWAN"));
  });
});

test("an editor that takes snippets has the value marked", async () => {
  const workspace = { workspaceEdit: { documentChanges: true, snippetEditSupport: true } };
  await withEditor({ capabilities: { workspace } }, async (editor) => {
    const action = await offered(editor);
    const line = { line: 1, character: 0 };
    assert.deepEqual(action?.edit?.documentChanges, [
      {
        textDocument: { uri: URI, version: 1 },
        edits: [
          {
            range: { start: line, end: line },
            snippet: { kind: "snippet", value: "# ftp-firewall: assume WAN=$" + "{1:value}\n" },
          },
        ],
      },
    ]);
  });
});

test("what is known has none", async () => {
  await withEditor({}, async (editor) => {
    await editor.open(URI, "shellscript", SCRIPT.replace("$1", "eth0"));
    await editor.diagnostics(URI);
    const actions = await editor.codeActions(URI, AT_VARIABLE);
    assert.deepEqual(
      actions.map(({ title }) => title).filter((title) => title.startsWith("Assume")),
      [],
    );
  });
});

const FTP_SCRIPT = `#!/bin/sh
iptables -P INPUT DROP
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -p tcp --dport $FTP -j ACCEPT
`;

function codes(editor: Editor, uri: string): string[] {
  return (editor.published(uri) ?? []).map(({ code }) => String(code));
}

test("a change of the setting assume analyses the script again", async () => {
  await withEditor({ settings: {} }, async (editor) => {
    await editor.open(URI, "shellscript", FTP_SCRIPT);
    assert.deepEqual(await editor.diagnostics(URI), []);
    const state = async (settings: unknown) => {
      editor.settings = settings;
      await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    };
    await state({ assume: { FTP: "21" } });
    await editor.until(() => codes(editor, URI).includes("helper-not-assigned"), "port 21 is assumed");
    await state({ assume: { FTP: "22" } });
    await editor.until(() => codes(editor, URI).length === 0, "port 22 is assumed");
    await state({ assume: { $FTP: "21" } });
    await editor.until(() => editor.messages.length > 0, "a word about the name");
    assert.match(editor.messages.join(), /ftpFirewall\.assume names “\$FTP”, .*\(write FTP\)/);
  });
});

test("the workspace's .ftp-firewall.json says it as well, and is read again when it changes", async () => {
  const files = { "fw.sh": FTP_SCRIPT, ".ftp-firewall.json": '{ "assume": { "FTP": "21" } }' };
  await withFolder(files, async (uri) => {
    await withEditor({ workspace: uri(".") }, async (editor) => {
      await editor.open(uri("fw.sh"), "shellscript", FTP_SCRIPT);
      await editor.diagnostics(uri("fw.sh"));
      assert.deepEqual(codes(editor, uri("fw.sh")), ["helper-not-assigned"]);
      writeFileSync(new globalThis.URL(uri(".ftp-firewall.json")), "{}");
      const changes = [{ uri: uri(".ftp-firewall.json"), type: 2 }];
      await editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
      await editor.until(() => codes(editor, uri("fw.sh")).length === 0, "the value is not known any more");
    });
  });
});
