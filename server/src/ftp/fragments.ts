import { jumpTargets, verdictsOf } from "../model/jumps.ts";
import type { Rule, RuleBody } from "../model/rule.ts";
import { CT_STATE } from "../model/rule.ts";
import type { BaseChain, Chain, Hook, Policy, Ruleset, Table, TableId } from "../model/ruleset.ts";
import { numbers } from "../model/values.ts";
import { notable } from "../netfilter/notable.ts";

/**
 * A file often shows only a part of the firewall. An accept rule in a built-in chain without a policy, or in a
 * chain that nothing in the file reaches (ufw's, DOCKER-USER, a snippet), would be pointless unless everything
 * else is dropped: so such chains are judged as default-deny, and what rests on that says so.
 */
export interface Reading {
  readonly ruleset: Ruleset;
  /** Chains of the file that nothing in it reaches stand in for the base chains of their hook. */
  readonly fragment: boolean;
}

const DENY: Policy = { verdict: "drop", stated: false, presence: "certain" };

/** The ways to read a ruleset: as it stands, and, where there are loose chains, those by themselves. */
export function readings(ruleset: Ruleset): Reading[] {
  const whole = mapChains(ruleset, (chain, table) =>
    chain.base && !chain.policy.stated && isUnstatedFilter(chain) && accepts(chain, table)
      ? { ...chain, policy: DENY }
      : chain,
  );
  const loose = looseRuleset(ruleset);
  const result: Reading[] = [{ ruleset: whole, fragment: false }];
  if (loose) result.push({ ruleset: loose, fragment: true });
  return result;
}

/** Whether a stop by this chain's policy rests on the assumption. */
export function isAssumedDeny(policy: Policy): boolean {
  return policy.verdict === "drop" && !policy.stated;
}

/** nft's default policy is accept and nft prints it, so only iptables' chains leave theirs open. */
function isUnstatedFilter(chain: Chain): boolean {
  return chain.table.backend === "iptables" && chain.table.name === "filter";
}

export function mapChains(ruleset: Ruleset, change: (chain: Chain, table: Table) => Chain): Ruleset {
  let changed = false;
  const tables = new Map<string, Table>();
  for (const [key, table] of ruleset.tables) {
    const chains = new Map<string, Chain>();
    for (const [name, chain] of table.chains) {
      const after = change(chain, table);
      changed ||= after !== chain;
      chains.set(name, after);
    }
    tables.set(key, { ...table, chains });
  }
  return changed ? { ...ruleset, tables } : ruleset;
}

/** Chains that a table's base chains lead to. */
function reachable(table: Table, roots: readonly string[]): Set<string> {
  const seen = new Set<string>(roots);
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const rule of notable(table.chains.get(name)?.rules ?? []).rules) {
      for (const target of jumpTargets(rule.body, table)) {
        if (seen.has(target)) continue;
        seen.add(target);
        queue.push(target);
      }
    }
  }
  return seen;
}

/** Whether the chain, or one it jumps to, accepts anything. */
function accepts(chain: Chain, table: Table): boolean {
  for (const name of reachable(table, [chain.name])) {
    const { rules, accepts: one } = notable(table.chains.get(name)?.rules ?? []);
    if (one) return true;
    for (const rule of rules) {
      for (const verdict of verdictsOf(rule.body)) if (verdict.type === "accept") return true;
    }
  }
  return false;
}

/** The chains that nothing reaches, hung below an assumed default-deny chain of their hook. */
function looseRuleset(ruleset: Ruleset): Ruleset | undefined {
  let found = false;
  const tables = new Map<string, Table>();
  for (const [key, table] of ruleset.tables) {
    const loose = looseChains(table);
    if (loose.length === 0) {
      tables.set(key, table);
      continue;
    }
    found = true;
    tables.set(key, { ...table, chains: hang(table, loose) });
  }
  return found ? { ...ruleset, tables } : undefined;
}

function looseChains(table: Table): Chain[] {
  const { backend, family, name } = table.id;
  if (backend === "iptables" ? name !== "filter" : !["ip", "ip6", "inet"].includes(family)) return [];
  const bases = [...table.chains.values()].filter((chain) => chain.base).map((chain) => chain.name);
  const reached = reachable(table, bases);
  const unreached = [...table.chains.values()].filter((chain) => !reached.has(chain.name));
  const jumpedTo = new Set<string>();
  for (const chain of unreached) {
    for (const rule of notable(chain.rules).rules) {
      for (const target of jumpTargets(rule.body, table)) if (target !== chain.name) jumpedTo.add(target);
    }
  }
  const roots = unreached.filter((chain) => !jumpedTo.has(chain.name));
  return roots.filter((chain) => accepts(chain, table) && !chain.rules.some(acceptsEverything));
}

/** ufw-user-limit-accept and the like: a chain to jump to from elsewhere, not a place where packets come in. */
function acceptsEverything({ body }: Rule): boolean {
  return (
    [...verdictsOf(body)].some((one) => one.type === "accept") &&
    body.items.every((one) => one.item === "statement")
  );
}

function hang(table: Table, loose: readonly Chain[]): ReadonlyMap<string, Chain> {
  const hooks = new Map<Hook, Chain[]>();
  for (const chain of loose) {
    const hook = likelyHook(chain.name);
    hooks.set(hook, [...(hooks.get(hook) ?? []), chain]);
  }
  const chains = new Map(table.chains);
  for (const chain of table.chains.values()) {
    if (chain.base?.type === "filter" && hooks.has(chain.base.hook) && chain.base.priority === 0) {
      chains.delete(chain.name);
    }
  }
  for (const [hook, members] of hooks) {
    const name = `(${hook})`;
    chains.set(name, standIn(table.id, name, hook, members));
  }
  return chains;
}

function standIn(table: TableId, name: string, hook: Hook, members: readonly Chain[]): Chain {
  const base: BaseChain = { type: "filter", hook, priority: 0, devices: [] };
  const rules = members.flatMap((chain) => jumpTo(chain));
  // Were answers not accepted elsewhere, no accept rule of the fragment would have any effect.
  const first = rules[0];
  if (first) rules.unshift({ ...first, body: ACCEPT_ESTABLISHED });
  return { table, name, base, policy: DENY, rules };
}

function jumpTo(chain: Chain): Rule[] {
  const origin = chain.origin ?? chain.rules[0]?.origin;
  if (!origin) return [];
  const statement = {
    kind: "verdict",
    verdict: { type: "jump", chain: chain.name },
    span: origin.span,
  } as const;
  return [{ body: { items: [{ item: "statement", statement }] }, origin, presence: "certain" }];
}

const NO_SPAN = { start: 0, end: 0 };

const ACCEPT_ESTABLISHED: RuleBody = {
  items: [
    {
      item: "condition",
      condition: { kind: "match", field: "ctstate", values: numbers(CT_STATE.established), span: NO_SPAN },
    },
    { item: "statement", statement: { kind: "verdict", verdict: { type: "accept" }, span: NO_SPAN } },
  ],
};

/** Which hook a loose chain is meant for, by its name; most are for what comes in. */
function likelyHook(name: string): Hook {
  if (/out/i.test(name)) return "output";
  if (/for?wa?r?d|fwd|docker|route/i.test(name)) return "forward";
  return "input";
}
