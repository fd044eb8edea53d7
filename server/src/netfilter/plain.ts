import type { Condition, Field, Rule, RuleBody, Verdict } from "../model/rule.ts";

/** A rule of a list: only tests that are never unknown, and one verdict. */
export interface Plain {
  readonly conditions: readonly (Condition & { kind: "match" })[];
  readonly verdict: Verdict;
  /** Equal for equal verdicts. */
  readonly decision: string;
}

const PLAIN = new WeakMap<RuleBody, Plain | "no">();

/** Undefined for a rule that does more, or asks something that may be unknown. */
export function plainOf(rule: Rule): Plain | undefined {
  if (rule.presence !== "certain") return undefined;
  let plain = PLAIN.get(rule.body);
  if (plain === undefined) {
    plain = computePlain(rule.body) ?? "no";
    PLAIN.set(rule.body, plain);
  }
  return plain === "no" ? undefined : plain;
}

/** Fields whose value is never unknown. */
const DECIDABLE: ReadonlySet<Field> = new Set<Field>([
  "nfproto",
  "l4proto",
  "iif",
  "oif",
  "saddr4",
  "daddr4",
  "saddr6",
  "daddr6",
  "sport",
  "dport",
  "tcpflags",
  "icmptype",
  "icmpv6type",
  "ctstate",
]);

const DECISIONS: ReadonlySet<Verdict["type"]> = new Set(["accept", "drop", "reject", "return"]);

function computePlain(body: RuleBody): Plain | undefined {
  const conditions: (Condition & { kind: "match" })[] = [];
  let verdict: Verdict | undefined;
  for (const item of body.items) {
    if (item.item === "condition") {
      const { condition } = item;
      if (verdict || condition.kind !== "match" || condition.mask !== undefined) return undefined;
      if (!DECIDABLE.has(condition.field)) return undefined;
      conditions.push(condition);
    } else if (item.statement.kind === "verdict" && !verdict) verdict = item.statement.verdict;
    else if (item.statement.kind !== "noop") return undefined;
  }
  if (!verdict || !DECISIONS.has(verdict.type)) return undefined;
  const decision = "answer" in verdict ? `${verdict.type} ${verdict.answer}` : verdict.type;
  return { conditions, verdict, decision };
}
