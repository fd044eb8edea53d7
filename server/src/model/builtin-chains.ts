import type { BaseChain, Hook, TableId } from "./ruleset.ts";

/** Priorities of the kernel's hooks, uapi/linux/netfilter_ipv4.h. */
export const PRIORITY = {
  conntrackDefrag: -400,
  raw: -300,
  conntrack: -200,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
  conntrackHelper: 300,
} as const;

const LAYOUT: Record<string, { type: BaseChain["type"]; hooks: [string, Hook, number][] }> = {
  raw: {
    type: "filter",
    hooks: [
      ["PREROUTING", "prerouting", PRIORITY.raw],
      ["OUTPUT", "output", PRIORITY.raw],
    ],
  },
  mangle: {
    type: "filter",
    hooks: [
      ["PREROUTING", "prerouting", PRIORITY.mangle],
      ["INPUT", "input", PRIORITY.mangle],
      ["FORWARD", "forward", PRIORITY.mangle],
      ["OUTPUT", "output", PRIORITY.mangle],
      ["POSTROUTING", "postrouting", PRIORITY.mangle],
    ],
  },
  nat: {
    type: "nat",
    hooks: [
      ["PREROUTING", "prerouting", PRIORITY.dstnat],
      ["INPUT", "input", PRIORITY.srcnat],
      ["OUTPUT", "output", PRIORITY.dstnat],
      ["POSTROUTING", "postrouting", PRIORITY.srcnat],
    ],
  },
  filter: {
    type: "filter",
    hooks: [
      ["INPUT", "input", PRIORITY.filter],
      ["FORWARD", "forward", PRIORITY.filter],
      ["OUTPUT", "output", PRIORITY.filter],
    ],
  },
  security: {
    type: "filter",
    hooks: [
      ["INPUT", "input", PRIORITY.security],
      ["FORWARD", "forward", PRIORITY.security],
      ["OUTPUT", "output", PRIORITY.security],
    ],
  },
};

/** The built-in chains of an iptables table by name; undefined for a table iptables does not have. */
export function builtinChains(table: string): ReadonlyMap<string, BaseChain> | undefined {
  const layout = LAYOUT[table];
  if (!layout) return undefined;
  return new Map(
    layout.hooks.map(([chain, hook, priority]) => [
      chain,
      { type: layout.type, hook, priority, devices: [] },
    ]),
  );
}

export const IPTABLES_TABLES: readonly string[] = Object.keys(LAYOUT);

/** The base chain a rule of this iptables chain runs in when the chain is built in. */
export function builtinChain(table: TableId, chain: string): BaseChain | undefined {
  return table.backend === "iptables" ? builtinChains(table.name)?.get(chain) : undefined;
}
