import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type {
  ClientCapabilities,
  CodeAction,
  Diagnostic,
  Hover,
  InitializeResult,
  PublishDiagnosticsParams,
  Range,
  TextDocumentContentChangeEvent,
  WorkspaceEdit,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";

export const serverFile = fileURLToPath(new URL("../../dist/server.cjs", import.meta.url));

/** Long enough for a slow machine; a test that gets here has failed. */
const PATIENCE = 30_000;

const CAPABILITIES: ClientCapabilities = {
  workspace: { configuration: true, workspaceEdit: { documentChanges: true } },
  textDocument: {
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true },
    codeAction: {
      disabledSupport: true,
      resolveSupport: { properties: ["edit"] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source.fixAll"] } },
    },
  },
};

export interface EditorOptions {
  readonly workspace?: string;
  readonly settings?: unknown;
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
}

/** A plain LSP client over standard input and output, as any editor has one. */
export class Editor {
  readonly process: ChildProcess;
  readonly connection: MessageConnection;
  readonly log: string[] = [];
  readonly messages: string[] = [];
  readonly #documents = new Map<string, TextDocument>();
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #listeners = new Set<() => void>();
  settings: unknown;
  initialized!: InitializeResult;

  private constructor({ settings = {} }: EditorOptions) {
    this.settings = settings;
    this.process = spawn(process.execPath, [serverFile, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    this.connection = createMessageConnection(
      new StreamMessageReader(this.process.stdout!),
      new StreamMessageWriter(this.process.stdin!),
    );
    this.connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.#published.set(params.uri, params);
      this.#tell();
    });
    this.connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.log.push(message);
    });
    this.connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
      this.messages.push(message);
      this.#tell();
    });
    this.connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings),
    );
    this.connection.listen();
  }

  static async start(options: EditorOptions = {}): Promise<Editor> {
    const editor = new Editor(options);
    const { workspace, capabilities = CAPABILITIES, initializationOptions } = options;
    editor.initialized = await editor.connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: workspace ?? null,
      workspaceFolders: workspace ? [{ uri: workspace, name: "test" }] : null,
      capabilities,
      initializationOptions,
    });
    await editor.connection.sendNotification("initialized", {});
    return editor;
  }

  /** Ends the server as an editor does; returns its exit status. */
  async stop(): Promise<number | null> {
    const ended = once(this.process, "exit");
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    const [status] = (await ended) as [number | null];
    this.connection.dispose();
    return status;
  }

  async open(uri: string, languageId: string, text: string): Promise<void> {
    this.#documents.set(uri, TextDocument.create(uri, languageId, 1, text));
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  async change(uri: string, ...contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    const document = this.#document(uri);
    const version = document.version + 1;
    TextDocument.update(document, contentChanges, version);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  async close(uri: string): Promise<void> {
    this.#documents.delete(uri);
    await this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  text(uri: string): string {
    return this.#document(uri).getText();
  }

  textIn(uri: string, range: Range): string {
    return this.#document(uri).getText(range);
  }

  /** The diagnostics of the document as it is now, once the server has them. */
  async diagnostics(uri: string): Promise<Diagnostic[]> {
    const { version } = this.#document(uri);
    await this.until(() => this.#published.get(uri)?.version === version, `diagnostics of ${uri}`);
    return this.#published.get(uri)!.diagnostics;
  }

  /** What was published last for a file, open or not. */
  published(uri: string): Diagnostic[] | undefined {
    return this.#published.get(uri)?.diagnostics;
  }

  async hover(uri: string, at: string): Promise<Hover | null> {
    const document = this.#document(uri);
    const offset = document.getText().indexOf(at);
    const position = document.positionAt(offset + Math.floor(at.length / 2));
    return this.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position });
  }

  async codeActions(uri: string, range: Range, only?: string[]): Promise<CodeAction[]> {
    const diagnostics = this.#published.get(uri)?.diagnostics ?? [];
    return this.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri },
      range,
      context: { diagnostics, only },
    });
  }

  async resolve(action: CodeAction): Promise<CodeAction> {
    return this.connection.sendRequest("codeAction/resolve", action);
  }

  /** Applies an edit as an editor does, and refuses one that is for another version of a document. */
  async apply(edit: WorkspaceEdit): Promise<void> {
    for (const change of edit.documentChanges ?? []) {
      if (!("edits" in change)) throw new Error("only text is ever edited");
      const { uri, version } = change.textDocument;
      const document = this.#document(uri);
      if (version !== null && version !== document.version) throw new Error(`edit of version ${version}`);
      const text = TextDocument.applyEdits(document, change.edits as never);
      await this.change(uri, { text });
    }
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return;
    let listener = () => {};
    let died = () => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        listener = () => condition() && resolve();
        this.#listeners.add(listener);
        timer = setTimeout(
          () => reject(new Error(`waited in vain for ${what}\n${this.log.join("\n")}`)),
          PATIENCE,
        );
        died = () => reject(new Error(`the server ended while waiting for ${what}`));
        this.process.once("exit", died);
      });
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(listener);
      this.process.off("exit", died);
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #document(uri: string): TextDocument {
    const document = this.#documents.get(uri);
    if (!document) throw new Error(`${uri} is not open`);
    return document;
  }
}

/** Gives a test an editor that is ended with it. */
export async function withEditor(
  options: EditorOptions,
  action: (editor: Editor) => Promise<void>,
): Promise<void> {
  const editor = await Editor.start(options);
  try {
    await action(editor);
  } catch (error) {
    if (editor.log.length > 0) console.error(`server log:\n${editor.log.join("\n")}`);
    throw error;
  } finally {
    if (editor.process.exitCode === null) await editor.stop();
  }
}
