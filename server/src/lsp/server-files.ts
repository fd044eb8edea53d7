import { serverFilesBeside } from "../daemons/collect.ts";
import type { ConfigFile } from "../service.ts";
import type { Files } from "./files.ts";

/** Configurations include others, which are fetched in rounds. */
const MOST_ROUNDS = 4;

/** The configuration of FTP servers that lies beside a document, as far as it may be read. */
export class ServerFiles {
  /** Also those that are not there: they may come. */
  readonly used = new Set<string>();
  readonly #files: Files;
  readonly #document: string;

  constructor(files: Files, document: string) {
    this.#files = files;
    this.#document = document;
  }

  async beside(rules: readonly string[]): Promise<readonly ConfigFile[]> {
    for (let round = 1; ; round++) {
      const pending = new Set<string>();
      const found = serverFilesBeside(rules, (uri) => this.#read(uri, pending));
      if (pending.size === 0 || round === MOST_ROUNDS) return found;
      await Promise.all([...pending].map((uri) => this.#files.load(uri)));
    }
  }

  #read(uri: string, pending: Set<string>): string | undefined {
    if (!this.#files.mayRead(uri, this.#document)) return undefined;
    this.used.add(uri);
    const known = this.#files.known(uri);
    if (!known) pending.add(uri);
    return known?.text;
  }
}
