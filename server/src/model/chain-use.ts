import { jumpTargets } from "./jumps.ts";
import type { Rule } from "./rule.ts";

interface ChainOfRules {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** The chains that iptables -X cannot delete: those with rules, and those that a rule leads to. Rules that may be there do not count. */
export function chainsInUse(chains: Iterable<ChainOfRules>): ReadonlySet<string> {
  const used = new Set<string>();
  for (const chain of chains) {
    for (const rule of chain.rules) {
      if (rule.presence !== "certain") continue;
      used.add(chain.name);
      for (const target of jumpTargets(rule.body, { sets: new Map() })) used.add(target);
    }
  }
  return used;
}
