import type { Host } from "../convert/host.ts";
import { readings } from "../ftp/fragments.ts";
import type { SessionCase } from "../ftp/judgement.ts";
import { openedPorts } from "../ftp/opened-ports.ts";
import { pathMtuStop } from "../ftp/path-mtu.ts";
import { portsOpenedBy, reachedPorts } from "../ftp/probe.ts";
import type { Scenario } from "../ftp/scenario.ts";
import { playSession } from "../ftp/session.ts";
import { judgeData, outcomesFor } from "../ftp/verdict.ts";
import type { Budget } from "../netfilter/budget.ts";
import type { Stop } from "../netfilter/chain.ts";
import type { Origin } from "../text/origin.ts";
import type { Cause, Check, CheckContext, Finding } from "./check.ts";
import { blockedClasses } from "./describe.ts";
import { oncePerText } from "./loop-values.ts";
import { meantForFtp } from "./meant-range.ts";
import { CHECKS } from "./registry.ts";

export interface CheckOptions {
  /** Those to run. */
  readonly checks?: readonly Check[];
  /** How connections come by a helper. */
  readonly helper?: CheckContext["helper"];
}

/** Runs the checks, by default every one, on the sessions of one host. Throws BudgetExceeded. */
export function runChecks(
  host: Host,
  cases: readonly SessionCase[],
  budget: Budget,
  { checks = CHECKS, helper = "explicit" }: CheckOptions = {},
): Finding[] {
  const context: CheckContext = {
    host,
    helper,
    readings: readings(host.ruleset),
    allCases: cases,
    sessionOf: (ruleset, scenario) => playSession(ruleset, scenario, budget),
    reached: (ruleset, probe) => reachedPorts(ruleset, probe, budget),
    openedBy: (rule, suspects, ruleset, probe) => portsOpenedBy(rule, suspects, ruleset, probe, budget),
    cases: cases.filter((one) => one.anchors.length > 0),
    causeOf: remembered((one) => causeOf(one, context.openedPorts, budget)),
    openedPorts: remembered((one) => meantForFtp(one, openedPorts(one, budget))),
    icmpErrorStop: remembered((one) => icmpErrorStop(one, budget)),
  };
  return withoutExplained(oncePerText(checks.flatMap((check) => check.run(context))));
}

/** What another finding points to as its cause is said there. */
function withoutExplained(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ file, statement }: Origin) => `${file}:${statement.start}`;
  const explained = new Set(
    findings
      .filter((one) => !one.isCause)
      .flatMap(({ related }) =>
        related.filter(({ explains }) => explains).map(({ origin }) => keyOf(origin)),
      ),
  );
  return findings.filter((one) => !one.isCause || !explained.has(keyOf(one.origin)));
}

function remembered<Result>(find: (one: SessionCase) => Result): (one: SessionCase) => Result {
  const found = new Map<SessionCase, Result>();
  return (one) => {
    if (!found.has(one)) found.set(one, find(one));
    return found.get(one) as Result;
  };
}

function causeOf(one: SessionCase, opened: CheckContext["openedPorts"], budget: Budget): Cause | undefined {
  if (blockedClasses(one).length === 0) return undefined;
  const { scenario, server, mode } = one;
  if (scenario.tls !== "none" && passesAs({ ...scenario, tls: "none" }, one, budget)) return "tls";
  const fromServer =
    server !== undefined && !server.doubtful && scenario.passivePorts === server.passivePorts.value;
  if (fromServer && mode === "passive" && !opened(one).ports.isEmpty) return "range";
  return !hasHelper(one) && passesAs({ ...scenario, helper: "forced" }, one, budget) ? "helper" : "data";
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

/** Whether the clients that are blocked would pass in another scenario. */
function passesAs(scenario: Scenario, one: SessionCase, budget: Budget): boolean {
  const outcomes = playSession(one.reading.ruleset, scenario, budget).filter((each) => !each.undecided);
  const named = outcomes.filter((outcome) => outcome.state.controlPermits.named.length > 0);
  return blockedClasses(one).every(({ clients }) => {
    const all = named.length > 0 ? named : outcomes;
    const verdict = judgeData(clients ? outcomesFor(all, clients) : all, scenario);
    // Where more is unknown (a rate limit), that is still what is certainly in the way.
    return (
      verdict?.verdict === "works" || (verdict?.verdict === "unknown" && verdict.assumption !== undefined)
    );
  });
}
