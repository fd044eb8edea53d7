import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { StatedSettings } from "../settings.ts";
import { CONFIG_FILE, readConfigText } from "../settings.ts";
import { describeIoError, UsageError } from "./errors.ts";

/** A settings file, and what it states. */
interface Config {
  readonly path: string;
  readonly settings: StatedSettings;
}

/** A host that a settings file lists. */
export interface ListedHost {
  /** The settings file. */
  readonly config: string;
  readonly folder: string;
  /** As written there, in loading order. */
  readonly files: readonly string[];
}

/** Finds and reads the settings file that concerns a ruleset: the nearest, in its folder or one above. */
export class ConfigFinder {
  readonly #stated: string | undefined;
  readonly #files = new Map<string, Config>();
  readonly #folders = new Map<string, Config | undefined>();

  /** `stated`: the file of `--config`, which then counts for all. */
  constructor(stated: string | undefined) {
    this.#stated = stated;
  }

  /** What the settings file for `path` states. Throws UsageError when there is one and it cannot be used. */
  forFile(path: string): StatedSettings {
    return this.#configFor(path)?.settings ?? {};
  }

  /** The hosts of that settings file to which the file belongs. */
  hostsOf(path: string): ListedHost[] {
    const config = this.#configFor(path);
    if (!config) return [];
    const folder = dirname(resolve(config.path));
    return (config.settings.hosts ?? [])
      .filter((files) => files.some((file) => resolve(folder, file) === resolve(path)))
      .map((files) => ({ config: config.path, folder, files }));
  }

  #configFor(path: string): Config | undefined {
    return this.#stated === undefined
      ? this.#forFolder(dirname(resolve(path)))
      : this.#read(this.#stated, true);
  }

  #forFolder(folder: string): Config | undefined {
    if (this.#folders.has(folder)) return this.#folders.get(folder);
    const above = dirname(folder);
    const found =
      this.#read(join(folder, CONFIG_FILE), false) ?? (above === folder ? undefined : this.#forFolder(above));
    this.#folders.set(folder, found);
    return found;
  }

  #read(path: string, required: boolean): Config | undefined {
    const known = this.#files.get(path);
    if (known) return known;
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      if (!required && isAbsent(error)) return undefined;
      throw new UsageError(`${path}: cannot read the settings: ${describeIoError(error)}`);
    }
    const { settings, problems } = readConfigText(text);
    if (problems.length > 0) throw new UsageError(`${path}: ${problems.join("; ")}`);
    const config = { path, settings };
    this.#files.set(path, config);
    return config;
  }
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "ENOENT" || code === "ENOTDIR" || code === "EACCES";
}
