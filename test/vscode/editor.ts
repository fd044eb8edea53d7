import * as assert from "node:assert/strict";
import Mocha from "mocha";
import {
  type CodeAction,
  CodeActionKind,
  commands,
  type Diagnostic,
  extensions,
  type Hover,
  languages,
  type Position,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
} from "vscode";
import type { FtpFirewallApi } from "../../client/src/extension.ts";

/** Prints a measured figure among the results. */
export function note(line: string): void {
  Mocha.reporters.Base.consoleLog(`      ${line}`);
}

/** Whether the extension has been woken. */
export function extensionIsAwake(): boolean {
  return extensions.getExtension("ftp-firewall.ftp-firewall")?.isActive ?? false;
}

/** Wakes the extension, if it still sleeps, and gives what it exports. */
export async function extensionApi(): Promise<FtpFirewallApi> {
  const extension = extensions.getExtension<FtpFirewallApi>("ftp-firewall.ftp-firewall");
  assert.ok(extension, "the extension is not installed in this VS Code");
  return extension.activate();
}

/** Opens a file of examples/ in an editor. */
export async function openExample(path: string): Promise<TextDocument> {
  const folder = workspace.workspaceFolders?.[0];
  assert.ok(folder, "the suite needs examples/ as its workspace");
  const document = await workspace.openTextDocument(Uri.joinPath(folder.uri, path));
  await window.showTextDocument(document);
  return document;
}

/** Waits until `condition` gives something true, and gives that; fails after 30 seconds. */
export async function until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    await sleep(25);
  }
  assert.fail(`waited 30 seconds for ${what}`);
}

/** Waits; only for showing that something does not happen. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const FTP_CODES = ["active-data-blocked", "passive-data-blocked", "helper-not-assigned"];

/** The code of one of our diagnostics, whether or not it carries a link to its page. */
export function codeOf(diagnostic: Diagnostic): string {
  return String(typeof diagnostic.code === "object" ? diagnostic.code.value : diagnostic.code);
}

/** What VS Code shows about FTP in this document now. */
export function ftpProblems(document: TextDocument): Diagnostic[] {
  return languages
    .getDiagnostics(document.uri)
    .filter((diagnostic) => FTP_CODES.includes(codeOf(diagnostic)));
}

/** All texts of the hover at a position, as one. */
export async function hoverText(document: TextDocument, position: Position): Promise<string> {
  const hovers = await commands.executeCommand<Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  return hovers
    .flatMap((hover) => hover.contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .join("\n");
}

/** The quick fix that the light bulb puts first for a problem. */
export async function preferredFix(document: TextDocument, problem: Diagnostic): Promise<CodeAction> {
  const actions = await commands.executeCommand<CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    problem.range,
    CodeActionKind.QuickFix.value,
    100,
  );
  const preferred = actions.find((action) => action.isPreferred && action.edit !== undefined);
  assert.ok(preferred, `no preferred quick fix among: ${actions.map((action) => action.title).join("; ")}`);
  return preferred;
}

/** Gives up all unsaved changes and closes every editor. */
export async function closeAll(): Promise<void> {
  while (window.activeTextEditor !== undefined) {
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
}

/** A range that covers the first occurrence of `text`. */
export function rangeOf(document: TextDocument, text: string, from = 0): Range {
  const offset = document.getText().indexOf(text, from);
  assert.notEqual(offset, -1, `${text} is not in ${document.fileName}`);
  return new Range(document.positionAt(offset), document.positionAt(offset + text.length));
}
