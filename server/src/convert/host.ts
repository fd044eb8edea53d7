import { foldOperations } from "../model/fold.ts";
import type { Operation } from "../model/operation.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Dialect } from "../syntax/dialect.ts";
import type { IptablesSaveFile } from "../syntax/iptables-save/file.ts";
import { parseIptablesSave, SaveLineCache } from "../syntax/iptables-save/parse.ts";
import { NftParseCache, parseNft } from "../syntax/nftables/parse.ts";
import type { NftFile } from "../syntax/nftables/tree.ts";
import { parseShell } from "../syntax/shell/parse.ts";
import type { ShellFile } from "../syntax/shell/shell-file.ts";
import { LineIndex } from "../text/line-index.ts";
import type { Problem } from "../text/problem.ts";
import { convertIptablesSave } from "./iptables/convert-save.ts";
import { convertNft } from "./nftables/convert.ts";
import type { Conversion } from "./result.ts";
import { CommandCache } from "./shell/command-cache.ts";
import type { ShellConversion } from "./shell/convert.ts";
import { convertShell } from "./shell/convert.ts";

/** A file of a host as it comes in. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly dialect: Dialect;
  /** For iptables-save files. */
  readonly family: 4 | 6;
}

/** A file that another one includes; "pending" when the host of the core has yet to fetch it. */
export type Included = { readonly path: string; readonly text: string } | "missing" | "pending";

/** What the core may read besides the files themselves. `from` is the including file's path. */
export interface Snapshot {
  read(path: string, from: string): Included;
}

/** A snapshot that holds nothing: includes stay unknown. */
export const EMPTY_SNAPSHOT: Snapshot = { read: () => "missing" };

export type FileSyntax =
  | { readonly dialect: "nft"; readonly file: NftFile }
  | { readonly dialect: "iptables-save"; readonly file: IptablesSaveFile }
  | { readonly dialect: "shell"; readonly file: ShellFile; readonly conversion: ShellConversion };

/** One file, read and converted. */
export interface LoadedFile {
  readonly source: SourceFile;
  readonly lines: LineIndex;
  readonly syntax: FileSyntax;
  readonly operations: readonly Operation[];
  readonly problems: readonly Problem[];
}

/** All files of a host, loaded in their order into an empty kernel. */
export interface Host {
  readonly files: readonly LoadedFile[];
  readonly ruleset: Ruleset;
  /** Of the files' texts and of loading them, in order of the files. */
  readonly problems: readonly Problem[];
  /** Included paths that the snapshot does not hold yet. */
  readonly needs: readonly string[];
}

/** More problems than this say one thing: the file is something else, or one error near its beginning spoils it. */
const MOST_PROBLEMS = 50;

/** Where a part of the file is not known, what seems to be missing may be defined there. */
function withoutDoubtful({ operations, problems }: Conversion): readonly Problem[] {
  if (!operations.some((one) => one.op === "unknown")) return problems;
  return problems.filter((one) => !one.code.startsWith("undefined-"));
}

/** The first problems, and in place of the last of them how many more there are. */
function readable(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= MOST_PROBLEMS) return problems;
  const last = problems[MOST_PROBLEMS - 1]!;
  const more = problems.length - MOST_PROBLEMS + 1;
  const message = `${more} more problems from here on. Is this the kind of file that its name says? Mend the first ones, then look again.`;
  return [...problems.slice(0, MOST_PROBLEMS - 1), { ...last, code: "too-many-problems", message }];
}

/** Scripts whose commands are remembered. */
const MOST_SCRIPTS = 16;

/** Reads files of every dialect; remembers parsed statements, so that a keystroke costs one statement. */
export class Loader {
  readonly #nft = new NftParseCache();
  readonly #save = new SaveLineCache();
  readonly #commands = new Map<string, CommandCache>();

  /** Loads the files of one host in their order. Never throws. */
  load(sources: readonly SourceFile[], snapshot: Snapshot = EMPTY_SNAPSHOT): Host {
    const needs: string[] = [];
    const files = sources.map((source) => this.#loadFile(source, snapshot, needs));
    const { ruleset, problems } = foldOperations(files.flatMap((file) => file.operations));
    return { files, ruleset, problems: [...files.flatMap((file) => file.problems), ...problems], needs };
  }

  #loadFile(source: SourceFile, snapshot: Snapshot, needs: string[]): LoadedFile {
    const { syntax, conversion } = this.#read(source, snapshot);
    needs.push(...conversion.needs);
    return {
      source,
      lines: new LineIndex(source.text),
      syntax,
      operations: conversion.operations,
      problems: readable(withoutDoubtful(conversion)),
    };
  }

  /** A script's commands as they were read before its last change. */
  #commandsOf(path: string): CommandCache {
    const cache = this.#commands.get(path) ?? new CommandCache();
    this.#commands.delete(path);
    this.#commands.set(path, cache);
    const [oldest] = this.#commands.keys();
    if (this.#commands.size > MOST_SCRIPTS && oldest !== undefined) this.#commands.delete(oldest);
    return cache;
  }

  #read(source: SourceFile, snapshot: Snapshot): { syntax: FileSyntax; conversion: Conversion } {
    const { path, text, family } = source;
    const resolve = (include: string) => snapshot.read(include, path);
    switch (source.dialect) {
      case "nft": {
        const file = parseNft(text, this.#nft);
        return { syntax: { dialect: "nft", file }, conversion: convertNft(file, { path, resolve }) };
      }
      case "iptables-save": {
        const file = parseIptablesSave(text, family, this.#save);
        return {
          syntax: { dialect: "iptables-save", file },
          conversion: convertIptablesSave(file, { path, family }),
        };
      }
      case "shell": {
        const file = parseShell(text);
        const conversion = convertShell(file, { path, resolve, cache: this.#commandsOf(path) });
        return { syntax: { dialect: "shell", file, conversion }, conversion };
      }
    }
  }
}
