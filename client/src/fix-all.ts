import {
  type CodeAction,
  CodeActionKind,
  commands,
  Range,
  type TextDocument,
  window,
  workspace,
} from "vscode";

const FIX_ALL = CodeActionKind.SourceFixAll.append("ftpFirewall");

/** The command "Fix all FTP problems in this file": asks the server for its fix-all action and applies it. */
export async function fixAllInActiveEditor(): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined) {
    void window.showInformationMessage("FTP Firewall: open an iptables or nftables file first.");
    return;
  }
  const action = await findFixAll(document);
  if (action === undefined) {
    void window.showInformationMessage(
      "FTP Firewall: there is no FTP problem in this file that an edit can fix.",
    );
    return;
  }
  if (action.edit !== undefined) await workspace.applyEdit(action.edit);
  if (action.command !== undefined) {
    await commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
  }
}

async function findFixAll(document: TextDocument): Promise<CodeAction | undefined> {
  const everything = new Range(0, 0, document.lineCount, 0);
  const actions = await commands.executeCommand<CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    everything,
    FIX_ALL.value,
    1, // resolve the action, so that it carries its edit
  );
  return actions.find((action) => action.kind !== undefined && FIX_ALL.contains(action.kind));
}
