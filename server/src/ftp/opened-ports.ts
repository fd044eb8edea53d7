import { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import { UNPRIVILEGED_PORTS } from "../model/values.ts";
import type { Budget } from "../netfilter/budget.ts";
import type { SessionCase } from "./judgement.ts";
import { acceptingRule, ruleKey } from "./judgement.ts";
import { playSession } from "./session.ts";
import { VARIABLES } from "./variables.ts";
import { likelyRange, passingPorts } from "./verdict.ts";

/** The passive ports that rules open for everybody, whatever the helper sees. */
export interface OpenedPorts {
  /** Only what can serve as a range. */
  readonly ports: IntervalSet<number>;
  /** The rules that open them. */
  readonly rules: readonly Rule[];
}

/** Which ports a passive session would find open if the helper saw nothing. Throws BudgetExceeded. */
export function openedPorts({ reading, scenario }: SessionCase, budget: Budget): OpenedPorts {
  const blind = {
    ...scenario,
    mode: "passive" as const,
    tls: "explicit" as const,
    passivePorts: UNPRIVILEGED_PORTS,
    passiveRangeKnown: false,
  };
  const outcomes = playSession(reading.ruleset, blind, budget);
  const ports = likelyRange(passingPorts(outcomes));
  const rules = new Map<string, Rule>();
  for (const outcome of outcomes) {
    const rule = outcome.verdict === "works" ? acceptingRule(outcome, scenario.role, "data") : undefined;
    const range = outcome.state.box.get(VARIABLES.passivePort) as IntervalSet<number>;
    if (rule && range.intersects(ports)) rules.set(ruleKey(rule), rule);
  }
  // A rule that lets a whole network out opens these ports as well, but not for FTP's sake.
  const ordered = [...rules.values()].sort((a, b) => Number(namesPorts(b)) - Number(namesPorts(a)));
  return { ports: rules.size > 0 ? ports : IntervalSet.empty(), rules: ordered };
}

function namesPorts({ body }: Rule): boolean {
  return body.items.some(
    (one) => one.item === "condition" && "field" in one.condition && one.condition.field === "dport",
  );
}
