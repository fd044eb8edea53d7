import {
  commands,
  type Disposable,
  type QuickPickItem,
  type Tab,
  TabInputText,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";

/** The command that shows a check's page; its argument is the check's code. */
export const EXPLAIN_COMMAND = "ftpFirewall.explainCheck";

/** The pages as documents of their own: the code of a diagnostic can be a link to a document, but not to a command. */
const PAGE_SCHEME = "ftp-firewall";

/** Where the language server's links to a check's page lead: it puts the code in. */
export const PAGE_ADDRESSES = {
  documentation: `${PAGE_SCHEME}:/{code}.md`,
  // In a hover it is the other way round.
  hoverDocumentation: `command:${EXPLAIN_COMMAND}?%5B%22{code}%22%5D`,
} as const;

/** A line of docs/checks/index.json, which `npm run generate` writes. */
interface Explained {
  readonly code: string;
  readonly severity: string;
  readonly title: string;
  /** Below docs/, perhaps with the heading that explains the code. */
  readonly page: string;
}

/** Serves the checks' pages, which the extension brings along: by the command and by links. */
export function registerPages(extension: Uri): Disposable[] {
  const pages = new Pages(Uri.joinPath(extension, "docs"));
  return [
    commands.registerCommand(EXPLAIN_COMMAND, (code) => pages.explain(code)),
    workspace.registerTextDocumentContentProvider(PAGE_SCHEME, {
      provideTextDocumentContent: (uri) => pages.textOf(codeOf(uri)),
    }),
    window.onDidChangeActiveTextEditor((editor) => {
      if (editor && editor.document.uri.scheme !== PAGE_SCHEME) pages.rules = editor.document.uri;
    }),
    window.tabGroups.onDidChangeTabs(({ opened }) => {
      for (const tab of opened) void pages.showInstead(tab);
    }),
  ];
}

class Pages {
  readonly #docs: Uri;
  /** What was edited last. */
  rules = window.activeTextEditor?.document.uri;

  constructor(docs: Uri) {
    this.#docs = docs;
  }

  /** Shows the page of a check, or of one that is picked from the list of all. */
  async explain(code: unknown): Promise<void> {
    const all = await this.#all();
    const one = all.find((each) => each.code === code) ?? (await pick(all));
    if (one) await this.#showBesideRules(this.#uriOf(one));
  }

  async textOf(code: string): Promise<string> {
    const one = (await this.#all()).find((each) => each.code === code);
    return one ? read(this.#uriOf(one)) : `There is no check ${code}.\n`;
  }

  /** A link was followed: instead of the page's text it is shown as Markdown, beside what was there before. */
  async showInstead(tab: Tab): Promise<void> {
    const { input, group } = tab;
    if (!(input instanceof TabInputText) || input.uri.scheme !== PAGE_SCHEME) return;
    await window.tabGroups.close(tab);
    // A tab that VS Code keeps for looking only (its name is slanted) has given way to the page.
    if (this.rules && !this.#rulesTab) {
      await window.showTextDocument(this.rules, { preview: true, viewColumn: group.viewColumn });
    }
    await this.explain(codeOf(input.uri));
  }

  get #rulesTab(): Tab | undefined {
    const shown = this.rules?.toString();
    return window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(({ input }) => input instanceof TabInputText && input.uri.toString() === shown);
  }

  /** Beside the rules, so that both can be read; as text where VS Code's Markdown preview is switched off. */
  async #showBesideRules(page: Uri): Promise<void> {
    const tab = this.#rulesTab;
    // From the last page, "beside" would be a column more.
    if (this.rules && tab?.isActive) {
      await window.showTextDocument(this.rules, {
        viewColumn: tab.group.viewColumn,
        preview: tab.isPreview,
      });
    }
    try {
      await commands.executeCommand("markdown.showPreviewToSide", page);
    } catch {
      await window.showTextDocument(page.with({ fragment: "" }), { viewColumn: ViewColumn.Beside });
    }
  }

  async #all(): Promise<readonly Explained[]> {
    return JSON.parse(await read(Uri.joinPath(this.#docs, "checks", "index.json")));
  }

  #uriOf({ page }: Explained): Uri {
    const [path = "", fragment = ""] = page.split("#");
    return Uri.joinPath(this.#docs, path).with({ fragment });
  }
}

function codeOf(page: Uri): string {
  return page.path.replace(/^\/|\.md$/g, "");
}

async function read(uri: Uri): Promise<string> {
  return new TextDecoder().decode(await workspace.fs.readFile(uri.with({ fragment: "" })));
}

async function pick(all: readonly Explained[]): Promise<Explained | undefined> {
  const items = all.map((one): QuickPickItem & { one: Explained } => ({
    label: one.code,
    description: one.severity,
    detail: one.title,
    one,
  }));
  const options = { placeHolder: "Which check?", matchOnDetail: true };
  return (await window.showQuickPick(items, options))?.one;
}
