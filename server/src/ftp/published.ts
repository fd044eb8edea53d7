import type { Ruleset } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { natCandidates } from "../netfilter/map-lookup.ts";
import { notable } from "../netfilter/notable.ts";

/** A server behind DNAT: its address, and the interface from which it is published. */
export interface PublishedServer {
  readonly address: ValueSet;
  /** Absent: from everywhere. */
  readonly from?: ValueSet;
}

const CACHE = new WeakMap<Ruleset, readonly PublishedServer[]>();

/** Servers that DNAT rules publish to the clients of one interface: they stand behind another one. */
export function publishedServers(ruleset: Ruleset): readonly PublishedServer[] {
  let published = CACHE.get(ruleset);
  if (!published) {
    published = [...dnatRules(ruleset)];
    CACHE.set(ruleset, published);
  }
  return published;
}

function* dnatRules(ruleset: Ruleset): Generator<PublishedServer> {
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      if (chain.base && chain.base.type !== "nat") continue;
      for (const { body } of notable(chain.rules).rules) {
        let from: ValueSet | undefined;
        for (const item of body.items) {
          if (
            item.item === "condition" &&
            item.condition.kind === "match" &&
            item.condition.field === "iif"
          ) {
            from = item.condition.values;
          }
          if (item.item !== "statement" || item.statement.kind !== "nat") continue;
          const address = natCandidates(item.statement.to.addr, table);
          const sends = item.statement.nat === "dnat" || item.statement.nat === "netmap";
          if (sends && address) yield { address, from };
        }
      }
    }
  }
}
