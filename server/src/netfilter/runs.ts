import { IntervalSet } from "../model/interval-set.ts";
import type { Condition, Rule, RuleBody, Verdict } from "../model/rule.ts";
import type { ValueSet } from "../model/values.ts";

/**
 * Neighbouring rules that are the same but for one set of addresses or ports, such as a list of blocked or
 * allowed hosts: together they are one rule with the union of the sets. Thousands then cost as much as one.
 */
export interface RuleRun {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
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

export function findRuns(rules: readonly Rule[]): RuleRun[] {
  const runs: RuleRun[] = [];
  let start = 0;
  while (start < rules.length) {
    const shape = shapeOf(rules[start]!);
    let end = start + 1;
    if (shape) while (end < rules.length && shapeOf(rules[end]!)?.key === shape.key) end++;
    if (shape && end - start >= SHORTEST) runs.push(makeRun(rules, start, end, shape));
    start = end;
  }
  return runs;
}

/** The run that a rule belongs to. */
export function runAt(runs: readonly RuleRun[], index: number): RuleRun | undefined {
  let low = 0;
  let high = runs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const run = runs[middle]!;
    if (index < run.start) high = middle - 1;
    else if (index >= run.end) low = middle + 1;
    else return run;
  }
  return undefined;
}

function makeRun(rules: readonly Rule[], start: number, end: number, shape: Shape): RuleRun {
  const sets: ValueSet[] = [];
  for (let i = start; i < end; i++) {
    const { conditions, varying } = shapeOf(rules[i]!)!;
    sets.push((conditions[varying] as Condition & { kind: "match" }).values);
  }
  const values = IntervalSet.unionOf(sets as IntervalSet[]) as ValueSet;
  const conditions = shape.conditions.map((one, i) =>
    i === shape.varying && one.kind === "match" ? { ...one, values } : one,
  );
  return { start, end, conditions, varying: shape.varying, verdict: shape.verdict };
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

const ADDRESS = /^[sd]addr[46]$/;
const PORT = /^[sd]port$/;

function computeShape(body: RuleBody): Shape | undefined {
  const conditions: (Condition & { kind: "match" })[] = [];
  let verdict: Verdict | undefined;
  for (const item of body.items) {
    if (item.item === "condition") {
      const { condition } = item;
      if (verdict || condition.kind !== "match" || condition.mask !== undefined) return undefined;
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
  return { key: `${fixed.join(";")};${verdict.type}`, varying, conditions, verdict };
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
  for (let i = run.start; i < run.end; i++) {
    const condition = shapeOf(rules[i]!)?.conditions[run.varying];
    if (condition?.kind === "match" && meets(condition.values)) return rules[i]!;
  }
  return rules[run.start]!;
}
