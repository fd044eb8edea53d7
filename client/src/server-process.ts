import * as path from "node:path";
import { type ExtensionContext, type LogOutputChannel, window, workspace } from "vscode";
import type { LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";
// The library is large. This module is a bundle of its own, loaded when a server starts, not when the extension wakes.
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { EXPLAIN_COMMAND, PAGE_ADDRESSES } from "./explain.ts";
import { SERVED_LANGUAGES } from "./relevance.ts";

/**
 * Prepares a language server in a process of its own; nothing runs until its `start()`.
 *
 * @param channel where the server's log goes; it outlives the server
 */
export function createLanguageClient(context: ExtensionContext, channel: LogOutputChannel): LanguageClient {
  return new LanguageClient("ftpFirewall", "FTP Firewall", serverOptions(context), clientOptions(channel));
}

function serverOptions(context: ExtensionContext): ServerOptions {
  const module = context.asAbsolutePath(path.join("dist", "server.cjs"));
  const transport = TransportKind.ipc;
  return {
    run: { module, transport },
    debug: { module, transport, options: { execArgv: ["--nolazy", "--inspect=6009"] } },
  };
}

function clientOptions(channel: LogOutputChannel): LanguageClientOptions {
  return {
    documentSelector: documentSchemes().flatMap((scheme) =>
      SERVED_LANGUAGES.map((language) => ({ scheme, language })),
    ),
    synchronize: { configurationSection: "ftpFirewall" },
    initializationOptions: PAGE_ADDRESSES,
    // Hovers quote the rules, which anybody may have written: no other command can be called from there.
    markdown: { isTrusted: { enabledCommands: [EXPLAIN_COMMAND] } },
    outputChannel: channel,
    diagnosticCollectionName: "ftp-firewall",
  };
}

/** Real documents only: the left side of a Git comparison, for one, would report every problem twice. */
function documentSchemes(): string[] {
  const folders = workspace.workspaceFolders ?? [];
  return [...new Set(["file", "untitled", ...folders.map((folder) => folder.uri.scheme)])];
}

/** Makes the channel that a user finds under View, Output. */
export function createChannel(): LogOutputChannel {
  return window.createOutputChannel("FTP Firewall", { log: true });
}
