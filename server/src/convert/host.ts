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
import { loadedFile } from "../text/origin.ts";
import type { Problem } from "../text/problem.ts";
import { undefinedHelpers } from "./helper-objects.ts";
import { convertIptablesSave } from "./iptables/convert-save.ts";
import type { NftSession } from "./nftables/convert.ts";
import { convertNft, createNftSession } from "./nftables/convert.ts";
import { settleSets } from "./nftables/loading.ts";
import type { Conversion, IncludedFile } from "./result.ts";
import type { StatedValues } from "./shell/assumed-values.ts";
import { CommandCache } from "./shell/command-cache.ts";
import type { ShellConversion } from "./shell/convert.ts";
import { convertShell } from "./shell/convert.ts";
import type { HostCommand } from "./shell/host-command.ts";

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
  /** The names of the files in a folder; without this method what a pattern stands for is not known. */
  list?(folder: string, from: string): readonly string[] | "missing" | "pending";
}

/** A snapshot that holds nothing: includes stay unknown. */
export const EMPTY_SNAPSHOT: Snapshot = { read: () => "missing" };

/** A snapshot in which some files, by the paths that it gives them, have another text. */
export class ChangedSnapshot implements Snapshot {
  readonly #snapshot: Snapshot;
  readonly #texts: ReadonlyMap<string, string>;

  constructor(snapshot: Snapshot, texts: ReadonlyMap<string, string>) {
    this.#snapshot = snapshot;
    this.#texts = texts;
  }

  read(path: string, from: string): Included {
    const found = this.#snapshot.read(path, from);
    if (typeof found === "string") return found;
    return { path: found.path, text: this.#texts.get(found.path) ?? found.text };
  }

  list(folder: string, from: string): readonly string[] | "missing" | "pending" {
    return this.#snapshot.list?.(folder, from) ?? "missing";
  }
}

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
  /** Of a script; what it sources among them. */
  readonly hostCommands: readonly HostCommand[];
  /** The paths of all files that it includes, sources or loads on its way, and those that these include. */
  readonly includes: readonly string[];
}

/** All files of a host, loaded in their order into an empty kernel. */
export interface Host {
  readonly files: readonly LoadedFile[];
  /** What these include, each once, in the order in which it is first read. */
  readonly included: readonly LoadedFile[];
  readonly ruleset: Ruleset;
  /** What its scripts tell the kernel besides the rules. */
  readonly hostCommands: readonly HostCommand[];
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

/** Those that no other one of them includes; of files that include each other the first. */
function ownFiles(files: readonly LoadedFile[]): SourceFile[] {
  const own: LoadedFile[] = [];
  for (const [i, file] of files.entries()) {
    const { path } = file.source;
    const including = [...own, ...files.slice(i + 1)].filter((one) => one.includes.includes(path));
    if (!including.some((one) => own.includes(one) || !file.includes.includes(one.source.path)))
      own.push(file);
  }
  return own.map(({ source }) => source);
}

/** What of its including file's operations and problems stands in the included one. */
function loadedInclude(included: IncludedFile, including: LoadedFile): LoadedFile {
  const { source, syntax, operations, problems, hostCommands } = including;
  const { path, text, dialect } = included;
  const family = included.dialect === "iptables-save" ? included.family : source.family;
  return {
    source: { path, text, dialect, family },
    lines: new LineIndex(text),
    syntax: syntaxOf(included, syntax),
    operations: operations.filter(({ origin }) => origin.file === path),
    problems: problems.filter(({ origin }) => origin.file === path),
    hostCommands: hostCommands.filter(({ origin }) => origin.file === path),
    includes: [],
  };
}

/** A sourced script's commands are among those of the script that sources it. */
function syntaxOf(included: IncludedFile, including: FileSyntax): FileSyntax {
  switch (included.dialect) {
    case "nft":
      return { dialect: "nft", file: included.file };
    case "iptables-save":
      return { dialect: "iptables-save", file: included.file };
    case "shell": {
      if (including.dialect !== "shell") throw new Error("only a script sources a script");
      return { dialect: "shell", file: included.file, conversion: including.conversion };
    }
  }
}

/** Scripts whose commands are remembered. */
const MOST_SCRIPTS = 16;

/** Reads files of every dialect; remembers parsed statements, so that a keystroke costs one statement. */
export class Loader {
  readonly #nft = new NftParseCache();
  readonly #save = new SaveLineCache();
  readonly #commands = new Map<string, CommandCache>();

  /**
   * Loads the files of one host in their order; one that another of them includes is loaded there and not once more.
   * `assumed`: what the settings say that variables of scripts hold whose values come from outside.
   * Never throws.
   */
  load(
    sources: readonly SourceFile[],
    snapshot: Snapshot = EMPTY_SNAPSHOT,
    assumed: StatedValues = {},
  ): Host {
    const host = this.#loadAll(sources, snapshot, assumed);
    const own = ownFiles(host.files);
    return own.length === sources.length ? host : this.#loadAll(own, snapshot, assumed);
  }

  #loadAll(sources: readonly SourceFile[], snapshot: Snapshot, assumed: StatedValues): Host {
    const needs: string[] = [];
    const included = new Map<string, LoadedFile>();
    const session = createNftSession();
    const files = sources.map((source) => {
      const { syntax, conversion } = this.#read(source, { snapshot, assumed }, session);
      if (source.dialect !== "nft") session.registry.learn(conversion.operations);
      needs.push(...conversion.needs);
      const read = conversion.included ?? [];
      const file: LoadedFile = {
        source,
        lines: new LineIndex(source.text),
        syntax,
        operations: conversion.operations,
        problems: readable(withoutDoubtful(conversion)),
        hostCommands: conversion.hostCommands ?? [],
        includes: [...new Set(read.map(({ path }) => path))],
      };
      for (const one of read) {
        const own = sources.some(({ path }) => path === one.path);
        if (!own && !included.has(one.path)) included.set(one.path, loadedInclude(one, file));
      }
      return file;
    });
    const operations = files.flatMap((file) => file.operations);
    const { ruleset, problems } = foldOperations(
      // A later file's rules may fill an earlier one's sets.
      files.length > 1 ? settleSets(operations, session.registry) : operations,
    );
    const scripts = new Set(
      files.filter(({ source }) => source.dialect === "shell").map(({ source }) => source.path),
    );
    const undefinedNames =
      scripts.size > 0
        ? undefinedHelpers(operations, ruleset, ({ origin }) => scripts.has(loadedFile(origin)))
        : [];
    return {
      files,
      included: [...included.values()],
      ruleset,
      hostCommands: files.flatMap((file) => file.hostCommands),
      problems: [...files.flatMap((file) => file.problems), ...problems, ...undefinedNames],
      needs,
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

  /** `session`: what the host's earlier files have declared. */
  #read(
    source: SourceFile,
    { snapshot, assumed }: { readonly snapshot: Snapshot; readonly assumed: StatedValues },
    session: NftSession,
  ): { syntax: FileSyntax; conversion: Conversion } {
    const { path, text, family } = source;
    const resolve = (include: string) => snapshot.read(include, path);
    const list = (folder: string) => snapshot.list?.(folder, path) ?? "missing";
    switch (source.dialect) {
      case "nft": {
        const file = parseNft(text, this.#nft);
        const conversion = convertNft(file, { path, resolve, list, cache: this.#nft, session });
        return { syntax: { dialect: "nft", file }, conversion };
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
        const cache = this.#commandsOf(path);
        const conversion = convertShell(file, { path, resolve, list, cache, assumed });
        return { syntax: { dialect: "shell", file, conversion }, conversion };
      }
    }
  }
}
