import { type ExtensionContext, type LogOutputChannel, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { type Candidate, needsServer } from "./relevance.ts";

/** Starts the language server when the first document needs it, restarts it on request and stops it at the end. */
export class ServerSwitch {
  #context: ExtensionContext;
  #client: LanguageClient | undefined;
  #channel: LogOutputChannel | undefined;
  #lastStep: Promise<void> = Promise.resolve();
  #wanted = false;

  constructor(context: ExtensionContext) {
    this.#context = context;
  }

  /** Whether a server process was started and has not stopped. */
  get running(): boolean {
    return this.#client?.isRunning() ?? false;
  }

  /** Whether a server has been asked for at all; while this is false there is no process. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** Starts the server if this document is a reason to; cheap to call on every change. */
  consider(document: Candidate): Promise<void> {
    if (this.#wanted || !needsServer(document)) return this.#lastStep;
    this.#wanted = true;
    return this.#next(() => this.#start());
  }

  /** Asks the server once it has started; undefined where none runs. */
  async request<Result>(method: string, params: unknown): Promise<Result | undefined> {
    await this.#lastStep;
    return this.running ? this.#client?.sendRequest<Result>(method, params) : undefined;
  }

  /** Stops the server if it runs and starts it again if any open document needs it. */
  restart(): Promise<void> {
    this.#wanted = workspace.textDocuments.some(needsServer);
    return this.#next(async () => {
      await this.#stop();
      if (this.#wanted) await this.#start();
    });
  }

  /** Stops the server for good and waits until its process has been told. */
  dispose(): Promise<void> {
    this.#wanted = true; // nothing starts it again
    return this.#next(async () => {
      await this.#stop();
      this.#channel?.dispose();
    });
  }

  /** One step at a time: a restart during a start waits for it. */
  #next(step: () => Promise<void>): Promise<void> {
    this.#lastStep = this.#lastStep.then(step, step);
    return this.#lastStep;
  }

  async #start(): Promise<void> {
    await new Promise(setImmediate); // the activation ends first: loading the library takes longer than all of it
    const { createChannel, createLanguageClient } = await import("./server-process.ts");
    this.#channel ??= createChannel();
    this.#client = createLanguageClient(this.#context, this.#channel);
    // When a start fails, the client library itself tells the user and writes the reason into the channel.
    await this.#client.start().catch(() => {});
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    try {
      await client?.dispose();
    } catch {
      // The process is gone already: that is what was wanted.
    }
  }
}
