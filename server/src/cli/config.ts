import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Settings } from "../service.ts";
import { CONFIG_FILE, readConfigText } from "../settings.ts";
import { describeIoError, UsageError } from "./errors.ts";

/** Finds and reads the settings file that concerns a ruleset: the nearest, in its folder or one above. */
export class ConfigFinder {
  readonly #stated: string | undefined;
  readonly #folders = new Map<string, Partial<Settings>>();

  /** `stated`: the file of `--config`, which then counts for all. */
  constructor(stated: string | undefined) {
    this.#stated = stated;
  }

  /** What the settings file for `path` states. Throws UsageError when there is one and it cannot be used. */
  forFile(path: string): Partial<Settings> {
    if (this.#stated !== undefined) return this.#read(this.#stated, true) ?? {};
    return this.#forFolder(dirname(resolve(path)));
  }

  #forFolder(folder: string): Partial<Settings> {
    const known = this.#folders.get(folder);
    if (known) return known;
    const above = dirname(folder);
    const found =
      this.#read(join(folder, CONFIG_FILE), false) ?? (above === folder ? {} : this.#forFolder(above));
    this.#folders.set(folder, found);
    return found;
  }

  #read(path: string, required: boolean): Partial<Settings> | undefined {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      if (!required && isAbsent(error)) return undefined;
      throw new UsageError(`${path}: cannot read the settings: ${describeIoError(error)}`);
    }
    const { settings, problems } = readConfigText(text);
    if (problems.length > 0) throw new UsageError(`${path}: ${problems.join("; ")}`);
    return settings;
  }
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "ENOENT" || code === "ENOTDIR" || code === "EACCES";
}
