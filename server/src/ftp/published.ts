import { IntervalSet } from "../model/interval-set.ts";
import type { Rule, Statement } from "../model/rule.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { UNPRIVILEGED_PORTS } from "../model/values.ts";
import { natCandidates } from "../netfilter/map-lookup.ts";
import { notable } from "../netfilter/notable.ts";
import type { IpFamily } from "../netfilter/packet.ts";
import { likelyRange } from "./verdict.ts";

/** A server behind DNAT: its address, and the interface from which it is published. */
export interface PublishedServer {
  readonly address: ValueSet;
  readonly family: IpFamily;
  /** Absent: from everywhere. */
  readonly from?: ValueSet;
}

/** The passive ports that DNAT rules forward: what they match besides the control port, intervals of eight at least. */
export function forwardedPorts(ruleset: Ruleset): IntervalSet<number> {
  const found = [...dnatConditions(ruleset)].map(({ ports }) => ports);
  return likelyRange(IntervalSet.unionOf(found).intersect(UNPRIVILEGED_PORTS));
}

/** The DNAT rules that are for some of these ports. */
export function rulesThatForward(ruleset: Ruleset, ports: IntervalSet<number>): Rule[] {
  return [...dnatConditions(ruleset)].filter((one) => one.ports.intersects(ports)).map(({ rule }) => rule);
}

function* dnatConditions(ruleset: Ruleset): Generator<{ rule: Rule; ports: IntervalSet<number> }> {
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      for (const rule of notable(chain.rules).rules) {
        const { items } = rule.body;
        if (!items.some((one) => one.item === "statement" && isDnat(one.statement))) continue;
        for (const one of items) {
          if (one.item !== "condition" || one.condition.kind !== "match" || one.condition.field !== "dport")
            continue;
          yield { rule, ports: one.condition.values as IntervalSet<number> };
        }
      }
    }
  }
}

function isDnat(statement: Statement): boolean {
  return statement.kind === "nat" && statement.nat === "dnat";
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
          if (sends && address) yield { address, family: familyOf(address), from };
        }
      }
    }
  }
}

/** IPv6's addresses are bigints. */
function familyOf({ bounds }: ValueSet): IpFamily {
  return typeof bounds[0] === "bigint" ? 6 : 4;
}
