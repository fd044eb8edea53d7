import {
  commands,
  type Disposable,
  type DocumentLink,
  EventEmitter,
  type LocationLink,
  languages,
  type Position,
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

/**
 * Shows where something was written, in the editor in which that is open already, as going to a definition would not.
 * Its argument is a Location of the language server; without one the line of the cursor counts.
 */
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
    commands.registerCommand(REVEAL_COMMAND, (place) => rulesets.reveal(place)),
    workspace.registerTextDocumentContentProvider(RULESET_SCHEME, {
      onDidChange: rulesets.changed.event,
      provideTextDocumentContent: (uri) => rulesets.textOf(uri),
    }),
    languages.registerDefinitionProvider(selector, {
      provideDefinition: (document, position) => rulesets.definition(document, position),
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
    await window.showTextDocument(shown, { viewColumn, preserveFocus: true, preview: false });
  }

  async reveal(place: Place | undefined): Promise<void> {
    const wanted = place ?? this.#originAtCursor();
    if (!wanted) return;
    const uri = Uri.parse(wanted.uri);
    // The ruleset stays where it is.
    const viewColumn = columnOf(uri) ?? ViewColumn.One;
    await window.showTextDocument(uri, { viewColumn, selection: rangeOf(wanted), preview: false });
  }

  #originAtCursor(): Place | undefined {
    const editor = window.activeTextEditor;
    return editor && this.#originOf(editor.document.uri, editor.selection.active.line);
  }

  #originOf(ruleset: Uri, line: number): Place | undefined {
    return this.result(ruleset)?.origins.find((origin) => origin.line === line)?.location;
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

  /** Not where a link is, which would be followed as well. */
  definition(document: TextDocument, position: Position): LocationLink[] {
    const { line } = position;
    const found = this.#originOf(document.uri, line);
    if (!found || this.links(document.uri).some(({ range }) => range.contains(position))) return [];
    const targetRange = rangeOf(found);
    const targetUri = Uri.parse(found.uri);
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

function columnOf(uri: Uri): ViewColumn | undefined {
  const isIn = (input: unknown) =>
    typeof input === "object" && input !== null && "uri" in input && String(input.uri) === uri.toString();
  return window.tabGroups.all.find(({ tabs }) => tabs.some(({ input }) => isIn(input)))?.viewColumn;
}

function rangeOf({ range: { start, end } }: Place): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
