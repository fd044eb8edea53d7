import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Included, Snapshot } from "../convert/host.ts";
import type { SourceFile } from "../service.ts";
import { inCopyOfEtc } from "../twins.ts";
import { decodeBytes } from "./bytes.ts";

/** Reads included files from the disk, if they lie beside or below a file that was given, or in the current folder. */
export class DiskSnapshot implements Snapshot {
  readonly #allowed: readonly string[];
  /** By their full paths. */
  readonly #given: ReadonlyMap<string, SourceFile>;
  readonly #texts = new Map<string, string | undefined>();

  /** `given`: files whose text is known already. */
  constructor(files: readonly SourceFile[], given: ReadonlyMap<string, SourceFile> = byFullPath(files)) {
    this.#given = given;
    this.#allowed = [process.cwd(), ...files.map(({ path }) => dirname(resolve(path)))].map(realPath);
  }

  read(path: string, from: string): Included {
    for (const candidate of candidates(path, from)) {
      const given = this.#given.get(resolve(candidate));
      if (given) return { path: given.path, text: given.text };
      const text = this.#text(candidate);
      if (text !== undefined) return { path: shown(candidate), text };
    }
    return "missing";
  }

  list(folder: string, from: string): readonly string[] | "missing" {
    for (const candidate of candidates(folder, from)) {
      try {
        const real = realpathSync(candidate);
        if (!this.#allowed.some((one) => real === one || isInside(real, one))) continue;
        return readdirSync(real).filter((name) => statSync(join(real, name)).isFile());
      } catch {}
    }
    return "missing";
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

/** Where a path may be that a file names. */
function candidates(path: string, from: string): string[] {
  if (!isAbsolute(path)) return [resolve(dirname(from), path), resolve(path)];
  return [path, ...inCopyOfEtc(path, resolve(from))];
}

export function byFullPath(files: readonly SourceFile[]): ReadonlyMap<string, SourceFile> {
  return new Map(files.map((file) => [resolve(file.path), file]));
}

export function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

export function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** As the user would write it: relative below the current folder. */
export function shown(path: string): string {
  const short = relative("", path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
