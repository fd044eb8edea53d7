import type { IptablesProgram } from "./command.ts";
import { MATCH_TABLE } from "./match-table.ts";
import { FOREIGN_TARGETS, STANDARD_TARGETS, TARGET_TABLE } from "./target-table.ts";

/** One option of an extension. */
export interface OptionSpec {
  /** Canonical name first, then its aliases. */
  readonly names: readonly string[];
  readonly negatable: boolean;
  readonly repeatable: boolean;
  /** The kind of each argument (see `value-checks.ts`). */
  readonly kinds: readonly string[];
  /** The argument may be missing. */
  readonly optional: boolean;
}

/** A match or target extension of iptables. */
export interface ExtensionSpec {
  readonly name: string;
  readonly options: readonly OptionSpec[];
  readonly byName: ReadonlyMap<string, OptionSpec>;
  /** Protocol names, one of which a plain `-p` must give; empty: any. */
  readonly protocols: readonly string[];
  /** Built-in chains it may stand in; empty: all. */
  readonly hooks: readonly string[];
  /** Tables it may stand in; empty: all. */
  readonly tables: readonly string[];
  /** Options of which one must be given; ["any"]: any at all; empty: none. */
  readonly needs: readonly string[];
  /** Options that must all be given. */
  readonly required: readonly string[];
}

interface Registry {
  readonly matches: ReadonlyMap<string, ExtensionSpec>;
  readonly targets: ReadonlyMap<string, ExtensionSpec>;
}

const registries = new Map<IptablesProgram, Registry>();

/** Names under which a match may also be called. */
const MATCH_ALIASES: Record<string, string> = { icmpv6: "icmp6", "ipv6-icmp": "icmp6" };

/** The match module of that name, or undefined when the program has none. */
export function matchExtension(program: IptablesProgram, name: string): ExtensionSpec | undefined {
  return registry(program).matches.get(MATCH_ALIASES[name] ?? name);
}

/** The target of that name (ACCEPT and the like too), or undefined when the program has none. */
export function targetExtension(program: IptablesProgram, name: string): ExtensionSpec | undefined {
  return registry(program).targets.get(name);
}

/** A target this program lacks but others have: an add-on's, an old one, or the other family's. */
export function isForeignTarget(program: IptablesProgram, name: string): boolean {
  if (targetExtension(program, name)) return false;
  return FOREIGN_TARGETS.has(name) || targetExtension(otherProgram(program), name) !== undefined;
}

export function otherProgram(program: IptablesProgram): IptablesProgram {
  return program === "iptables" ? "ip6tables" : "iptables";
}

/** Names of all match modules, sorted. */
export function matchNames(program: IptablesProgram): string[] {
  return [...registry(program).matches.keys()].sort();
}

/** Names of all targets, sorted. */
export function targetNames(program: IptablesProgram): string[] {
  return [...registry(program).targets.keys()].sort();
}

function registry(program: IptablesProgram): Registry {
  let found = registries.get(program);
  if (!found) {
    found = {
      matches: readTable(MATCH_TABLE, program),
      targets: readTable([...STANDARD_TARGETS.map((name) => `${name} : `), ...TARGET_TABLE], program),
    };
    registries.set(program, found);
  }
  return found;
}

function readTable(lines: readonly string[], program: IptablesProgram): ReadonlyMap<string, ExtensionSpec> {
  const table = new Map<string, ExtensionSpec>();
  for (const line of lines) {
    const [head = "", body = ""] = line.split(" : ");
    const [title = "", ...attributes] = head.split(" ");
    const [name = "", family] = title.split("/");
    if (family === (program === "iptables" ? "6" : "4")) continue;
    const options = body.split(" ").filter(Boolean).map(readOption);
    table.set(name, {
      name,
      options,
      byName: new Map(options.flatMap((option) => option.names.map((alias) => [alias, option] as const))),
      protocols: attribute(attributes, "proto", ","),
      hooks: attribute(attributes, "hooks", ","),
      tables: attribute(attributes, "tables", ","),
      needs: attribute(attributes, "need", "|"),
      required: attribute(attributes, "all", "|"),
    });
  }
  return table;
}

function attribute(attributes: readonly string[], key: string, separator: string): readonly string[] {
  const found = attributes.find((text) => text.startsWith(`${key}=`));
  return found ? found.slice(key.length + 1).split(separator) : [];
}

function readOption(text: string): OptionSpec {
  const marks = /^[*!]*/.exec(text)?.[0] ?? "";
  const [names = "", ...kinds] = text.slice(marks.length).split(":");
  return {
    names: names.split("|"),
    negatable: marks.includes("!"),
    repeatable: marks.includes("*"),
    kinds: kinds.map((kind) => kind.replace("?", "")),
    optional: kinds.some((kind) => kind.endsWith("?")),
  };
}
