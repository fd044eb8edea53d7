import type { Connection, Diagnostic } from "vscode-languageserver";

/**
 * What the editor is shown for each file. A document's analysis may find something in a file that it includes or in
 * its twin: that is shown there, unless that file is open itself and so has an analysis of its own.
 */
export class Publisher {
  readonly #connection: Pick<Connection, "sendDiagnostics">;
  /** Of each open document: diagnostics by file. */
  readonly #found = new Map<string, ReadonlyMap<string, readonly Diagnostic[]>>();

  constructor(connection: Pick<Connection, "sendDiagnostics">) {
    this.#connection = connection;
  }

  publish(document: string, version: number, files: ReadonlyMap<string, readonly Diagnostic[]>): void {
    const before = this.#found.get(document);
    this.#found.set(document, files);
    const own = [...(files.get(document) ?? [])];
    void this.#connection.sendDiagnostics({ uri: document, version, diagnostics: own });
    for (const file of new Set([...(before?.keys() ?? []), ...files.keys()])) {
      if (file !== document) this.#show(file);
    }
  }

  /** The document was closed. */
  clear(document: string): void {
    const before = this.#found.get(document);
    this.#found.delete(document);
    for (const file of new Set([document, ...(before?.keys() ?? [])])) this.#show(file);
  }

  #show(file: string): void {
    if (this.#found.has(file)) return;
    const seen = new Map<string, Diagnostic>();
    for (const files of this.#found.values()) {
      for (const one of files.get(file) ?? [])
        seen.set(JSON.stringify([one.code, one.range, one.message]), one);
    }
    void this.#connection.sendDiagnostics({ uri: file, diagnostics: [...seen.values()] });
  }
}
