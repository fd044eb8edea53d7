import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExpandResult } from "../../server/src/lsp/expand.ts";
import { type Editor, withEditor } from "./editor.ts";

const URI = "file:///host/fw.sh";
const SCRIPT = `#!/bin/sh
iptables -P INPUT DROP
setup() {
  . /etc/firewall.conf
}
setup
`;

function expand(editor: Editor, uri: string): Promise<ExpandResult | null> {
  return editor.connection.sendRequest("ftp-firewall/expand", { textDocument: { uri } });
}

test("the ruleset of a document, with links that lead back into it", async () => {
  await withEditor({}, async (editor) => {
    await editor.open(URI, "shellscript", SCRIPT);
    const result = await expand(editor, URI);
    assert.ok(result);
    const lines = result.text.split("\n");
    const unknown = lines.findIndex((line) => line.startsWith("# unknown:"));
    assert.equal(
      lines[unknown],
      "# unknown: fw.sh:4, called from fw.sh:6 (setup) depends on what the file /etc/firewall.conf does",
    );
    const links = result.links.filter(({ range }) => range.start.line === unknown);
    assert.deepEqual(
      links.map(({ range, location }) => [
        lines[unknown]!.slice(range.start.character, range.end.character),
        location.uri,
        editor.textIn(URI, location.range),
      ]),
      [
        ["fw.sh:4", URI, ". /etc/firewall.conf"],
        ["fw.sh:6", URI, "setup"],
      ],
    );
    const origin = result.origins.find(({ line }) => line === unknown);
    assert.equal(editor.textIn(URI, origin!.location.range), ". /etc/firewall.conf");
  });
});

test("it follows each change at once", async () => {
  await withEditor({}, async (editor) => {
    await editor.open(URI, "shellscript", SCRIPT);
    await editor.change(URI, { text: SCRIPT.replace("firewall.conf", "ports.conf") });
    assert.match((await expand(editor, URI))!.text, /ports\.conf/);
  });
});

test("what is no firewall, or not open, has none", async () => {
  await withEditor({}, async (editor) => {
    await editor.open("file:///host/backup.sh", "shellscript", "#!/bin/sh\ntar c /home\n");
    assert.equal(await expand(editor, "file:///host/backup.sh"), null);
    assert.equal(await expand(editor, "file:///host/closed.sh"), null);
  });
});
