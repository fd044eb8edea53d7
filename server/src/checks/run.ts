import type { SessionCase } from "../ftp/judgement.ts";
import { pathMtuStop } from "../ftp/path-mtu.ts";
import { playSession } from "../ftp/session.ts";
import { judgeData } from "../ftp/verdict.ts";
import type { Budget } from "../netfilter/budget.ts";
import type { Stop } from "../netfilter/chain.ts";
import type { CheckContext, Finding } from "./check.ts";
import { CHECKS } from "./registry.ts";

/** Runs every check on the sessions of one host. Throws BudgetExceeded. */
export function runChecks(cases: readonly SessionCase[], budget: Budget): Finding[] {
  const intended = cases.filter((one) => one.anchors.length > 0);
  const known = new Map<SessionCase, boolean>();
  const stops = new Map<SessionCase, Stop | undefined>();
  const context: CheckContext = {
    cases: intended,
    wouldPassWithHelper: (one) => {
      let passes = known.get(one);
      if (passes === undefined) {
        passes = !hasHelper(one) && passesWithHelper(one, budget);
        known.set(one, passes);
      }
      return passes;
    },
    icmpErrorStop: (one) => {
      if (!stops.has(one)) stops.set(one, icmpErrorStop(one, budget));
      return stops.get(one);
    },
  };
  return CHECKS.flatMap((check) => check.run(context));
}

/** Where it depends on something else whether the error passes, nothing is said. */
export function icmpErrorStop(one: SessionCase, budget: Budget): Stop | undefined {
  for (const { verdict, anchors } of one.classes) {
    if (verdict.verdict !== "works" || anchors.length === 0 || !verdict.outcome) continue;
    const stop = pathMtuStop(one.reading.ruleset, one.scenario, verdict.outcome.state, budget);
    if (stop) return stop;
  }
  return undefined;
}

/** Whether the control connections of the blocked sessions have the helper already. */
function hasHelper(one: SessionCase): boolean {
  return one.outcomes.some(
    (outcome) => outcome.verdict === "blocked" && outcome.state.connections.control?.helper !== undefined,
  );
}

function passesWithHelper(one: SessionCase, budget: Budget): boolean {
  const scenario = { ...one.scenario, helper: "forced" as const };
  const outcomes = playSession(one.reading.ruleset, scenario, budget);
  const named = outcomes.filter((outcome) => outcome.state.controlPermits.named.length > 0);
  // Where more is unknown (a rate limit), the helper is still what is certainly missing.
  const verdict = judgeData(named.length > 0 ? named : outcomes, scenario)?.verdict;
  return verdict === "works" || verdict === "unknown";
}
