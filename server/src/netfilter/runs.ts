import { IntervalSet } from "../model/interval-set.ts";
import type { Condition, Field, Rule, RuleBody, Verdict } from "../model/rule.ts";
import type { ValueSet } from "../model/values.ts";
import type { ChainIndex } from "./rule-key.ts";
import { nextCandidate } from "./rule-key.ts";

/**
 * Rules that are the same but for one set of addresses or ports, such as a list of blocked or allowed hosts, and
 * that a packet meets one after the other: together they are one rule with the union of the sets. Thousands then
 * cost as much as one, also when rules that cannot match the packet stand between them.
 */
export interface RuleRun {
  /** Places of the rules in their chain. */
  readonly members: readonly number[];
  readonly last: number;
  /** What all have in common, with the union in place of the single sets. */
  readonly conditions: readonly Condition[];
  /** Which of the conditions differs from rule to rule. */
  readonly varying: number;
  readonly verdict: Verdict;
}

/** Shorter runs are not worth it, and single rules explain themselves better. */
const SHORTEST = 16;

interface Shape {
  readonly key: string;
  /** Index of the condition that varies. */
  readonly varying: number;
  readonly conditions: readonly Condition[];
  readonly verdict: Verdict;
}

const SHAPES = new WeakMap<RuleBody, Shape | "none">();

/** The run that begins with a rule, for a packet with these bounds; undefined when it is short. */
export function gatherRun(
  index: ChainIndex,
  rules: readonly Rule[],
  packet: readonly number[],
  first: number,
): RuleRun | undefined {
  const shape = shapeOf(rules[first]!);
  if (!shape) return undefined;
  const members = [first];
  for (let next = first; ; ) {
    next = nextCandidate(index, packet, next + 1, rules.length);
    if (next >= rules.length || shapeOf(rules[next]!)?.key !== shape.key) break;
    members.push(next);
  }
  if (members.length < SHORTEST) return undefined;
  const last = members[members.length - 1]!;
  const key = `${first} ${last} ${members.length}`;
  const known = index.gathered.get(key) as RuleRun | undefined;
  if (known?.members.every((member, i) => member === members[i])) return known;
  const run = makeRun(rules, members, shape);
  index.gathered.set(key, run);
  return run;
}

function makeRun(rules: readonly Rule[], members: readonly number[], shape: Shape): RuleRun {
  const { varying, verdict } = shape;
  const sets = members.map((member) => {
    const condition = shapeOf(rules[member]!)!.conditions[varying]!;
    return (condition as Condition & { kind: "match" }).values;
  });
  const values = IntervalSet.unionOf(sets as IntervalSet[]) as ValueSet;
  const conditions = shape.conditions.map((one, i) =>
    i === varying && one.kind === "match" ? { ...one, values } : one,
  );
  return { members, last: members[members.length - 1]!, conditions, varying, verdict };
}

function shapeOf(rule: Rule): Shape | undefined {
  if (rule.presence !== "certain") return undefined;
  let shape = SHAPES.get(rule.body);
  if (shape === undefined) {
    shape = computeShape(rule.body) ?? "none";
    SHAPES.set(rule.body, shape);
  }
  return shape === "none" ? undefined : shape;
}

/** Fields whose value is never unknown: a run is decided as a whole, without assumptions. */
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

const ADDRESS = /^[sd]addr[46]$/;
const PORT = /^[sd]port$/;

function computeShape(body: RuleBody): Shape | undefined {
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
  if (verdict?.type !== "accept" && verdict?.type !== "drop" && verdict?.type !== "reject") return undefined;
  const varying = varyingCondition(conditions);
  if (varying < 0) return undefined;
  const fixed = conditions.map(
    (one, i) => `${one.field}=${i === varying ? "" : one.values.bounds.join(",")}`,
  );
  return { key: `${fixed.join(";")};${JSON.stringify(verdict)}`, varying, conditions, verdict };
}

/** The one address that is tested, or where there is none the one port; -1 when it is not clear. */
function varyingCondition(conditions: readonly (Condition & { kind: "match" })[]): number {
  for (const pattern of [ADDRESS, PORT]) {
    const found = conditions.flatMap((one, i) => (pattern.test(one.field) ? [i] : []));
    if (found.length === 1) return found[0]!;
    if (found.length > 1) return -1;
  }
  return -1;
}

/** The first rule of a run whose varying set meets `values`. */
export function firstOfRun(rules: readonly Rule[], run: RuleRun, meets: (values: ValueSet) => boolean): Rule {
  for (const member of run.members) {
    const condition = shapeOf(rules[member]!)?.conditions[run.varying];
    if (condition?.kind === "match" && meets(condition.values)) return rules[member]!;
  }
  return rules[run.members[0]!]!;
}
