import assert from "node:assert/strict";
import { test } from "node:test";
import { type Editor, withEditor } from "./editor.ts";

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
