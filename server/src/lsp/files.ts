import { URI, Utils } from "vscode-uri";
import type { Included, Snapshot } from "../convert/host.ts";
import { inCopyOfEtc } from "../twins.ts";

/** What a server's surroundings can do for it: Node's differ from a web worker's. */
export interface Runtime {
  /** A file's text; undefined when there is none or it may not be read. */
  readFile(uri: string): Promise<string | undefined>;
  /** The names of the files in a folder; undefined where it cannot be read. */
  listFolder?(uri: string): Promise<readonly string[] | undefined>;
  /** Where a file or folder really lies, once symbolic links are followed; without this method there are none. */
  realUri?(uri: string): Promise<string>;
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
  /** By URIs that end with a slash. */
  readonly #folders = new Map<string, { readonly names: readonly string[] | undefined }>();
  /** Where files and folders really lie, by their URIs without a slash at the end. */
  readonly #real = new Map<string, string>();
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
      reading = Promise.all([this.#runtime.readFile(uri), this.#follow(uri)]).then(
        ([text]) => keep(text),
        () => keep(undefined),
      );
      this.#reading.set(uri, reading);
    }
    return reading;
  }

  /** The file names of a folder as far as they are known already. */
  listed(folder: string): { readonly names: readonly string[] | undefined } | undefined {
    return this.#folders.get(folder);
  }

  /** Lists a folder unless it is known. Never rejects. */
  async loadFolder(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return;
    await this.#follow(folder);
    const names = await this.#runtime.listFolder?.(folder).catch(() => undefined);
    this.#folders.set(folder, { names });
  }

  /** The file on the disk is another one now, or came, or went. */
  forget(uri: string): void {
    this.#read.delete(uri);
    this.#reading.delete(uri);
    this.#real.delete(uri);
    this.#folders.delete(uri.slice(0, uri.lastIndexOf("/") + 1));
  }

  /** The workspace folder that a document lies in: the innermost. */
  workspaceOf(uri: string): string | undefined {
    const around = this.#workspace.filter((folder) => uri.startsWith(`${folder}/`));
    return around.sort((a, b) => b.length - a.length)[0];
  }

  /** Only the workspace and what lies beside or below the document may be read. */
  mayRead(uri: string, document: string): boolean {
    return this.#allowed(document).some((folder) => isWithin(uri, folder));
  }

  /** Whether a file or folder that was read lies there really: a symbolic link may lead out. */
  liesInside(uri: string, document: string): boolean {
    const real = this.#real.get(withoutSlash(uri));
    const allowed = this.#allowed(document).map((folder) => this.#real.get(withoutSlash(folder)) ?? folder);
    return real === undefined || allowed.some((folder) => real === folder || isWithin(real, folder));
  }

  /** Finds out where the folders that the document may read from really lie. Never rejects. */
  async followFolders(document: string): Promise<void> {
    await Promise.all(this.#allowed(document).map((folder) => this.#follow(folder)));
  }

  #allowed(document: string): string[] {
    return [...this.#workspace, Utils.dirname(URI.parse(document)).toString()];
  }

  async #follow(uri: string): Promise<void> {
    const name = withoutSlash(uri);
    if (this.#real.has(name)) return;
    const real = await this.#runtime.realUri?.(name).catch(() => undefined);
    if (real !== undefined) this.#real.set(name, real);
  }
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/$/, "");
}

function isWithin(uri: string, folder: string): boolean {
  return uri.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
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
    for (const uri of this.#candidates(path, from)) {
      this.used.add(uri);
      const known = this.#files.known(uri);
      if (!known) {
        this.pending.add(uri);
        return "pending";
      }
      if (known.text !== undefined && this.#files.liesInside(uri, this.#document))
        return { path: uri, text: known.text };
    }
    return "missing";
  }

  list(folder: string, from: string): readonly string[] | "missing" | "pending" {
    for (const candidate of this.#candidates(folder, from)) {
      const uri = candidate.endsWith("/") ? candidate : `${candidate}/`;
      this.used.add(uri);
      const listed = this.#files.listed(uri);
      if (!listed) {
        this.pending.add(uri);
        return "pending";
      }
      if (listed.names && this.#files.liesInside(uri, this.#document)) return listed.names;
    }
    return "missing";
  }

  #candidates(path: string, from: string): string[] {
    const base = URI.parse(from);
    if (base.scheme === "untitled") return [];
    const uris = [path, ...inCopyOfEtc(path, base.path)].map((one) =>
      Utils.resolvePath(Utils.dirname(base), one).toString(),
    );
    return uris.filter((uri) => this.#files.mayRead(uri, this.#document));
  }

  /** Fetches what the analysis asked for in vain. */
  async fetch(): Promise<void> {
    const load = (uri: string) => (uri.endsWith("/") ? this.#files.loadFolder(uri) : this.#files.load(uri));
    await Promise.all([...this.pending].map(load));
    this.pending.clear();
  }
}
