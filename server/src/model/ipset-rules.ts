import type { IpsetTest } from "./ipset.ts";
import { ipsetCondition, type KnownIpset } from "./ipset-condition.ts";
import type { Condition, RuleBody, RuleItem } from "./rule.ts";

interface Uses {
  readonly tests: readonly IpsetTest[];
  /** Sets that the rule fills or empties (`-j SET`). */
  readonly changes: readonly { readonly set: string; readonly adds: boolean }[];
}

const NONE: Uses = { tests: [], changes: [] };
const USES = new WeakMap<RuleBody, Uses>();

/** The ipsets that a rule tests and those that it changes. */
export function ipsetsOf(body: RuleBody): Uses {
  let uses = USES.get(body);
  if (uses === undefined) {
    const tests = body.items.flatMap((item) =>
      item.item === "condition" && item.condition.kind === "opaque" ? (item.condition.ipset ?? []) : [],
    );
    const changes = body.items.flatMap((item) =>
      item.item === "statement" && item.statement.kind === "noop" ? (item.statement.ipsets ?? []) : [],
    );
    uses = tests.length + changes.length === 0 ? NONE : { tests, changes };
    USES.set(body, uses);
  }
  return uses;
}

/** Whether the rule cannot be without the set. */
export function usesIpset(body: RuleBody, set: string): boolean {
  const { tests, changes } = ipsetsOf(body);
  return tests.some((one) => one.set === set) || changes.some((one) => one.set === set);
}

/** The rule with what its ipsets hold in place of their names. */
export function withIpsets(body: RuleBody, find: (set: string) => KnownIpset | undefined): RuleBody {
  if (ipsetsOf(body).tests.length === 0) return body;
  const items = body.items.map(
    (item): RuleItem =>
      item.item === "condition" ? { item: "condition", condition: bound(item.condition, find) } : item,
  );
  return { ...body, items };
}

function bound(condition: Condition, find: (set: string) => KnownIpset | undefined): Condition {
  if (condition.kind !== "opaque" || condition.ipset === undefined) return condition;
  const { ipset, span } = condition;
  return find(ipset.set) === undefined ? condition : ipsetCondition(ipset, find, span);
}
