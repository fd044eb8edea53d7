import * as assert from "node:assert/strict";
import {
  commands,
  type DocumentLink,
  type LocationLink,
  languages,
  Position,
  type TextDocument,
  type TextEditor,
  type Uri,
  window,
  workspace,
} from "vscode";
import { closeAll, openExample, rangeOf, sleep, until } from "./editor.ts";

const SHOW = "ftpFirewall.showRuleset";
/** A file that the example does not bring, so that something is not known about it. */
const SOURCED = ". ./site.conf\n";

describe("the resulting ruleset", () => {
  afterEach(async () => {
    await commands.executeCommand("workbench.action.closeAllEditors");
    await closeAll();
  });

  for (const [path, language] of [
    ["server/broken/firewall.sh", "iptables"],
    ["server/broken/rules.v4", "iptables"],
    ["server/broken/nftables.conf", "nft"],
  ] as const) {
    it(`of ${path} stands beside it as ${language}, and is no document of the server`, async () => {
      const source = await openExample(path);
      const { document, viewColumn } = await show();
      assert.equal(document.languageId, language);
      assert.match(document.getText(), /^# /);
      assert.notEqual(viewColumn, window.activeTextEditor?.viewColumn);
      assert.equal(window.activeTextEditor?.document, source, "the cursor has left the file");
      assert.deepEqual(languages.getDiagnostics(document.uri), []);
    });
  }

  it("is forgotten only when it is closed: its places are links from the start", async () => {
    await openExample("server/broken/firewall.sh");
    await window.activeTextEditor?.edit((edit) => edit.insert(new Position(1, 0), SOURCED));
    const { document } = await show();
    assert.ok((await linksOf(document)).length > 0, document.getText());
  });

  it("follows the text while it is written, and leads back to it", async () => {
    const source = await openExample("server/broken/firewall.sh");
    const ruleset = await show();
    const { document } = ruleset;
    // VS Code may still have what the ruleset was before this test, until it is asked for anew.
    await until("the ruleset of the text as it is", () => !document.getText().includes("./site.conf"));
    const before = document.getText();
    await window.activeTextEditor?.edit((edit) => edit.insert(new Position(1, 0), SOURCED));
    await until("what is not known now", () => document.getText().includes("./site.conf"));
    assert.notEqual(document.getText(), before);

    const unknown = rangeOf(document, "# unknown: firewall.sh:2");
    const [definition] = await commands.executeCommand<LocationLink[]>(
      "vscode.executeDefinitionProvider",
      document.uri,
      unknown.start,
    );
    assert.ok(definition, "the line has no definition");
    assert.equal(definition.targetUri.toString(), source.uri.toString());
    assert.equal(source.getText(definition.targetRange), SOURCED.trim());

    await window.showTextDocument(document, { viewColumn: ruleset.viewColumn, selection: unknown });
    await commands.executeCommand("ftpFirewall.revealOrigin");
    assert.equal(window.activeTextEditor?.document, source, "F12 leads elsewhere");

    const [link] = await linksOf(document);
    assert.ok(link?.target, "the place is no link");
    assert.equal(document.getText(link.range), "firewall.sh:2");
    await follow(link.target);
    const editor = window.activeTextEditor;
    assert.equal(editor?.document, source);
    assert.equal(source.getText(editor?.selection), SOURCED.trim());
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
    assert.equal(tabs.length, 2, "the file is opened a second time");
  });

  it("is not shown for a script that calls no firewall command", async () => {
    const document = await workspace.openTextDocument({ language: "shellscript", content: "tar c /home\n" });
    await window.showTextDocument(document);
    await commands.executeCommand(SHOW);
    await sleep(200);
    assert.equal(rulesetEditor(), undefined);
  });
});

async function show(): Promise<TextEditor> {
  await commands.executeCommand(SHOW);
  return until("the ruleset", rulesetEditor);
}

function rulesetEditor(): TextEditor | undefined {
  return window.visibleTextEditors.find(({ document }) => document.uri.scheme === "ftp-firewall-ruleset");
}

function linksOf({ uri }: TextDocument): Thenable<DocumentLink[]> {
  return commands.executeCommand("vscode.executeLinkProvider", uri, 20);
}

/** What VS Code does with a link that is a command. */
async function follow(link: Uri): Promise<void> {
  assert.equal(link.scheme, "command");
  await commands.executeCommand(link.path, ...JSON.parse(link.query));
}
