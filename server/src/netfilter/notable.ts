import type { Rule, RuleBody } from "../model/rule.ts";

/** What a look at each rule of a chain finds; most rules of long chains only accept or drop. */
export interface Notable {
  /** Rules that do more: jump, assign a helper, translate addresses, mark … */
  readonly rules: readonly Rule[];
  /** Whether some rule accepts by itself. */
  readonly accepts: boolean;
}

const CACHE = new WeakMap<readonly Rule[], Notable>();

/** Kept as long as the list of rules is. */
export function notable(rules: readonly Rule[]): Notable {
  let found = CACHE.get(rules);
  if (!found) {
    let accepts = false;
    const more: Rule[] = [];
    for (const rule of rules) {
      const kind = kindOf(rule.body);
      if (kind === "accepts") accepts = true;
      else if (kind === "more") more.push(rule);
    }
    found = { rules: more, accepts };
    CACHE.set(rules, found);
  }
  return found;
}

function kindOf({ items }: RuleBody): "accepts" | "ends" | "more" {
  let kind: "accepts" | "ends" = "ends";
  for (const item of items) {
    if (item.item === "condition" || item.statement.kind === "noop") continue;
    if (item.statement.kind !== "verdict" || "chain" in item.statement.verdict) return "more";
    if (item.statement.verdict.type === "accept") kind = "accepts";
  }
  return kind;
}
