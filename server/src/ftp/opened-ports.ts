import { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import { UNPRIVILEGED_PORTS } from "../model/values.ts";
import type { Budget } from "../netfilter/budget.ts";
import { traceSteps } from "../netfilter/state.ts";
import type { SessionCase } from "./judgement.ts";
import { ruleKey } from "./judgement.ts";
import type { Outcome } from "./outcome.ts";
import type { Role } from "./scenario.ts";
import { playSession } from "./session.ts";
import { likelyRange, passingPorts } from "./verdict.ts";

/** The passive ports that rules open for everybody, whatever the helper sees. */
export interface OpenedPorts {
  /** Only what can serve as a range. */
  readonly ports: IntervalSet<number>;
  /** The rules that open them. */
  readonly rules: readonly Rule[];
}

const HOOK_OF_ROLE = { server: "input", client: "output", gateway: "forward" } as const satisfies Record<
  Role,
  string
>;

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
    const rule = outcome.verdict === "works" ? openingRule(outcome, scenario.role) : undefined;
    const range = outcome.state.box.get("passive port") as IntervalSet<number>;
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

/** The rule that lets the data connection's first packet through. */
function openingRule({ state }: Outcome, role: Role): Rule | undefined {
  return traceSteps(state.trace).find(
    ({ packet, hook, effect }) =>
      packet.startsWith("data SYN ") &&
      hook === HOOK_OF_ROLE[role] &&
      effect.kind === "verdict" &&
      effect.verdict === "accept",
  )?.rule;
}
