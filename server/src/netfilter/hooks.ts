import { PRIORITY } from "../model/builtin-chains.ts";
import type { Chain, Hook, Ruleset } from "../model/ruleset.ts";
import type { IpFamily } from "./packet.ts";

/** What runs at a hook, in order of priority. */
export type HookEntry =
  | { readonly kind: "chain"; readonly chain: Chain }
  | { readonly kind: "conntrack" }
  /** All nat chains of the hook together: only a connection's first packet meets their rules. */
  | { readonly kind: "nat"; readonly chains: readonly Chain[] };

/** Which tables a packet meets: those of its IP version, or those of ARP. */
export type PacketFamily = IpFamily | "arp";

const CACHE = new WeakMap<Ruleset, Map<string, readonly HookEntry[]>>();

/** The base chains and built-in steps that packets of a family meet at a hook. */
export function hookEntries(ruleset: Ruleset, hook: Hook, family: PacketFamily): readonly HookEntry[] {
  let perRuleset = CACHE.get(ruleset);
  if (!perRuleset) {
    perRuleset = new Map();
    CACHE.set(ruleset, perRuleset);
  }
  const key = `${hook} ${family}`;
  let entries = perRuleset.get(key);
  if (!entries) {
    entries = computeEntries(ruleset, hook, family);
    perRuleset.set(key, entries);
  }
  return entries;
}

/** Where NAT rewrites, whatever priority a nat chain names (nf_nat_ipv4_ops). */
const NAT_PRIORITY: Partial<Record<Hook, number>> = {
  prerouting: PRIORITY.dstnat,
  output: PRIORITY.dstnat,
  input: PRIORITY.srcnat,
  postrouting: PRIORITY.srcnat,
};

/** One nat chain anywhere makes the kernel rewrite at all four hooks. */
function hasNat(ruleset: Ruleset, family: PacketFamily): boolean {
  for (const hook of Object.keys(NAT_PRIORITY) as Hook[]) {
    for (const chain of baseChains(ruleset, hook, family)) if (chain.base?.type === "nat") return true;
  }
  return false;
}

interface Ranked {
  readonly entry: HookEntry;
  readonly priority: number;
  /** Order of registration. At equal priority the kernel runs what registered last first. */
  readonly registered: number;
}

function computeEntries(ruleset: Ruleset, hook: Hook, family: PacketFamily): readonly HookEntry[] {
  const ranked: Ranked[] = [];
  const nat: { chain: Chain; priority: number; registered: number }[] = [];
  for (const table of ruleset.tables.values()) {
    if (table.dormant || !concerns(table.id.family, family, hook)) continue;
    for (const chain of table.chains.values()) {
      if (chain.base?.hook !== hook) continue;
      const { priority, type } = chain.base;
      const registered = chain.registered ?? 0;
      if (type === "nat") nat.push({ chain, priority, registered });
      else ranked.push({ entry: { kind: "chain", chain }, priority, registered });
    }
  }
  const priority = NAT_PRIORITY[hook];
  if (priority !== undefined && family !== "arp" && hasNat(ruleset, family)) {
    const chains = nat
      .sort((a, b) => a.priority - b.priority || b.registered - a.registered)
      .map((one) => one.chain);
    ranked.push({ entry: { kind: "nat", chains }, priority, registered: nat[0]?.registered ?? 0 });
  }
  if (family !== "arp" && (hook === "prerouting" || hook === "output")) {
    ranked.push({
      entry: { kind: "conntrack" },
      priority: PRIORITY.conntrack,
      registered: ruleset.conntrack?.[family] ?? Number.POSITIVE_INFINITY,
    });
  }
  ranked.sort((a, b) => a.priority - b.priority || b.registered - a.registered);
  return ranked.map((one) => one.entry);
}

function* baseChains(ruleset: Ruleset, hook: Hook, family: PacketFamily): Generator<Chain> {
  for (const table of ruleset.tables.values()) {
    if (table.dormant || !concerns(table.id.family, family, hook)) continue;
    for (const chain of table.chains.values()) if (chain.base?.hook === hook) yield chain;
  }
}

/** Tables of family bridge concern only what a bridge forwards: they are out of the path of routed packets. */
function concerns(tableFamily: Chain["table"]["family"], family: PacketFamily, hook: Hook): boolean {
  if (family === "arp" && tableFamily !== "netdev") return tableFamily === "arp";
  if (tableFamily === "inet") return true;
  if (tableFamily === "netdev") return hook === "ingress" || hook === "egress";
  return tableFamily === (family === 4 ? "ip" : "ip6");
}
