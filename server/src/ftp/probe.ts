import { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { ALL_PORTS, bigints, sizeOf, v4Prefix } from "../model/values.ts";
import { Box, variable } from "../netfilter/box.ts";
import type { Budget } from "../netfilter/budget.ts";
import { newRun } from "../netfilter/chain.ts";
import type { IpFamily } from "../netfilter/packet.ts";
import { FLAGS, TCP } from "../netfilter/packet.ts";
import type { State } from "../netfilter/state.ts";
import { traceSteps } from "../netfilter/state.ts";
import type { Sending } from "../netfilter/traverse.ts";
import { traverse } from "../netfilter/traverse.ts";
import { mapChains } from "./fragments.ts";
import { ruleKey } from "./judgement.ts";
import type { Role } from "./scenario.ts";
import { HOOK_OF_ROLE, HOST_ADDRESSES, openScenario } from "./scenario.ts";
import { newSession } from "./session.ts";
import { VARIABLES } from "./variables.ts";

/** A port scan: of this host ("server", "client") or of the hosts behind it ("gateway"). */
export interface Probe {
  readonly role: Role;
  readonly family: IpFamily;
  /** Where the scanner sends from. */
  readonly sourcePorts: IntervalSet<number>;
}

/** Which TCP ports a new connection of any stranger reaches: a port scan on sets. Throws BudgetExceeded. */
export function reachedPorts(
  ruleset: Ruleset,
  asked: Probe,
  budget: Budget,
): { readonly all: IntervalSet<number>; readonly byPolicy: IntervalSet<number> } {
  const scanned = scan(ruleset, asked, ALL_PORTS, budget);
  const passed = scanned.passed.filter((state) => isFromAnywhere(state, asked.family));
  const portsOf = (states: readonly State[]) =>
    IntervalSet.unionOf(states.map((state) => state.box.get(VARIABLES.passivePort) as IntervalSet<number>));
  const hook = asked.role === "gateway" ? HOOK_OF_ROLE.gateway : HOOK_OF_ROLE.server;
  return {
    all: portsOf(passed),
    byPolicy: portsOf(passed.filter((state) => !isAcceptedByRule(state, hook))),
  };
}

/** What is scanned, and what may be found open that was not. */
export interface Opening extends Probe {
  /** Ports on which control connections are let in. */
  readonly control: IntervalSet<number>;
  /** Ports that may be opened to whoever reaches one of those. */
  readonly data: IntervalSet<number>;
}

/** More cases than this are not compared. */
const MOST_COMPARED = 20_000;

/**
 * Whether strangers reach more than before and than FTP needs: other ports, or the data ports without being let in to
 * the control port. Where there is too much to compare the answer is no. Throws BudgetExceeded.
 */
export function opensMore(before: Ruleset, after: Ruleset, asked: Opening, budget: Budget): boolean {
  const boxesOf = (ruleset: Ruleset, ports: IntervalSet<number>) => {
    const { passed, isComplete } = scan(ruleset, asked, ports, budget);
    return isComplete ? distinct(passed.map(({ box }) => projected(box))) : undefined;
  };
  const [earlier, now, control] = [
    boxesOf(before, ALL_PORTS),
    boxesOf(after, ALL_PORTS),
    boxesOf(after, asked.control),
  ];
  if (!earlier || !now || !control) return false;
  // A client may use another port of its own for data than for the control connection.
  const allowed = control.map((box) =>
    box.with(VARIABLES.passivePort, asked.data).with(VARIABLES.controlPort, asked.sourcePorts),
  );
  const known = [...earlier, ...allowed];
  if (now.length * known.length > MOST_COMPARED) return false;
  return now.some((box) => !isCovered(box, known));
}

function isCovered(box: Box, by: readonly Box[]): boolean {
  let rest = [box];
  for (const one of by) {
    rest = rest.flatMap((left) => left.subtract(one));
    if (rest.length === 0) return true;
    if (rest.length > MOST_COMPARED) return true;
  }
  return false;
}

/** What tells one stranger's connection from another's. */
const SCANNED = [
  VARIABLES.client,
  VARIABLES.dialed,
  VARIABLES.clientInterface,
  VARIABLES.serverInterface,
  VARIABLES.controlPort,
  VARIABLES.passivePort,
];

function projected(box: Box): Box {
  return new Box(Object.fromEntries(SCANNED.map((name) => [name, box.get(name)])));
}

function distinct(boxes: readonly Box[]): Box[] {
  return [...new Map(boxes.map((box) => [box.setIds().join(" "), box])).values()];
}

/** The connections to these ports that get in. */
function scan(
  ruleset: Ruleset,
  { role, family, sourcePorts }: Probe,
  ports: IntervalSet<number>,
  budget: Budget,
): { readonly passed: readonly State[]; readonly isComplete: boolean } {
  const run = newRun(ruleset, "explicit", budget);
  const { box, ...rest } = newSession(openScenario(role, "passive", family));
  const scanned = new Box({
    ...setsOf(box),
    [VARIABLES.controlPort]: sourcePorts,
    [VARIABLES.passivePort]: ports,
  });
  const { passed } = traverse(run, [{ ...rest, box: scanned }], probe(role, family));
  return { passed, isComplete: run.leftOut.length === 0 };
}

/** Who comes from private addresses is no stranger. */
const PUBLIC: Record<IpFamily, ValueSet> = {
  4: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].reduce(
    (rest, prefix) => rest.subtract(v4(prefix)),
    HOST_ADDRESSES[4] as IntervalSet<number>,
  ),
  // Global unicast: 2000::/3.
  6: bigints(1n << 125n, (1n << 126n) - 1n),
};

function v4(prefix: string): IntervalSet<number> {
  const [address, length] = prefix.split("/") as [string, string];
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return v4Prefix(number, Number(length));
}

/** A rule for so few addresses, or a list of such rules, is for somebody that the author knows. */
const LEAST_STRANGERS: Record<IpFamily, number> = { 4: 2 ** 25, 6: 2 ** 112 };

function isFromAnywhere({ box }: State, family: IpFamily): boolean {
  const clients = box.get(VARIABLES.client) as IntervalSet<never>;
  return sizeOf(clients.intersect(PUBLIC[family] as IntervalSet<never>)) >= LEAST_STRANGERS[family];
}

/** The ports that are reached by a rule, and by none but the others of `suspects`. */
export function portsOpenedBy(
  rule: Rule,
  suspects: readonly Rule[],
  ruleset: Ruleset,
  asked: Probe,
  budget: Budget,
): IntervalSet<number> {
  const others = suspects.filter((one) => ruleKey(one) !== ruleKey(rule));
  const withIt = reachedPorts(without(ruleset, others), asked, budget).all;
  return withIt.subtract(reachedPorts(without(ruleset, suspects), asked, budget).all);
}

function without(ruleset: Ruleset, rules: readonly Rule[]): Ruleset {
  if (rules.length === 0) return ruleset;
  const keys = new Set(rules.map(ruleKey));
  return mapChains(ruleset, (chain) => {
    const kept = chain.rules.filter((one) => !keys.has(ruleKey(one)));
    return kept.length === chain.rules.length ? chain : { ...chain, rules: kept };
  });
}

function setsOf(box: Box) {
  return Object.fromEntries(box.variables().map((name) => [name, box.get(name)]));
}

function probe(role: Role, family: IpFamily): Sending {
  return {
    label: "probe SYN client -> server",
    slot: "control",
    sender: "client",
    path: role === "gateway" ? "through" : "in",
    family,
    l4proto: TCP,
    tuple: {
      saddr: variable(VARIABLES.client),
      daddr: variable(VARIABLES.dialed),
      sport: variable(VARIABLES.controlPort),
      dport: variable(VARIABLES.passivePort),
    },
    flags: FLAGS.syn,
    iif: variable(VARIABLES.clientInterface),
    oif: role === "gateway" ? variable(VARIABLES.serverInterface) : undefined,
  };
}

function isAcceptedByRule(state: State, hook: string): boolean {
  return traceSteps(state.trace).some(
    ({ hook: at, effect }) => at === hook && effect.kind === "verdict" && effect.verdict === "accept",
  );
}
