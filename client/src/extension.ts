import { commands, type ExtensionContext, workspace } from "vscode";
import { registerPages } from "./explain.ts";
import { fixAllInActiveEditor } from "./fix-all.ts";
import { registerRuleset } from "./ruleset.ts";
import { ServerSwitch } from "./server-switch.ts";

/** What `activate` gives to other extensions and to the tests. */
export interface FtpFirewallApi {
  /** Whether a language server runs now. */
  serverRunning(): boolean;
  /** Whether a language server has been asked for; false means that no process was ever started. */
  serverWanted(): boolean;
  /** Milliseconds that `activate` took, without the start of the server, which it does not wait for. */
  readonly activationMilliseconds: number;
}

let server: ServerSwitch | undefined;

/** Wakes the extension; a language server starts only if an open document concerns a firewall, now or later. */
export function activate(context: ExtensionContext): FtpFirewallApi {
  const begin = performance.now();
  const starter = new ServerSwitch(context);
  server = starter;
  context.subscriptions.push(
    commands.registerCommand("ftpFirewall.restartServer", () => starter.restart()),
    commands.registerCommand("ftpFirewall.fixAll", fixAllInActiveEditor),
    ...registerPages(context.extensionUri),
    ...registerRuleset(starter),
    workspace.onDidOpenTextDocument((document) => starter.consider(document)),
    workspace.onDidChangeTextDocument((change) => starter.consider(change.document)),
  );
  for (const document of workspace.textDocuments) void starter.consider(document);
  return {
    serverRunning: () => starter.running,
    serverWanted: () => starter.wanted,
    activationMilliseconds: performance.now() - begin,
  };
}

/** Ends the language server with the extension. */
export function deactivate(): Promise<void> | undefined {
  return server?.dispose();
}
