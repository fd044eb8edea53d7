import type {
  CodeAction,
  CodeActionParams,
  Connection,
  InitializeParams,
  InitializeResult,
} from "vscode-languageserver";
import {
  CodeActionKind,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  MessageType,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { CONFIG_FILE } from "../settings.ts";
import { Analyses } from "./analyses.ts";
import type { ClientFeatures } from "./client-features.ts";
import { clientFeatures } from "./client-features.ts";
import { CodeActions, FIX_ALL_KIND, isFixAllData, SHOW_NOTE } from "./code-actions.ts";
import { diagnosticsByFile } from "./diagnostics.ts";
import { type Documentation, readInitializationOptions } from "./documentation.ts";
import type { ExpandParams } from "./expand.ts";
import { EXPAND_REQUEST, expandResult } from "./expand.ts";
import type { Runtime } from "./files.ts";
import { Files } from "./files.ts";
import { guarded } from "./guard.ts";
import { hoverAt } from "./hover.ts";
import { showMessage } from "./message.ts";
import { Notes } from "./notes.ts";
import { Publisher } from "./publisher.ts";
import { Schedule } from "./schedule.ts";
import { SettingsStore } from "./settings-store.ts";

/** After a change the editor waits so long for another one. */
const AFTER_CHANGE = 80;
/** Documents that only depend on the changed one can wait a little longer. */
const AFTER_OTHERS_CHANGE = 400;

/** Serves one editor over `connection` until it is closed. The same for every runtime: Node and web workers. */
export function startServer(connection: Connection, runtime: Runtime): void {
  new Server(connection, runtime).listen();
}

class Server {
  readonly #connection: Connection;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #files: Files;
  readonly #settings: SettingsStore;
  readonly #analyses: Analyses;
  readonly #publisher: Publisher;
  readonly #schedule: Schedule;
  readonly #opening = new Set<string>();
  readonly #notes = new Notes();
  #features: ClientFeatures = clientFeatures({});
  #pages: Documentation = {};
  #actions: CodeActions;

  constructor(connection: Connection, runtime: Runtime) {
    this.#connection = connection;
    this.#files = new Files(runtime, { text: (uri) => this.#documents.get(uri)?.getText() });
    this.#settings = new SettingsStore(connection, this.#files);
    this.#analyses = new Analyses(this.#documents, this.#files, this.#settings);
    this.#publisher = new Publisher(connection);
    this.#schedule = new Schedule(
      guarded(connection.console, "diagnosing", undefined, (uri) => this.#diagnose(uri)),
    );
    this.#actions = this.#createActions();
  }

  listen(): void {
    const { console: log } = this.#connection;
    this.#connection.onInitialize((params) => this.#initialize(params));
    this.#connection.onInitialized(guarded(log, "registering", undefined, () => this.#initialized()));
    this.#connection.onDidChangeConfiguration(({ settings }) => this.#settingsChanged(settings));
    this.#connection.onDidChangeWatchedFiles(({ changes }) =>
      this.#filesChanged(changes.map(({ uri }) => uri)),
    );
    this.#connection.onCodeAction(guarded(log, "code actions", [], (params) => this.#codeActions(params)));
    this.#connection.onCodeActionResolve(async (action) =>
      guarded(log, "resolving a code action", action, (one: CodeAction) => this.#resolve(one))(action),
    );
    this.#connection.onHover(
      guarded(log, "hover", null, async ({ textDocument, position }) => {
        const understood = await this.#analyses.current(textDocument.uri);
        return understood ? hoverAt(understood, position, this.#pages.hoverDocumentation) : null;
      }),
    );
    this.#connection.onRequest(
      EXPAND_REQUEST,
      guarded(log, "expanding", null, async ({ textDocument }: ExpandParams) => {
        const understood = await this.#analyses.current(textDocument.uri);
        return understood ? expandResult(understood) : null;
      }),
    );
    this.#connection.onExecuteCommand(({ command, arguments: given }) => {
      const text = command === SHOW_NOTE ? this.#notes.textOf(given ?? []) : "";
      if (text !== "") showMessage(this.#connection, MessageType.Info, text);
    });
    this.#documents.onDidOpen(({ document }) => this.#opened(document.uri));
    this.#documents.onDidChangeContent(({ document }) => this.#changed(document.uri));
    this.#documents.onDidSave(({ document }) => this.#filesChanged([document.uri]));
    this.#documents.onDidClose(({ document }) => this.#closed(document.uri));
    this.#documents.listen(this.#connection);
    this.#connection.listen();
  }

  #createActions(): CodeActions {
    return new CodeActions(this.#features, this.#pages, (uri) => this.#documents.get(uri)?.version);
  }

  #initialize({ capabilities, workspaceFolders, initializationOptions }: InitializeParams): InitializeResult {
    const { pages, settings } = readInitializationOptions(initializationOptions);
    this.#features = clientFeatures(capabilities);
    this.#pages = pages;
    this.#actions = this.#createActions();
    this.#files.workspaceFolders = (workspaceFolders ?? []).map(({ uri }) => uri);
    this.#settings.asksEditor = this.#features.configuration;
    this.#settings.pushed = settings;
    return {
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        codeActionProvider: {
          codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND],
          resolveProvider: true,
        },
        hoverProvider: true,
        executeCommandProvider: { commands: [SHOW_NOTE] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: "ftp-firewall" },
    };
  }

  async #initialized(): Promise<void> {
    const { client, workspace } = this.#connection;
    if (this.#features.configurationEvents) {
      await client.register(DidChangeConfigurationNotification.type, undefined);
    }
    if (this.#features.fileEvents) {
      const globs = [
        `**/${CONFIG_FILE}`,
        "**/*.{nft,rules,v4,v6,conf,sh}",
        "**/nftables.d/*",
        "**/sysconfig/*tables",
        "**/pure-ftpd/conf/*",
      ];
      const watchers = globs.map((globPattern) => ({ globPattern }));
      await client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (this.#features.workspaceFolders) {
      workspace.onDidChangeWorkspaceFolders(async () => {
        this.#files.workspaceFolders = ((await workspace.getWorkspaceFolders()) ?? []).map(({ uri }) => uri);
        this.#runAgain(this.#documents.keys(), 0);
      });
    }
  }

  #settingsChanged(settings: unknown): void {
    const pushed = typeof settings === "object" && settings !== null && "ftpFirewall" in settings;
    if (pushed) this.#settings.pushed = settings.ftpFirewall;
    this.#settings.forget();
    this.#runAgain(this.#documents.keys(), 0);
  }

  #filesChanged(uris: readonly string[]): void {
    for (const uri of uris) {
      this.#files.forget(uri);
      this.#runAgain(this.#analyses.dependents(uri), 0);
    }
  }

  #opened(uri: string): void {
    this.#opening.add(uri);
    this.#runAgain([uri], 0);
  }

  #changed(uri: string): void {
    // The library reports an opened document as changed, too.
    if (!this.#opening.delete(uri)) this.#runAgain([uri], AFTER_CHANGE);
    this.#runAgain(this.#analyses.dependents(uri), AFTER_OTHERS_CHANGE);
  }

  #closed(uri: string): void {
    this.#schedule.cancel(uri);
    this.#analyses.forget(uri);
    this.#settings.forgetDocument(uri);
    this.#files.forget(uri);
    this.#publisher.clear(uri);
    this.#runAgain(this.#analyses.dependents(uri), AFTER_OTHERS_CHANGE);
  }

  #runAgain(uris: Iterable<string>, delay: number): void {
    for (const uri of [...uris]) {
      this.#analyses.invalidate(uri);
      this.#schedule.run(uri, delay);
    }
  }

  async #diagnose(uri: string): Promise<void> {
    const understood = await this.#analyses.of(uri);
    const document = this.#documents.get(uri);
    if (!document || (understood && understood.version !== document.version)) return;
    if (understood) {
      const { analysis, places, version } = understood;
      if (analysis.incomplete)
        this.#connection.console.info(`${uri}: FTP is not judged: ${analysis.incomplete}`);
      const files = diagnosticsByFile(uri, analysis, places, { ...this.#features, ...this.#pages });
      this.#publisher.publish(uri, version, files);
    } else if (!this.#schedule.isWaiting(uri)) {
      this.#publisher.publish(uri, document.version, new Map());
    }
  }

  async #codeActions(params: CodeActionParams): Promise<CodeAction[]> {
    const understood = await this.#analyses.current(params.textDocument.uri);
    return understood ? this.#actions.forRange(understood, params) : [];
  }

  async #resolve(action: CodeAction): Promise<CodeAction> {
    if (!isFixAllData(action.data)) return action;
    const understood = await this.#analyses.current(action.data.uri);
    if (understood?.version !== action.data.version) return action;
    return this.#actions.withFixAllEdit(action, understood);
  }
}
