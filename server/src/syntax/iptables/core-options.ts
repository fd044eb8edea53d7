import type { OperationKind } from "./command.ts";

/** An option of iptables itself. */
export interface CoreOption {
  /** Canonical name first, then other long names. */
  readonly names: readonly string[];
  readonly short?: string;
  readonly negatable: boolean;
  /** "none", one required argument, or an argument that may follow. */
  readonly argument: "none" | "one" | "optional";
  /** Kind of the argument (see `value-checks.ts`). */
  readonly kind?: string;
  readonly operation?: OperationKind;
}

function core(
  names: string,
  short: string | undefined,
  argument: CoreOption["argument"],
  more: { negatable?: boolean; kind?: string; operation?: OperationKind } = {},
): CoreOption {
  return { names: names.split("|"), negatable: false, argument, ...more, ...(short ? { short } : {}) };
}

/** What iptables(8) and ip6tables(8) understand without any extension. */
export const CORE_OPTIONS: readonly CoreOption[] = [
  core("append", "A", "one", { operation: "append" }),
  core("check", "C", "one", { operation: "check" }),
  core("delete", "D", "one", { operation: "delete" }),
  core("insert", "I", "one", { operation: "insert" }),
  core("replace", "R", "one", { operation: "replace" }),
  core("list", "L", "optional", { operation: "list" }),
  core("list-rules", "S", "optional", { operation: "listRules" }),
  core("flush", "F", "optional", { operation: "flush" }),
  core("zero", "Z", "optional", { operation: "zero" }),
  core("new-chain", "N", "one", { operation: "newChain" }),
  core("delete-chain", "X", "optional", { operation: "deleteChain" }),
  core("rename-chain", "E", "one", { operation: "renameChain" }),
  core("policy", "P", "one", { operation: "policy" }),
  core("version", "V", "none", { operation: "version" }),
  core("help", "h", "none", { operation: "help" }),
  core("source|src", "s", "one", { negatable: true, kind: "addresses" }),
  core("destination|dst", "d", "one", { negatable: true, kind: "addresses" }),
  core("protocol", "p", "one", { negatable: true, kind: "proto" }),
  core("in-interface", "i", "one", { negatable: true, kind: "interface" }),
  core("out-interface", "o", "one", { negatable: true, kind: "interface" }),
  core("fragment|fragments", "f", "none", { negatable: true }),
  core("jump", "j", "one"),
  core("goto", "g", "one"),
  core("table", "t", "one"),
  core("match", "m", "one"),
  core("numeric", "n", "none"),
  core("verbose", "v", "none"),
  core("exact", "x", "none"),
  core("wait", "w", "optional"),
  core("wait-interval", "W", "optional"),
  core("line-numbers", undefined, "none"),
  core("modprobe", "M", "one"),
  core("set-counters", "c", "one"),
  core("ipv4", "4", "none"),
  core("ipv6", "6", "none"),
];

export const CORE_BY_SHORT: ReadonlyMap<string, CoreOption> = new Map(
  CORE_OPTIONS.flatMap((option) => (option.short ? [[option.short, option] as const] : [])),
);

export const CORE_BY_LONG: ReadonlyMap<string, CoreOption> = new Map(
  CORE_OPTIONS.flatMap((option) => option.names.map((name) => [name, option] as const)),
);
