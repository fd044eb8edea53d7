import { URI, Utils } from "vscode-uri";
import type { Included, Snapshot } from "../convert/host.ts";

/** What a server's surroundings can do for it: Node's differ from a web worker's. */
export interface Runtime {
  /** A file's text; undefined when there is none or it may not be read. */
  readFile(uri: string): Promise<string | undefined>;
}

/** Documents that are open in the editor: their text goes before that on the disk. */
export interface OpenTexts {
  text(uri: string): string | undefined;
}

/** Files beside the open documents, read once and remembered until they change. */
export class Files {
  readonly #runtime: Runtime;
  readonly #open: OpenTexts;
  readonly #read = new Map<string, { readonly text: string | undefined }>();
  readonly #reading = new Map<string, Promise<void>>();
  #workspace: readonly string[] = [];

  constructor(runtime: Runtime, open: OpenTexts) {
    this.#runtime = runtime;
    this.#open = open;
  }

  set workspaceFolders(uris: readonly string[]) {
    this.#workspace = uris.map((uri) => uri.replace(/\/$/, ""));
  }

  /** The text as far as it is known already. */
  known(uri: string): { readonly text: string | undefined } | undefined {
    const open = this.#open.text(uri);
    return open === undefined ? this.#read.get(uri) : { text: open };
  }

  /** The text, read from the disk if need be; undefined when there is none. */
  async text(uri: string): Promise<string | undefined> {
    await this.load(uri);
    return this.known(uri)?.text;
  }

  /** Reads a file unless it is known. Never rejects: what cannot be read is missing. */
  load(uri: string): Promise<void> {
    if (this.known(uri)) return Promise.resolve();
    let reading = this.#reading.get(uri);
    if (!reading) {
      const keep = (text: string | undefined) => {
        if (this.#reading.get(uri) !== reading) return;
        this.#reading.delete(uri);
        this.#read.set(uri, { text });
      };
      reading = this.#runtime.readFile(uri).then(keep, () => keep(undefined));
      this.#reading.set(uri, reading);
    }
    return reading;
  }

  /** The file on the disk is another one now. */
  forget(uri: string): void {
    this.#read.delete(uri);
    this.#reading.delete(uri);
  }

  /** The workspace folder that a document lies in: the innermost. */
  workspaceOf(uri: string): string | undefined {
    const around = this.#workspace.filter((folder) => uri.startsWith(`${folder}/`));
    return around.sort((a, b) => b.length - a.length)[0];
  }

  /** Only the workspace and what lies beside or below the document may be read. */
  mayRead(uri: string, document: string): boolean {
    const folders = [...this.#workspace, Utils.dirname(URI.parse(document)).toString()];
    return folders.some((folder) => uri.startsWith(folder.endsWith("/") ? folder : `${folder}/`));
  }
}

/** What one analysis of a document may read; remembers what it used and what was not there yet. */
export class DocumentSnapshot implements Snapshot {
  readonly used = new Set<string>();
  readonly pending = new Set<string>();
  readonly #files: Files;
  readonly #document: string;

  constructor(files: Files, document: string) {
    this.#files = files;
    this.#document = document;
  }

  read(path: string, from: string): Included {
    const base = URI.parse(from);
    if (base.scheme === "untitled") return "missing";
    const uri = Utils.resolvePath(Utils.dirname(base), path).toString();
    if (!this.#files.mayRead(uri, this.#document)) return "missing";
    this.used.add(uri);
    const known = this.#files.known(uri);
    if (!known) {
      this.pending.add(uri);
      return "pending";
    }
    return known.text === undefined ? "missing" : { path: uri, text: known.text };
  }

  /** Fetches what the analysis asked for in vain. */
  async fetch(): Promise<void> {
    await Promise.all([...this.pending].map((uri) => this.#files.load(uri)));
    this.pending.clear();
  }
}
