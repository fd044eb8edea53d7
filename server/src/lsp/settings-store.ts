import { type Connection, MessageType } from "vscode-languageserver";
import { URI, Utils } from "vscode-uri";
import type { Settings } from "../service.ts";
import type { ReadSettings, StatedSettings } from "../settings.ts";
import { CONFIG_FILE, mergeSettings, readConfigText, readSettings } from "../settings.ts";
import type { Files } from "./files.ts";
import { showMessage } from "./message.ts";

const SECTION = "ftpFirewall";

export interface DocumentSettings {
  readonly settings: Settings;
  /** Files that they depend on. */
  readonly files: readonly string[];
  /** The files of the host that is listed with the document, itself among them, in loading order. */
  readonly host?: readonly HostFile[];
}

export interface HostFile {
  readonly uri: string;
  /** Undefined where it cannot be read. */
  readonly text: string | undefined;
}

interface ListedHosts {
  readonly hosts: StatedSettings["hosts"];
  /** What their paths are relative to. */
  readonly folder: string | undefined;
  /** Where they are stated, for messages. */
  readonly where: string;
}

/** The settings for each document: the editor's, and above them what the workspace's .ftp-firewall.json states. */
export class SettingsStore {
  readonly #connection: Connection;
  readonly #files: Files;
  readonly #stated = new Map<string, Promise<unknown>>();
  /** What was wrong for each document, said once. */
  readonly #complaints = new Map<string, string>();
  /** For editors that push their settings instead of being asked. */
  pushed: unknown;
  asksEditor = false;

  constructor(connection: Connection, files: Files) {
    this.#connection = connection;
    this.#files = files;
  }

  /** The editor's settings changed. */
  forget(): void {
    this.#stated.clear();
  }

  forgetDocument(uri: string): void {
    this.#stated.delete(uri);
    this.#complaints.delete(uri);
  }

  /** Settings for a document, and the files they depend on. What is wrong in them is said once. */
  async forDocument(uri: string): Promise<DocumentSettings> {
    const editor = readSettings(await this.#editorSettings(uri), `${SECTION}.`);
    const config = await this.#nearestConfig(uri);
    const { settings, problems } = config.text === undefined ? NOTHING : readConfigText(config.text);
    const wrong = [...editor.problems, ...problems.map((problem) => `${CONFIG_FILE}: ${problem}`)];
    const { files, missing } = await this.#hostOf(
      uri,
      settings.hosts
        ? { hosts: settings.hosts, folder: config.folder, where: `${CONFIG_FILE}: ` }
        : { hosts: editor.settings.hosts, folder: this.#files.workspaceOf(uri), where: `${SECTION}.` },
    );
    this.#complain(uri, [
      ...(wrong.length > 0 ? [`${wrong.join("; ")}. The default is used instead.`] : []),
      ...missing.map((one) => `${one}. The rest of the host is judged without it.`),
    ]);
    return { settings: mergeSettings(editor.settings, settings), files: config.looked, host: files };
  }

  /** The files of the host that is listed with a document, and a sentence for each that cannot be had. */
  async #hostOf(
    document: string,
    { hosts, folder, where }: ListedHosts,
  ): Promise<{ files?: readonly HostFile[]; missing: readonly string[] }> {
    if (!hosts || folder === undefined) return { missing: [] };
    const base = URI.parse(folder);
    const uris = (names: readonly string[]) => names.map((name) => Utils.resolvePath(base, name).toString());
    const names = hosts.find((one) => uris(one).includes(document));
    if (!names) return { missing: [] };
    const missing: string[] = [];
    const files: HostFile[] = [];
    for (const [i, uri] of uris(names).entries()) {
      const readable = this.#files.mayRead(uri, document);
      const text = readable ? await this.#files.text(uri) : undefined;
      files.push({ uri, text });
      const why = readable ? "which is not there" : "which lies outside the workspace";
      if (text === undefined) missing.push(`${where}hosts lists ${names[i]}, ${why}`);
    }
    return { files, missing };
  }

  #editorSettings(uri: string): Promise<unknown> {
    if (!this.asksEditor) return Promise.resolve(this.pushed);
    let stated = this.#stated.get(uri);
    if (!stated) {
      stated = this.#connection.workspace
        .getConfiguration({ scopeUri: uri, section: SECTION })
        .catch((error: unknown) => {
          this.#connection.console.error(`The editor's settings cannot be had: ${String(error)}`);
          return undefined;
        });
      this.#stated.set(uri, stated);
    }
    return stated;
  }

  /** Looks in the document's folder and those above it, up to the workspace folder. */
  async #nearestConfig(uri: string): Promise<{ text?: string; folder?: string; looked: string[] }> {
    const looked: string[] = [];
    const document = URI.parse(uri);
    if (document.scheme === "untitled") return { looked };
    const top = this.#files.workspaceOf(uri);
    let folder = Utils.dirname(document);
    for (let depth = 0; depth < DEEPEST_FOLDER; depth++) {
      const config = Utils.joinPath(folder, CONFIG_FILE).toString();
      looked.push(config);
      const text = await this.#files.text(config);
      if (text !== undefined) return { text, folder: folder.toString(), looked };
      if (top === undefined || folder.toString() === top) break;
      folder = Utils.dirname(folder);
    }
    return { looked };
  }

  #complain(uri: string, sentences: readonly string[]): void {
    const complaint = sentences.join(" ");
    const said = [...this.#complaints.values()].includes(complaint);
    this.#complaints.set(uri, complaint);
    if (complaint !== "" && !said) {
      showMessage(this.#connection, MessageType.Warning, `FTP Firewall: ${complaint}`);
    }
  }
}

const NOTHING: ReadSettings = { settings: {}, problems: [] };
const DEEPEST_FOLDER = 40;
