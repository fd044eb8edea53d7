import type { IntervalSet } from "../model/interval-set.ts";
import type { Condition, RuleItem } from "../model/rule.ts";
import { ALL_PORTS } from "../model/values.ts";
import { cover } from "../text/span.ts";

/**
 * Old tools load "the source port is not A, the destination port is not B" as one comparison: "the pair is not A and
 * B", which lets far more through (nftables before 1.1, iptables-nft before 1.8.11; measured with 1.0.6 and 1.8.9).
 * `items` with the two tests made one that is certain where both readings agree; `fact` completes "it depends on …".
 */
export function withJoinedPorts(items: readonly RuleItem[], fact: string): readonly RuleItem[] {
  const source = items.findIndex((item) => excludesOne(item, "sport"));
  const destination = items.findIndex((item) => excludesOne(item, "dport"));
  if (source < 0 || destination < 0) return items;
  const [first, second] = [Math.min(source, destination), Math.max(source, destination)];
  const tests = [conditionOf(items[first]!), conditionOf(items[second]!)];
  const span = cover(tests[0]!.span, tests[1]!.span);
  const either: Condition = { kind: "anyOf", conditions: tests, span };
  const old: Condition = { kind: "opaque", fact, stable: true, span };
  const joined: Condition = {
    kind: "anyOf",
    conditions: [
      { kind: "allOf", conditions: tests, span },
      { kind: "allOf", conditions: [either, old], span },
    ],
    span,
  };
  return items.flatMap((item, i): RuleItem[] => {
    if (i === first) return [{ item: "condition", condition: joined }];
    return i === second ? [] : [item];
  });
}

function conditionOf(item: RuleItem): Condition {
  if (item.item !== "condition") throw new Error("not a condition");
  return item.condition;
}

/** Any port but one, as `!= 21` has it. */
function excludesOne(item: RuleItem, field: "sport" | "dport"): boolean {
  if (item.item !== "condition" || item.condition.kind !== "match" || item.condition.field !== field)
    return false;
  const rest = ALL_PORTS.subtract(item.condition.values as IntervalSet<number>);
  return rest.intervalCount === 1 && rest.end === (rest.min ?? 0) + 1;
}
