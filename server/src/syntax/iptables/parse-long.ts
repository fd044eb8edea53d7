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

/** Brings in the module that belongs to `-p`, once; true when there is a new one. */
export function loadProtocolModule(state: ParseState): boolean {
  if (!state.protocol) return false;
  const name = protocolModule(state.protocol.number);
  const spec = name === undefined ? undefined : matchExtension(state.program, name);
  if (!spec || state.modules.some((module) => module.known && module.name === spec.name)) return false;
  const instance = state.modules.length;
  state.modules.push({ name: spec.name, known: true, implicit: true, span: state.protocol.word.span });
  state.loaded.push({ spec, owner: { kind: "match", module: spec.name, instance } });
  return true;
}

/** Which extensions would know an option: for telling what is missing. */
export function modulesWithOption(
  program: IptablesProgram,
  name: string,
): { protocols: string[]; matches: string[]; targets: string[] } {
  const has = (spec: { byName: ReadonlyMap<string, OptionSpec> } | undefined) =>
    spec?.byName.has(name) ?? false;
  const matches = matchNames(program).filter((module) => has(matchExtension(program, module)));
  const implicit = ["tcp", "udp", "sctp", "dccp", "icmp", "icmp6", "esp"];
  const protocols = matches.filter((module) => implicit.includes(module));
  return {
    protocols: protocols
      .sort((a, b) => implicit.indexOf(a) - implicit.indexOf(b))
      .slice(0, 2)
      .map((module) => (module === "icmp6" ? (protocolName(58) ?? "ipv6-icmp") : module)),
    matches: matches.filter((module) => !implicit.includes(module)),
    targets: targetNames(program).filter((target) => has(targetExtension(program, target))),
  };
}
