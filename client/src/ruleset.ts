import {
  commands,
  type Disposable,
  type DocumentLink,
  EventEmitter,
  type LocationLink,
  languages,
  Range,
  type TextDocument,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import type { ExpandResult } from "../../server/src/lsp/expand.ts";
import { needsServer } from "./relevance.ts";
import { RulesetFollower } from "./ruleset-follower.ts";

/** The command that shows what the tools would print once the active file is loaded. */
export const SHOW_RULESET_COMMAND = "ftpFirewall.showRuleset";

/** Not in the manifest: where the links of such a document lead; its argument is a Location of the language server. */
const REVEAL_COMMAND = "ftpFirewall.revealOrigin";

/** The documents that it shows: read-only, and no business of the language server. */
export const RULESET_SCHEME = "ftp-firewall-ruleset";

/** True while the active file is one whose ruleset can be shown; a script only where it calls a firewall command. */
const FIREWALL_CONTEXT = "ftpFirewall.activeIsFirewall";

/** After a change that may concern the shown rulesets they wait so long for another one. */
const AFTER_CHANGE = 150;

/** A place as the language server gives it. */
type Place = ExpandResult["links"][number]["location"];

/** The part of the language server that this needs. */
export interface RulesetServer {
  /** Starts it if this document is a reason to. */
  consider(document: TextDocument): Promise<void>;
  /** Undefined while it does not run. */
  request<Result>(method: string, params: unknown): Promise<Result | undefined>;
}

/** Registers the command and what makes its documents live: content, links, definitions, the marked lines. */
export function registerRuleset(server: RulesetServer): Disposable[] {
  const rulesets = new Rulesets(server);
  const follower = new RulesetFollower((uri) => rulesets.result(uri));
  const selector = { scheme: RULESET_SCHEME };
  void tellContext();
  return [
    rulesets.changed,
    follower,
    commands.registerCommand(SHOW_RULESET_COMMAND, (uri) => rulesets.show(uri)),
    commands.registerCommand(REVEAL_COMMAND, reveal),
    workspace.registerTextDocumentContentProvider(RULESET_SCHEME, {
      onDidChange: rulesets.changed.event,
      provideTextDocumentContent: (uri) => rulesets.textOf(uri),
    }),
    languages.registerDefinitionProvider(selector, {
      provideDefinition: (document, { line }) => rulesets.definition(document, line),
    }),
    languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: ({ uri }) => rulesets.links(uri),
    }),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme === RULESET_SCHEME) follower.refresh();
      else rulesets.refreshSoon();
    }),
    // A change of its language is reported as closing and opening it.
    workspace.onDidCloseTextDocument(({ uri, isClosed }) => isClosed && rulesets.forget(uri)),
    window.onDidChangeActiveTextEditor(() => void tellContext()),
    workspace.onDidOpenTextDocument(() => void tellContext()),
  ];
}

/** For the button above the editor, which is not to be there for every shell script. */
async function tellContext(): Promise<void> {
  const document = window.activeTextEditor?.document;
  const isOurs = document !== undefined && document.uri.scheme !== RULESET_SCHEME && needsServer(document);
  await commands.executeCommand("setContext", FIREWALL_CONTEXT, isOurs);
}

class Rulesets {
  readonly changed = new EventEmitter<Uri>();
  readonly #server: RulesetServer;
  /** By the shown documents' addresses. */
  readonly #results = new Map<string, ExpandResult>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(server: RulesetServer) {
    this.#server = server;
  }

  /** What a shown document was made of. */
  result(uri: Uri): ExpandResult | undefined {
    return this.#results.get(uri.toString());
  }

  /** Beside the file, which keeps the cursor. `given`: what VS Code's menus name. */
  async show(given: unknown): Promise<void> {
    const uri = given instanceof Uri ? given : window.activeTextEditor?.document.uri;
    if (uri?.scheme === RULESET_SCHEME) return;
    const source = uri && (await workspace.openTextDocument(uri));
    if (source === undefined || !needsServer(source)) {
      const what = "an nftables or iptables file, or a script that calls iptables or nft";
      void window.showInformationMessage(`FTP Firewall: open ${what} first.`);
      return;
    }
    await this.#server.consider(source);
    const document = await workspace.openTextDocument(rulesetUri(source.uri));
    const language = this.result(document.uri)?.language;
    const shown = language ? await languages.setTextDocumentLanguage(document, language) : document;
    const viewColumn = columnOf(shown.uri) ?? ViewColumn.Beside;
    await window.showTextDocument(shown, { viewColumn, preserveFocus: true });
  }

  async textOf(uri: Uri): Promise<string> {
    const result = await this.#ask(Uri.parse(uri.query));
    if (result) this.#results.set(uri.toString(), result);
    return this.result(uri)?.text ?? "# The language server does not run, or the file is no firewall.\n";
  }

  async #ask(source: Uri): Promise<ExpandResult | undefined> {
    try {
      // The language server knows only open documents; a closed one is opened without being shown.
      if (source.scheme !== "untitled") await workspace.openTextDocument(source);
      const textDocument = { uri: source.toString() };
      const result = await this.#server.request<ExpandResult | null>("ftp-firewall/expand", { textDocument });
      return result ?? undefined;
    } catch {
      // The file is gone, or the server is: what was shown last stays.
      return undefined;
    }
  }

  /** The files of a host concern each other's rulesets: all that are shown are asked for again. */
  refreshSoon(): void {
    void clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void tellContext();
      for (const { uri } of workspace.textDocuments) {
        if (uri.scheme === RULESET_SCHEME) this.changed.fire(uri);
      }
    }, AFTER_CHANGE);
  }

  forget(uri: Uri): void {
    this.#results.delete(uri.toString());
  }

  definition(document: TextDocument, line: number): LocationLink[] {
    const found = this.result(document.uri)?.origins.find((origin) => origin.line === line);
    if (!found) return [];
    const targetRange = rangeOf(found.location);
    const targetUri = Uri.parse(found.location.uri);
    const originSelectionRange = document.lineAt(line).range;
    return [{ targetUri, targetRange, targetSelectionRange: targetRange, originSelectionRange }];
  }

  links(uri: Uri): DocumentLink[] {
    const links = this.result(uri)?.links ?? [];
    return links.map(({ range: { start, end }, location }) => {
      const target = Uri.parse(`command:${REVEAL_COMMAND}`).with({ query: JSON.stringify([location]) });
      const range = new Range(start.line, start.character, end.line, end.character);
      return { range, target, tooltip: "Show where this was written" };
    });
  }
}

/** The name is what the tab shows; it must not end in what would make it a script again. */
function rulesetUri(source: Uri): Uri {
  const name = source.path.slice(source.path.lastIndexOf("/") + 1);
  return Uri.from({ scheme: RULESET_SCHEME, path: `/${name} → ruleset`, query: source.toString() });
}

/** Where the file is open already, else in the first column: the ruleset stays where it is. */
async function reveal(place: Place): Promise<void> {
  const uri = Uri.parse(place.uri);
  await window.showTextDocument(uri, {
    viewColumn: columnOf(uri) ?? ViewColumn.One,
    selection: rangeOf(place),
    preview: false,
  });
}

function columnOf(uri: Uri): ViewColumn | undefined {
  const isIn = (input: unknown) =>
    typeof input === "object" && input !== null && "uri" in input && String(input.uri) === uri.toString();
  return window.tabGroups.all.find(({ tabs }) => tabs.some(({ input }) => isIn(input)))?.viewColumn;
}

function rangeOf({ range: { start, end } }: Place): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
