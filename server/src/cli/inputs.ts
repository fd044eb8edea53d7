import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { recogniseServerConfig } from "../daemons/recognise.ts";
import type { ConfigFile, SourceFile } from "../service.ts";
import { detectDialect, familyOfFile } from "../syntax/detect.ts";
import type { Dialect } from "../syntax/dialect.ts";
import { decodeBytes } from "./bytes.ts";
import { describeIoError, UsageError } from "./errors.ts";

/** What the command line says about the files. */
export interface InputOptions {
  readonly dialect?: Dialect;
  readonly family?: 4 | 6;
  /** What standard input is called, in messages and for telling its dialect. */
  readonly stdinFilename?: string;
}

/** The files that could be read, and one line for each that could not. */
export interface Inputs {
  readonly files: readonly SourceFile[];
  /** Configurations of FTP servers among what was given. */
  readonly serverFiles: readonly ConfigFile[];
  readonly problems: readonly string[];
}

const IGNORED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", ".git"]);
/** Larger files in a folder are no rulesets; one that is named is read whatever its size. */
const LARGEST_FOUND_FILE = 32 * 1024 * 1024;

/** Reads files, folders (recursively, recognised files only) and standard input (`-`), in the given order. */
export function readInputs(paths: readonly string[], options: InputOptions): Inputs {
  const files = new Map<string, SourceFile>();
  const serverFiles: ConfigFile[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      const config = options.dialect === undefined ? serverConfigAt(path) : undefined;
      if (config) {
        serverFiles.push(config);
        continue;
      }
      for (const file of readInput(path, options)) if (!files.has(file.path)) files.set(file.path, file);
    } catch (error) {
      const why = error instanceof UsageError ? error.message : `cannot read it: ${describeIoError(error)}`;
      problems.push(`${path === "-" ? "standard input" : path}: ${why}`);
    }
  }
  return { files: [...files.values()], serverFiles, problems };
}

/** A file that by its name or content is an FTP server's configuration. */
function serverConfigAt(path: string): ConfigFile | undefined {
  if (path === "-" || !statSync(path).isFile()) return undefined;
  const text = decodeBytes(readFileSync(path));
  const isRules = detectDialect(path, text) !== undefined;
  return !isRules && recogniseServerConfig(path, text) ? { path, text } : undefined;
}

/** Several files are one host, in the order in which they are loaded: a folder does not say which, nor in which order. */
export function refuseFolders(paths: readonly string[]): void {
  const folder = paths.find((path) => path !== "-" && statSync(path).isDirectory());
  if (folder !== undefined)
    throw new UsageError(
      `${folder}: it is a folder; name the files of one host, in the order in which they are loaded`,
    );
}

function readInput(path: string, options: InputOptions): SourceFile[] {
  if (path === "-") {
    const name = options.stdinFilename ?? "-";
    return [namedFile(name, decodeBytes(readFileSync(0)), options)];
  }
  if (!statSync(path).isDirectory()) return [namedFile(path, decodeBytes(readFileSync(path)), options)];
  return [...filesBelow(path, options)];
}

/** A file that somebody has named: of any name, if its content shows what it is. */
export function namedFile(path: string, text: string, options: InputOptions): SourceFile {
  const dialect =
    options.dialect ?? detectDialect(path, text) ?? (isScript(path, text) ? "shell" : undefined);
  if (dialect === undefined) {
    throw new UsageError(
      "it looks like none of the files that this tool reads; say what it is with --dialect nft, iptables-save or shell",
    );
  }
  return sourceFile(path, text, dialect, options);
}

/** A script that calls no firewall command is no error: there is just nothing to say about it. */
function isScript(path: string, text: string): boolean {
  return /\.(?:ba)?sh$/.test(path) || /^#!.*\b(?:ba|da|a)?sh\b/.test(text.slice(0, 200));
}

function sourceFile(path: string, text: string, dialect: Dialect, options: InputOptions): SourceFile {
  return { path, text, dialect, family: options.family ?? familyOfFile(path, text) };
}

function* filesBelow(folder: string, options: InputOptions): Generator<SourceFile> {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!IGNORED_FOLDERS.has(entry.name)) yield* filesBelow(path, options);
    } else if (entry.isFile()) {
      const file = foundFile(path, options);
      if (file) yield file;
    }
  }
}

/** A file found in a folder, if it is one of ours and can be read. */
function foundFile(path: string, options: InputOptions): SourceFile | undefined {
  let bytes: Uint8Array;
  try {
    if (statSync(path).size > LARGEST_FOUND_FILE) return undefined;
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  const text = decodeBytes(bytes);
  const dialect = detectDialect(path, text);
  return dialect && sourceFile(path, text, dialect, options);
}
