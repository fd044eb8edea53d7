import { type Connection, MessageType } from "vscode-languageserver";
import { URI, Utils } from "vscode-uri";
import type { Settings } from "../service.ts";
import { CONFIG_FILE, mergeSettings, readConfigText, readSettings } from "../settings.ts";
import type { Files } from "./files.ts";
import { showMessage } from "./message.ts";

const SECTION = "ftpFirewall";

/** The settings for each document: the editor's, and above them what the workspace's .ftp-firewall.json states. */
export class SettingsStore {
  readonly #connection: Connection;
  readonly #files: Files;
  readonly #stated = new Map<string, Promise<unknown>>();
  #complaint = "";
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
  }

  /** Settings for a document, and the files they depend on. What is wrong in them is said once. */
  async forDocument(uri: string): Promise<{ settings: Settings; files: readonly string[] }> {
    const editor = readSettings(await this.#editorSettings(uri), `${SECTION}.`);
    const config = await this.#nearestConfig(uri);
    const { settings, problems } = config.text === undefined ? NOTHING : readConfigText(config.text);
    this.#complain([...editor.problems, ...problems.map((problem) => `${CONFIG_FILE}: ${problem}`)]);
    return { settings: mergeSettings(editor.settings, settings), files: config.looked };
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
  async #nearestConfig(uri: string): Promise<{ text?: string; looked: string[] }> {
    const looked: string[] = [];
    const document = URI.parse(uri);
    if (document.scheme === "untitled") return { looked };
    const top = this.#files.workspaceOf(uri);
    let folder = Utils.dirname(document);
    for (let depth = 0; depth < DEEPEST_FOLDER; depth++) {
      const config = Utils.joinPath(folder, CONFIG_FILE).toString();
      looked.push(config);
      const text = await this.#files.text(config);
      if (text !== undefined) return { text, looked };
      if (top === undefined || folder.toString() === top) break;
      folder = Utils.dirname(folder);
    }
    return { looked };
  }

  #complain(problems: readonly string[]): void {
    const complaint = problems.join("; ");
    if (complaint === this.#complaint) return;
    this.#complaint = complaint;
    if (complaint !== "") {
      const message = `FTP Firewall: ${complaint}. The default is used instead.`;
      showMessage(this.#connection, MessageType.Warning, message);
    }
  }
}

const NOTHING = { settings: {}, problems: [] } as const;
const DEEPEST_FOLDER = 40;
