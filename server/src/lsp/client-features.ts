import type { ClientCapabilities } from "vscode-languageserver";

/** What the editor can do, as far as the server's answers depend on it. */
export interface ClientFeatures {
  readonly configuration: boolean;
  readonly configurationEvents: boolean;
  readonly workspaceFolders: boolean;
  readonly fileEvents: boolean;
  readonly versionedEdits: boolean;
  /** Edits can have parts that the user is to replace. */
  readonly snippetEdits: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescriptions: boolean;
  readonly disabledActions: boolean;
  readonly resolvesEdits: boolean;
}

export function clientFeatures({ workspace, textDocument }: ClientCapabilities): ClientFeatures {
  const { codeAction, publishDiagnostics } = textDocument ?? {};
  return {
    configuration: workspace?.configuration ?? false,
    configurationEvents: workspace?.didChangeConfiguration?.dynamicRegistration ?? false,
    workspaceFolders: workspace?.workspaceFolders ?? false,
    fileEvents: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
    versionedEdits: workspace?.workspaceEdit?.documentChanges ?? false,
    snippetEdits: workspace?.workspaceEdit?.snippetEditSupport ?? false,
    relatedInformation: publishDiagnostics?.relatedInformation ?? false,
    codeDescriptions: publishDiagnostics?.codeDescriptionSupport ?? false,
    disabledActions: codeAction?.disabledSupport ?? false,
    resolvesEdits: codeAction?.resolveSupport?.properties.includes("edit") ?? false,
  };
}
