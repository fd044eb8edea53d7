import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Service, SourceFile } from "../service.ts";
import { detectDialect, familyOfFile } from "../syntax/detect.ts";
import { mainFiles, twinName } from "../twins.ts";
import { decodeBytes } from "./bytes.ts";
import type { ConfigFinder, ListedHost } from "./config.ts";
import { describeIoError, UsageError } from "./errors.ts";
import { byFullPath, DiskSnapshot, isInside, realPath, shown } from "./includes.ts";
import { namedFile } from "./inputs.ts";

/** Files that are loaded on one host, in their order. */
export interface FoundHost {
  readonly files: readonly SourceFile[];
  readonly snapshot: DiskSnapshot;
  /** Paths of the given files that are its own, or are included. */
  readonly given: ReadonlySet<string>;
}

/** The hosts that the given files are, and one line for each listed file that cannot be had. */
export interface FoundHosts {
  readonly hosts: readonly FoundHost[];
  readonly problems: readonly string[];
}

/**
 * Which of the files are one host: those that the settings list as one, twins for the two IP versions, and files with
 * those that include them. Each other file is a host of its own.
 */
export function findHosts(files: readonly SourceFile[], config: ConfigFinder, service: Service): FoundHosts {
  const grouping = new Grouping(files, config, service);
  return { hosts: grouping.hosts(), problems: grouping.problems };
}

/** A listed file lies below the settings file or the current folder. */
function readBeside(path: string, folder: string): SourceFile {
  const real = realpathSync(path);
  if (![folder, process.cwd()].map(realPath).some((allowed) => isInside(real, allowed))) {
    throw new UsageError("it lies outside the folder of the settings file");
  }
  return namedFile(shown(path), decodeBytes(readFileSync(path)), {});
}

/** By its full path: which folder is the current one does not matter. */
function readIfThere(path: string): { path: string; text: string } | undefined {
  try {
    return { path: shown(path), text: decodeBytes(readFileSync(path)) };
  } catch {
    return undefined;
  }
}

/** rules.v4 with rules.v6; every other file is alone. */
function withTwins(files: readonly SourceFile[]): SourceFile[][] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const hosts: SourceFile[][] = [];
  for (const file of files) {
    if (!byPath.delete(file.path)) continue;
    const twin = twinOf(file, byPath);
    if (twin) byPath.delete(twin.path);
    hosts.push(twin ? [file, twin] : [file]);
  }
  return hosts;
}

function twinOf(file: SourceFile, others: ReadonlyMap<string, SourceFile>): SourceFile | undefined {
  const own = basename(file.path);
  const name = twinName(own);
  if (name === undefined || file.dialect !== "iptables-save") return undefined;
  const twin = others.get(file.path.slice(0, -own.length) + name);
  return twin?.dialect === "iptables-save" ? twin : undefined;
}

/** Statements that may read another file; where there are none nothing has to be loaded to know it. */
const INCLUDES = /\binclude\b|\bsource\b|(?:^|[\s;&|])\.[ \t]|\bnft\b|-restore\b/;

interface Group {
  readonly files: readonly SourceFile[];
  /** By the settings: as it stands there, whatever includes what. */
  readonly listed: boolean;
  readonly snapshot: DiskSnapshot;
  readonly includes: ReadonlySet<string>;
}

class Grouping {
  readonly problems: string[] = [];
  readonly #given: ReadonlyMap<string, SourceFile>;
  readonly #config: ConfigFinder;
  readonly #service: Service;
  readonly #listed = new Map<string, Group>();

  constructor(given: readonly SourceFile[], config: ConfigFinder, service: Service) {
    this.#given = byFullPath(given);
    this.#config = config;
    this.#service = service;
  }

  hosts(): FoundHost[] {
    const given = [...this.#given.values()];
    for (const { path } of given) this.#listedFor(path);
    const placed = new Set([...this.#listed.values()].flatMap(({ files }) => files.map(({ path }) => path)));
    const others = withTwins(given.filter(({ path }) => !placed.has(path)));
    const groups = [...this.#listed.values(), ...others.map((files) => this.#group(files, false))];
    const hosts = new Set<Group>();
    for (const [i, group] of groups.entries()) {
      const later = groups.slice(i + 1).filter((one) => !isPart(one, group));
      if ([...hosts, ...later].some((one) => isPart(group, one))) continue;
      for (const host of this.#withMain(group) ?? [group]) hosts.add(host);
    }
    return [...hosts].map(({ files, snapshot, includes }) => {
      const paths = new Set([...files.map(({ path }) => path), ...includes]);
      const own = given.map(({ path }) => path).filter((path) => paths.has(path));
      return { files, snapshot, given: new Set(own) };
    });
  }

  /** The hosts that the settings list with this file. */
  #listedFor(path: string): Group[] {
    return this.#config.hostsOf(path).flatMap((host) => {
      const key = JSON.stringify(host);
      if (!this.#listed.has(key)) this.#listed.set(key, this.#group(this.#readListed(host), true));
      return this.#listed.get(key)!;
    });
  }

  #readListed({ config, folder, files }: ListedHost): SourceFile[] {
    return [...new Set(files.map((file) => resolve(folder, file)))].flatMap((path) => {
      const known = this.#given.get(path);
      if (known) return [known];
      try {
        return [readBeside(path, folder)];
      } catch (error) {
        const why = error instanceof UsageError ? error.message : `cannot read it: ${describeIoError(error)}`;
        this.problems.push(`${shown(path)}, which ${shown(resolve(config))} lists: ${why}`);
        return [];
      }
    });
  }

  #group(files: readonly SourceFile[], listed: boolean): Group {
    const snapshot = new DiskSnapshot(files, this.#given);
    const { assume } = files[0] ? this.#config.forFile(files[0].path) : {};
    const others = [...this.#given.values()].some((one) => !files.includes(one));
    const mayInclude = files.some(({ dialect, text }) => dialect !== "iptables-save" && INCLUDES.test(text));
    const included = others && mayInclude ? this.#service.load(files, snapshot, assume).included : [];
    return { files, listed, snapshot, includes: new Set(included.map(({ source }) => source.path)) };
  }

  /** The host of the file that is loaded at boot, if that lies where distributions have it and includes this one. */
  #withMain(group: Group): Group[] | undefined {
    const [file, ...more] = group.files;
    if (file?.dialect !== "nft" || more.length > 0 || group.listed) return undefined;
    for (const candidate of mainFiles(resolve(file.path))) {
      const found = readIfThere(join(dirname(resolve(file.path)), candidate));
      if (!found || this.#given.has(resolve(found.path))) continue;
      if (detectDialect(found.path, found.text) !== "nft") continue;
      const main = { ...found, dialect: "nft" as const, family: familyOfFile(found.path, found.text) };
      const host = this.#group([main], false);
      if (!host.includes.has(file.path)) continue;
      const listed = this.#listedFor(main.path);
      return listed.length > 0 ? listed : [host];
    }
    return undefined;
  }
}

/** Whether the one file of a host is included by another. */
function isPart({ files, listed }: Group, { includes }: Group): boolean {
  const [file, ...more] = files;
  return file !== undefined && more.length === 0 && !listed && includes.has(file.path);
}
