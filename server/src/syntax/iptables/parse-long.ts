import type { IptablesProgram } from "./command.ts";
import { CORE_BY_LONG, CORE_OPTIONS, type CoreOption } from "./core-options.ts";
import { matchExtension, matchNames, type OptionSpec, targetExtension, targetNames } from "./extensions.ts";
import type { Loaded, ParseState } from "./parse-state.ts";
import { protocolModule, protocolName } from "./protocols.ts";

export type LongOption =
  | { readonly kind: "core"; readonly option: CoreOption }
  | { readonly kind: "extension"; readonly spec: OptionSpec; readonly loaded: Loaded };

/**
 * What a long option means: an exact name of iptables itself, then of the newest extension; else the only
 * option that begins so (getopt_long(3)).
 */
export function findLongOption(state: ParseState, name: string): LongOption | "none" | "ambiguous" {
  const core = CORE_BY_LONG.get(name);
  if (core) return { kind: "core", option: core };
  for (let i = state.loaded.length - 1; i >= 0; i--) {
    const loaded = state.loaded[i];
    const spec = loaded?.spec.byName.get(name);
    if (loaded && spec) return { kind: "extension", spec, loaded };
  }
  return name === "" ? "none" : abbreviated(state, name);
}

function abbreviated(state: ParseState, beginning: string): LongOption | "none" | "ambiguous" {
  const found = new Map<CoreOption | OptionSpec, LongOption>();
  for (const option of CORE_OPTIONS) {
    if (option.names.some((name) => name.startsWith(beginning))) found.set(option, { kind: "core", option });
  }
  for (let i = state.loaded.length - 1; i >= 0; i--) {
    const loaded = state.loaded[i];
    for (const spec of loaded?.spec.options ?? []) {
      if (loaded && !found.has(spec) && spec.names.some((name) => name.startsWith(beginning)))
        found.set(spec, { kind: "extension", spec, loaded });
    }
  }
  const [only] = found.values();
  if (!only) return "none";
  return found.size > 1 ? "ambiguous" : only;
}

/**
 * Brings in the module that belongs to `-p`, once; true when there is a new one. Where a variable gives the
 * protocol, or may give it, the module is the first one that has an option of this name.
 */
export function loadProtocolModule(state: ParseState, option: string): boolean {
  const { protocol, program } = state;
  const open = !protocol && (state.protocolUnknown || state.uncertain !== undefined);
  const name = protocol
    ? protocolModule(protocol.number)
    : open
      ? IMPLICIT.find((module) => matchExtension(program, module)?.byName.has(option))
      : undefined;
  const spec = name === undefined ? undefined : matchExtension(program, name);
  if (!spec || state.modules.some((module) => module.known && module.name === spec.name)) return false;
  const instance = state.modules.length;
  const span = protocol?.word.span ?? state.words[state.at - 1]?.span ?? { start: 0, end: 0 };
  state.modules.push({ name: spec.name, known: true, implicit: true, span });
  state.loaded.push({ spec, owner: { kind: "match", module: spec.name, instance } });
  return true;
}

/** Modules that `-p` brings in, those first that people use. */
const IMPLICIT = ["tcp", "udp", "sctp", "dccp", "icmp", "icmp6", "esp"];

/** Which extensions would know an option: for telling what is missing. */
export function modulesWithOption(
  program: IptablesProgram,
  name: string,
): { protocols: string[]; matches: string[]; targets: string[] } {
  const has = (spec: { byName: ReadonlyMap<string, OptionSpec> } | undefined) =>
    spec?.byName.has(name) ?? false;
  const matches = matchNames(program).filter((module) => has(matchExtension(program, module)));
  const protocols = matches.filter((module) => IMPLICIT.includes(module));
  return {
    protocols: protocols
      .sort((a, b) => IMPLICIT.indexOf(a) - IMPLICIT.indexOf(b))
      .slice(0, 2)
      .map((module) => (module === "icmp6" ? (protocolName(58) ?? "ipv6-icmp") : module)),
    matches: matches.filter((module) => !IMPLICIT.includes(module)),
    targets: targetNames(program).filter((target) => has(targetExtension(program, target))),
  };
}
