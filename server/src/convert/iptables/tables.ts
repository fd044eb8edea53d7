import { builtinChains, IPTABLES_TABLES } from "../../model/builtin-chains.ts";
import type { BaseChain, TableId } from "../../model/ruleset.ts";

const builtin = new Map(
  IPTABLES_TABLES.map((table) => [table, builtinChains(table) ?? new Map<string, BaseChain>()] as const),
);

function idsOf(family: "ip" | "ip6"): ReadonlyMap<string, TableId> {
  return new Map(IPTABLES_TABLES.map((name) => [name, { backend: "iptables", family, name }]));
}

const ids = { ip: idsOf("ip"), ip6: idsOf("ip6") };

/** The table of that name; one object per table that iptables has. */
export function iptablesTable(family: "ip" | "ip6", name: string): TableId {
  return ids[family].get(name) ?? { backend: "iptables", family, name };
}

/** The hook of a built-in chain; undefined for chains of the user's. */
export function builtinHook(table: string, chain: string): BaseChain | undefined {
  return builtin.get(table)?.get(chain);
}
