import type { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain, Ruleset } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import type { Budget } from "../netfilter/budget.ts";
import type { IpFamily } from "../netfilter/packet.ts";
import { traceSteps } from "../netfilter/state.ts";
import { absoluteSpan } from "../text/origin.ts";
import { controlPorts, namesPort, tableOf } from "./control-port.ts";
import type { Reading } from "./fragments.ts";
import { isAssumedDeny, readings } from "./fragments.ts";
import type { Mode, Role, Scenario } from "./scenario.ts";
import { HOST_ADDRESSES, MODES, openScenario, ROLES } from "./scenario.ts";
import type { Outcome } from "./session.ts";
import { playSession } from "./session.ts";
import type { Verdict } from "./verdict.ts";
import { clientClasses, judge, judgeData, outcomesFor, passingPorts } from "./verdict.ts";

/** What the files cannot say: settings, options, the server's configuration. */
export interface Assumptions {
  readonly helper: "explicit" | "automatic";
  readonly modes: readonly Mode[];
  /** The server's passive range when it is known. */
  readonly passivePorts?: IntervalSet<number>;
  /** Roles to judge; by default all. */
  readonly roles?: readonly Role[];
}

export const DEFAULT_ASSUMPTIONS: Assumptions = { helper: "explicit", modes: MODES };

/** The verdict for one class of clients. */
export interface ClassVerdict {
  /** Undefined: any client. */
  readonly clients?: ValueSet;
  readonly verdict: Verdict;
  readonly passivePorts: IntervalSet<number>;
}

/** One kind of FTP session whose control connection some rule permits. */
export interface SessionCase {
  readonly reading: Reading;
  readonly scenario: Scenario;
  readonly role: Role;
  readonly mode: Mode;
  readonly family: IpFamily;
  /** Only those whose control connection a rule permits. */
  readonly outcomes: readonly Outcome[];
  readonly classes: readonly ClassVerdict[];
  /** Rules that permit the control connection and name its port, or assign the helper; empty: no intent of FTP. */
  readonly anchors: readonly Rule[];
  /** The verdict rests on default-deny where the file shows no policy. */
  readonly assumed: boolean;
}

/** Judges all sessions of a host for which the files permit the control connection. Throws BudgetExceeded. */
export function judgeHost(ruleset: Ruleset, given: Assumptions, budget: Budget): SessionCase[] {
  const cases: SessionCase[] = [];
  const ports = controlPorts(ruleset);
  const families = familiesOf(ruleset);
  for (const reading of readings(ruleset)) {
    for (const role of given.roles ?? ROLES) {
      for (const family of families) {
        for (const port of ports) {
          for (const mode of given.modes) {
            const one = judgeCase(reading, role, mode, family, port, given, budget);
            if (one) cases.push(one);
          }
        }
      }
    }
  }
  return withoutRepeats(cases);
}

/** The families that the files mention. */
export function familiesOf(ruleset: Ruleset): IpFamily[] {
  const families = new Set<IpFamily>();
  for (const table of ruleset.tables.values()) {
    if (table.chains.size === 0) continue;
    if (table.id.family === "ip" || table.id.family === "inet") families.add(4);
    if (table.id.family === "ip6" || table.id.family === "inet") families.add(6);
  }
  return [...families].sort();
}

export function scenarioFor(
  role: Role,
  mode: Mode,
  family: IpFamily,
  port: number,
  given: Assumptions,
): Scenario {
  const open = openScenario(role, mode, family);
  return {
    ...open,
    controlPort: port,
    helper: given.helper,
    passivePorts: given.passivePorts ?? open.passivePorts,
    passiveRangeKnown: given.passivePorts !== undefined,
  };
}

function judgeCase(
  reading: Reading,
  role: Role,
  mode: Mode,
  family: IpFamily,
  port: number,
  given: Assumptions,
  budget: Budget,
): SessionCase | undefined {
  const scenario = { ...scenarioFor(role, mode, family, port, given), onlyPermitted: true };
  const { ruleset } = reading;
  const first = playSession(ruleset, scenario, budget);
  const lost = first.filter((one) => one.phase === "neighbour");
  // A fragment does not show who else lets neighbour discovery in.
  const cold = lost.length > 0 && lost.length === first.length && !lost.some(stoppedByAssumption);
  const all = lost.length > 0 ? playSession(ruleset, { ...scenario, assumeNeighbours: true }, budget) : first;
  const outcomes = permitted(all);
  if (outcomes.length === 0) return undefined;
  const shown = cold ? lost : outcomes;
  return {
    reading,
    scenario,
    role,
    mode,
    family,
    outcomes: shown,
    classes: judgeClasses(shown, scenario),
    anchors: anchorsOf(outcomes, ruleset, port),
    assumed: shown.some(stoppedByAssumption),
  };
}

/** Outcomes whose control connection was let in by a rule, not by a policy alone. */
function permitted(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter(
    (one) =>
      one.phase !== "neighbour" &&
      one.phase !== "control-open" &&
      (one.state.controlPermits.length > 0 || one.state.helperRules.length > 0),
  );
}

function stoppedByAssumption(outcome: Outcome): boolean {
  const { stop } = outcome;
  return stop?.chain !== undefined && stop.rule === undefined && isAssumedDeny(stop.chain.policy);
}

function judgeClasses(outcomes: readonly Outcome[], scenario: Scenario): ClassVerdict[] {
  const controlled = outcomes.filter((one) => one.verdict !== "no-control");
  if (controlled.length === 0) {
    return [{ verdict: judge(outcomes, scenario), passivePorts: passingPorts([]) }];
  }
  const groups = new Map<string, ClassVerdict>();
  for (const clients of clientClasses(controlled)) {
    const these = outcomesFor(controlled, clients);
    const verdict = judgeData(these, scenario);
    if (!verdict) continue;
    const passivePorts = passingPorts(these);
    const key = `${verdict.verdict} ${verdict.reason ?? ""} ${stopKey(verdict.outcome)} ${passivePorts.bounds.join(",")}`;
    const same = groups.get(key);
    const together = same?.clients
      ? ((same.clients as IntervalSet<never>).union(clients as IntervalSet<never>) as ValueSet)
      : clients;
    groups.set(key, { clients: together, verdict, passivePorts });
  }
  const all = HOST_ADDRESSES[scenario.family] as IntervalSet<never>;
  return [...groups.values()].map((one) =>
    one.clients && all.isSubsetOf(one.clients as IntervalSet<never>) ? { ...one, clients: undefined } : one,
  );
}

function stopKey(outcome: Outcome | undefined): string {
  if (!outcome?.stop) return "";
  const { chain, rule } = outcome.stop;
  return `${chain?.name} ${rule ? ruleKey(rule) : "policy"}`;
}

/** Names a rule by its place in the text. */
export function ruleKey(rule: Rule): string {
  return `${rule.origin.file}:${absoluteSpan(rule.origin).start}`;
}

/** The rules of a session on which a finding about FTP belongs, in order of the text. */
function anchorsOf(outcomes: readonly Outcome[], ruleset: Ruleset, port: number): Rule[] {
  const anchors = new Map<string, Rule>();
  const add = (rule: Rule) => anchors.set(ruleKey(rule), rule);
  for (const outcome of outcomes) {
    for (const rule of controlRules(outcome)) {
      if (namesPort(rule.rule, port, tableOf(ruleset, rule.chain.table))) add(rule.rule);
    }
  }
  if (anchors.size === 0)
    for (const outcome of outcomes) for (const rule of outcome.state.helperRules) add(rule);
  return [...anchors.values()];
}

/** The rules that let the first packet in: those that accepted it and those that jumped to them. */
function controlRules(outcome: Outcome): { rule: Rule; chain: Chain }[] {
  const rules: { rule: Rule; chain: Chain }[] = [];
  for (const { packet, hook, rule, chain, effect } of traceSteps(outcome.state.trace)) {
    if (!rule || !chain || !packet.startsWith("control SYN ")) continue;
    if (hook !== "input" && hook !== "forward" && hook !== "output") continue;
    if (effect.kind === "jump" || effect.kind === "verdict") rules.push({ rule, chain });
  }
  return rules;
}

/** A fragment's reading repeats what the whole file says already; the whole file's comes first. */
function withoutRepeats(cases: readonly SessionCase[]): SessionCase[] {
  const seen = new Set<string>();
  return cases.filter((one) => {
    const key = `${one.role} ${one.mode} ${one.family} ${one.anchors.map(ruleKey).sort().join(" ")}`;
    if (seen.has(key) && one.reading.fragment) return false;
    seen.add(key);
    return true;
  });
}
