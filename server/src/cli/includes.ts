import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import type { Included, Snapshot } from "../convert/host.ts";
import { decodeBytes } from "./bytes.ts";

/** Reads included files from the disk, if they lie beside or below a file that was given, or in the current folder. */
export class DiskSnapshot implements Snapshot {
  readonly #allowed: readonly string[];
  readonly #texts = new Map<string, string | undefined>();

  constructor(given: readonly string[]) {
    this.#allowed = [process.cwd(), ...given.map((path) => dirname(resolve(path)))].map(realPath);
  }

  read(path: string, from: string): Included {
    const candidates = isAbsolute(path) ? [path] : [resolve(dirname(from), path), resolve(path)];
    for (const candidate of candidates) {
      const text = this.#text(candidate);
      if (text !== undefined) return { path: shown(candidate), text };
    }
    return "missing";
  }

  /** The text of a file that `read` gave under this path. */
  textOf(path: string): string | undefined {
    return this.#texts.get(resolve(path));
  }

  #text(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.#readAllowed(path));
    return this.#texts.get(path);
  }

  #readAllowed(path: string): string | undefined {
    try {
      const real = realpathSync(path);
      const readable = this.#allowed.some((folder) => isInside(real, folder)) && statSync(real).isFile();
      return readable ? decodeBytes(readFileSync(real)) : undefined;
    } catch {
      return undefined;
    }
  }
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** As the user would write it: relative below the current folder. */
function shown(path: string): string {
  const short = relative("", path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
