import type { TextDocument } from "vscode-languageserver-textdocument";
import { BudgetExceeded } from "../netfilter/budget.ts";
import type { Analysis, SourceFile } from "../service.ts";
import { Service } from "../service.ts";
import { DocumentSnapshot, type Files } from "./files.ts";
import { Places } from "./places.ts";
import { ServerFiles } from "./server-files.ts";
import type { HostFile, SettingsStore } from "./settings-store.ts";
import { closedFile, mainUris, sourceFile, twinUri } from "./source-files.ts";

/** An open document, understood. */
export interface Understood {
  readonly uri: string;
  readonly version: number;
  readonly service: Service;
  readonly analysis: Analysis;
  readonly places: Places;
}

interface Entry {
  /** Each document has its own: it remembers the parsed statements of one file. */
  readonly service: Service;
  /** Goes up whenever something that the analysis rests on changed. */
  generation: number;
  latest?: { readonly generation: number; readonly result: Promise<Understood | undefined> };
  uses: ReadonlySet<string>;
}

/** Includes can lead to includes; after so many rounds the rest stays unknown. */
const MOST_ROUNDS = 12;

/** Keeps one analysis for each open document and makes a new one when it is asked for and out of date. */
export class Analyses {
  readonly #documents: { get(uri: string): TextDocument | undefined };
  readonly #files: Files;
  readonly #settings: SettingsStore;
  readonly #entries = new Map<string, Entry>();

  constructor(
    documents: { get(uri: string): TextDocument | undefined },
    files: Files,
    settings: SettingsStore,
  ) {
    this.#documents = documents;
    this.#files = files;
    this.#settings = settings;
  }

  /** What the document's analysis rests on has changed. */
  invalidate(uri: string): void {
    const entry = this.#entries.get(uri);
    if (entry) entry.generation++;
  }

  forget(uri: string): void {
    this.invalidate(uri);
    this.#entries.delete(uri);
  }

  /** The open documents whose analysis used this file, or looked what there is in its folder. */
  dependents(file: string): string[] {
    const folder = file.slice(0, file.lastIndexOf("/") + 1);
    return [...this.#entries]
      .filter(([uri, { uses }]) => uri !== file && (uses.has(file) || uses.has(folder)))
      .map(([uri]) => uri);
  }

  /**
   * The analysis of the document as it is now; undefined for what is no firewall file, and when the document
   * changed or went away before it was ready. Never rejects with anything but a defect.
   */
  of(uri: string): Promise<Understood | undefined> {
    const document = this.#documents.get(uri);
    if (!document) return Promise.resolve(undefined);
    let entry = this.#entries.get(uri);
    if (!entry) {
      entry = { service: new Service(), generation: 0, uses: new Set() };
      this.#entries.set(uri, entry);
    }
    if (entry.latest?.generation !== entry.generation) {
      entry.latest = { generation: entry.generation, result: this.#analyse(document, entry) };
    }
    return entry.latest.result;
  }

  /** As `of`, but waits for the newest analysis while changes go on making others obsolete. */
  async current(uri: string): Promise<Understood | undefined> {
    for (;;) {
      const before = this.#entries.get(uri)?.generation;
      const understood = await this.of(uri);
      const after = this.#entries.get(uri)?.generation;
      if (understood || after === undefined || before === undefined || after === before) return understood;
    }
  }

  async #analyse(document: TextDocument, entry: Entry): Promise<Understood | undefined> {
    const { uri, version } = document;
    const { generation, service } = entry;
    const obsolete = () => entry.generation !== generation || document.version !== version;
    const own = sourceFile(document);
    if (!own) return undefined;
    const { settings, files: settingsFiles, host } = await this.#settings.forDocument(uri);
    await this.#files.followFolders(uri);
    const snapshot = new DocumentSnapshot(this.#files, uri);
    const { sources, looked } = host
      ? this.#listedHost(own, host)
      : await this.#usualHost(own, service, snapshot, obsolete);
    const configs = new ServerFiles(this.#files, uri);
    const serverFiles = await configs.beside([...new Set([...sources.map(({ path }) => path), uri])]);
    if (obsolete()) return undefined;
    for (let round = 1; ; round++) {
      const analysis = tryAnalyse(service, sources, { settings, snapshot, serverFiles, cancelled: obsolete });
      entry.uses = new Set([...settingsFiles, ...looked, ...configs.used, ...snapshot.used]);
      if (!analysis) return undefined;
      if (snapshot.pending.size === 0 || round === MOST_ROUNDS) {
        return { uri, version, service, analysis, places: new Places(analysis, this.#files) };
      }
      await snapshot.fetch();
      if (obsolete()) return undefined;
    }
  }

  /** The host that the settings list. */
  #listedHost(own: SourceFile, files: readonly HostFile[]): HostSources {
    const sources = files.flatMap(({ uri, text }) => {
      const file = uri === own.path ? own : this.#sourceFile(uri, text);
      return file ? [file] : [];
    });
    return { sources, looked: files.map(({ uri }) => uri) };
  }

  /** The file with its twin, or the file that is loaded at boot and includes it. */
  async #usualHost(
    own: SourceFile,
    service: Service,
    snapshot: DocumentSnapshot,
    obsolete: () => boolean,
  ): Promise<HostSources> {
    const twinAt = twinUri(own);
    const looked = [...mainUris(own), ...(twinAt === undefined ? [] : [twinAt])].filter((uri) =>
      this.#files.mayRead(uri, own.path),
    );
    for (const uri of looked) {
      const other = this.#sourceFile(uri, await this.#files.text(uri));
      if (obsolete()) break;
      if (other?.dialect !== own.dialect) continue;
      if (uri === twinAt) return { sources: [own, other], looked };
      if (await includes(service, other, own.path, snapshot)) {
        const { host, files } = await this.#settings.forDocument(uri);
        if (!host) return { sources: [other], looked };
        const listed = this.#listedHost(own, host);
        return { sources: listed.sources, looked: [...looked, ...files, ...listed.looked] };
      }
    }
    return { sources: [own], looked };
  }

  #sourceFile(uri: string, text: string | undefined): SourceFile | undefined {
    const document = this.#documents.get(uri);
    if (document) return sourceFile(document);
    return text === undefined ? undefined : closedFile(uri, text);
  }
}

/** The files of a document's host, and all that it could have. */
interface HostSources {
  readonly sources: readonly SourceFile[];
  readonly looked: readonly string[];
}

/** Whether a file includes another, directly or not. */
async function includes(
  service: Service,
  file: SourceFile,
  other: string,
  snapshot: DocumentSnapshot,
): Promise<boolean> {
  for (let round = 1; ; round++) {
    const { included } = service.load([file], snapshot);
    if (included.some(({ source }) => source.path === other)) return true;
    if (snapshot.pending.size === 0 || round === MOST_ROUNDS) return false;
    await snapshot.fetch();
  }
}

function tryAnalyse(service: Service, ...rest: Parameters<Service["analyse"]>): Analysis | undefined {
  try {
    return service.analyse(...rest);
  } catch (error) {
    if (error instanceof BudgetExceeded) return undefined;
    throw error;
  }
}
