import * as assert from "node:assert/strict";
import { commands, type Diagnostic, TabInputText, type TabInputWebview, Uri, window } from "vscode";
import { closeAll, codeOf, ftpProblems, hoverText, openExample, rangeOf, until } from "./editor.ts";

describe("the checks' pages", () => {
  afterEach(async () => {
    await commands.executeCommand("workbench.action.closeAllEditors");
    await closeAll();
  });

  it("are opened by the code of a diagnostic", async () => {
    const document = await openExample("server/broken/rules.v4");
    const [problem] = await until("a warning", () => nonEmpty(ftpProblems(document)));
    // As VS Code does with a link that is no web address: in the tab that is only for looking.
    await window.showTextDocument(document, { preview: true });
    await commands.executeCommand("vscode.open", linkOf(problem!));
    await until("the page", () => previews().includes(`${codeOf(problem!)}.md`));
    await until("the rules beside it", () => textTabs().join() === document.uri.toString());
    await commands.executeCommand("vscode.open", Uri.parse("ftp-firewall:/passive-data-blocked.md"));
    await until("the next page in its place", () => previews().join() === "passive-data-blocked.md");
    assert.equal(window.tabGroups.all.length, 2);
  });

  it("are linked to in the hover about FTP", async () => {
    const document = await openExample("server/broken/rules.v4");
    const [problem] = await until("a warning", () => nonEmpty(ftpProblems(document)));
    const port = rangeOf(document, "21", document.offsetAt(problem!.range.start));
    const text = await hoverText(document, port.start);
    const [, address] = /\[passive mode\]\((.*?)\)/.exec(text) ?? [];
    assert.ok(address, text);
    await follow(Uri.parse(address));
    await until("the page", () => previews().includes("passive-data-blocked.md"));
  });

  it("are listed by the command", async () => {
    const picked = commands.executeCommand("ftpFirewall.explainCheck");
    // Until the list is there, accepting does nothing.
    await until("the first page of the list", () => {
      void commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return previews().includes("active-data-blocked.md");
    });
    await picked;
  });

  it("explain what does not load, too", async () => {
    await commands.executeCommand("ftpFirewall.explainCheck", "undefined-chain");
    await until("the page", () => previews().includes("load-errors.md"));
  });
});

/** The pages that are shown as Markdown previews, by the names of their files. */
function previews(): string[] {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => (input as TabInputWebview | undefined)?.viewType?.includes("markdown.preview"))
    .map(({ label }) => label.replace(/^.* /, ""));
}

/** The addresses of what is open as text. */
function textTabs(): string[] {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) => (input instanceof TabInputText ? [input.uri.toString()] : []));
}

function linkOf({ code }: Diagnostic): Uri {
  assert.ok(typeof code === "object" && code.target, "the code is no link");
  return code.target;
}

/** What VS Code does with a link that is a command. */
async function follow(link: Uri): Promise<void> {
  assert.equal(link.scheme, "command");
  await commands.executeCommand(link.path, ...JSON.parse(link.query));
}

function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
