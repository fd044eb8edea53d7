import type { IntervalSet } from "../model/interval-set.ts";
import type { Condition, Rule } from "../model/rule.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { numbers } from "../model/values.ts";
import type { Budget } from "../netfilter/budget.ts";
import { namesPort } from "../netfilter/named-port.ts";
import type { IpFamily } from "../netfilter/packet.ts";
import type { Slot } from "../netfilter/state.ts";
import { traceSteps } from "../netfilter/state.ts";
import { absoluteSpan } from "../text/origin.ts";
import { controlPorts, FTP_PORT, FTPS_PORT } from "./control-port.ts";
import type { Reading } from "./fragments.ts";
import { isAssumedDeny, readings } from "./fragments.ts";
import { acceptsExpected } from "./helper-intent.ts";
import type { KnownServer } from "./known-server.ts";
import { factsOf, offers, rivalsFor, serverFor } from "./known-server.ts";
import type { Outcome } from "./outcome.ts";
import { isLetIn } from "./outcome.ts";
import type { DataPorts } from "./passing.ts";
import { keyOf, portsOf } from "./passing.ts";
import { publishedServers } from "./published.ts";
import type { Mode, Role, Scenario } from "./scenario.ts";
import {
  FTP_DATA_PORT,
  FTPS_DATA_PORT,
  HOOK_OF_ROLE,
  HOST_ADDRESSES,
  MODES,
  openScenario,
  ROLES,
} from "./scenario.ts";
import { isPermitted, playModes } from "./session.ts";
import { VARIABLES } from "./variables.ts";
import type { Verdict } from "./verdict.ts";
import { clientClasses, commonVerdict, judge, judgeData, outcomesFor, passingPorts } from "./verdict.ts";

/** What the files cannot say: settings, options, the server's configuration. */
export interface Assumptions {
  readonly helper: "explicit" | "automatic";
  readonly modes: readonly Mode[];
  /** The server's passive range when it is known. */
  readonly passivePorts?: IntervalSet<number>;
  /** Roles to judge; by default all. */
  readonly roles?: readonly Role[];
  /** FTP servers whose configuration lies beside the rules. */
  readonly servers?: readonly KnownServer[];
}

export const DEFAULT_ASSUMPTIONS: Assumptions = { helper: "explicit", modes: MODES };

/** The verdict for one class of clients. */
export interface ClassVerdict {
  /** Undefined: any client. */
  readonly clients?: ValueSet;
  readonly verdict: Verdict;
  readonly passivePorts: IntervalSet<number>;
  /** Pairs of ports over which a whole transfer passes for certain. */
  readonly dataPorts: readonly DataPorts[];
  /** The rules that let these sessions in and name FTP; empty: nothing says that FTP is meant. */
  readonly anchors: readonly Rule[];
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
  /** Those of all classes. */
  readonly anchors: readonly Rule[];
  /** The FTP server that these sessions are meant for, where its configuration is known. */
  readonly server?: KnownServer;
  /** Where there are several that could be, all of them. */
  readonly rivals: readonly KnownServer[];
  /** Configured servers that these sessions are not for: on other ports, say. */
  readonly others: readonly KnownServer[];
  /** The verdict rests on default-deny where the file shows no policy. */
  readonly assumed: boolean;
}

/** Judges all sessions of a host for which the files permit the control connection. Throws BudgetExceeded. */
export function judgeHost(ruleset: Ruleset, given: Assumptions, budget: Budget): SessionCase[] {
  const cases: SessionCase[] = [];
  const portsFor = (role: Role) => [
    ...new Set([...controlPorts(ruleset), ...(role === "server" ? listeningPorts(given) : [])]),
  ];
  const families = familiesOf(ruleset);
  for (const reading of readings(ruleset)) {
    for (const role of given.roles ?? ROLES) {
      for (const family of families) {
        for (const port of portsFor(role))
          cases.push(...judgeModes(reading, role, family, port, given, budget));
      }
    }
  }
  if (given.roles) return withoutRepeats(cases);
  return withoutRepeats([...withoutHelperAlone(cases), ...clientsMeant(ruleset, cases, given, budget)]);
}

/** Where rules let in what the helper expects, but no FTP, the host is meant to be a client; its policy lets it out. */
function clientsMeant(
  ruleset: Ruleset,
  cases: readonly SessionCase[],
  given: Assumptions,
  budget: Budget,
): SessionCase[] {
  if (cases.some(({ role }) => role !== "gateway")) return [];
  const [reading] = readings(ruleset);
  const asked = { ...given, roles: ["client" as const] };
  return familiesOf(ruleset).flatMap((family) => {
    const anchors = acceptsExpected(ruleset, family).filter((rule) => mayConcern(rule, family));
    if (anchors.length === 0) return [];
    return judgeModes(reading!, "client", family, FTP_PORT, asked, budget)
      .filter(({ classes }) => classes.some(({ verdict }) => verdict.verdict !== "no-control"))
      .map((one) => ({ ...one, anchors, classes: one.classes.map((each) => ({ ...each, anchors })) }));
  });
}

/**
 * A helper in prerouting watches what is forwarded as well as what is for this host. Where rules for one of the two
 * name FTP, it is not there for the other.
 */
function withoutHelperAlone(cases: readonly SessionCase[]): SessionCase[] {
  const named = ({ anchors }: SessionCase) => anchors.some((rule) => !assignsHelper(rule));
  const isMeant = (one: SessionCase) =>
    cases.some((other) => other.scenario.controlPort === one.scenario.controlPort && named(other));
  return cases.filter((one) => named(one) || !isMeant(one));
}

function listeningPorts({ servers = [] }: Assumptions): number[] {
  return servers.flatMap(({ controlPort }) => (controlPort.value === "unknown" ? [] : [controlPort.value]));
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

function scenarioFor(
  role: Role,
  family: IpFamily,
  port: number,
  given: Assumptions,
  server: KnownServer | undefined,
): Scenario {
  const open = openScenario(role, "active", family);
  return {
    ...open,
    controlPort: port,
    // Nobody waits for data on the port that means FTP's control connection.
    clientPorts: open.clientPorts.subtract(numbers(port)),
    ...(port === FTPS_PORT ? { tls: "implicit" as const, dataPort: FTPS_DATA_PORT } : {}),
    helper: given.helper,
    ...(server && factsOf(server, family)),
    ...(given.passivePorts && { passivePorts: given.passivePorts, passiveRangeKnown: true }),
  };
}

function judgeModes(
  reading: Reading,
  role: Role,
  family: IpFamily,
  port: number,
  given: Assumptions,
  budget: Budget,
): SessionCase[] {
  const { ruleset } = reading;
  const onlyPermitted = given.roles === undefined;
  const publishes = publishedServers(ruleset).length > 0;
  const server = serverFor(given.servers ?? [], { role, port, family }, publishes);
  const modes = given.modes.filter((mode) => !server || offers(server, mode));
  const scenario = { ...scenarioFor(role, family, port, given, server), onlyPermitted, twoSided: true };
  const first = playModes(ruleset, scenario, modes, budget);
  if (port === FTPS_PORT && !server && scenario.dataPort === FTPS_DATA_PORT && modes.includes("active")) {
    // Some servers send from 989, others from 20: either will do where none is known.
    const other = { ...scenario, dataPort: FTP_DATA_PORT };
    const fromOther = playModes(ruleset, other, ["active"], budget).get("active") ?? [];
    if (passes(fromOther, other) && !passes(first.get("active") ?? [], scenario))
      first.set("active", fromOther);
  }
  const lost = [...first.values()][0]?.filter((one) => one.phase === "neighbour") ?? [];
  const all =
    lost.length > 0 ? playModes(ruleset, { ...scenario, assumeNeighbours: true }, modes, budget) : first;
  return modes.flatMap((mode) => {
    const outcomes = all.get(mode) ?? [];
    // A fragment does not show who else lets neighbour discovery in.
    const cold =
      lost.length > 0 && lost.length === first.get(mode)?.length && !lost.some(stoppedByAssumption);
    const rivals = rivalsFor(given.servers ?? [], role, port);
    const others = server ? [] : (given.servers ?? []);
    return judgeCase(reading, { ...scenario, mode }, outcomes, cold ? lost : undefined, {
      server,
      rivals,
      others,
    });
  });
}

function assignsHelper({ body }: Rule): boolean {
  return body.items.some(
    ({ item, ...rest }) =>
      item === "statement" &&
      "statement" in rest &&
      (rest.statement.kind === "setHelper" ||
        (rest.statement.kind === "byMap" && rest.statement.sets === "helper")),
  );
}

function passes(outcomes: readonly Outcome[], scenario: Scenario): boolean {
  return judgeData(outcomes, scenario)?.verdict === "works";
}

/** `lost`: what neighbour discovery stopped, when it stops everything. */
function judgeCase(
  reading: Reading,
  scenario: Scenario,
  all: readonly Outcome[],
  lost: readonly Outcome[] | undefined,
  { server, rivals, others }: Pick<SessionCase, "server" | "rivals" | "others">,
): SessionCase[] {
  const { ruleset } = reading;
  const { role, mode, family } = scenario;
  const wanted = !scenario.onlyPermitted;
  const outcomes = permitted(all, wanted).filter((one) => !bypassesDnat(one, ruleset));
  if (outcomes.length === 0) return [];
  const shown = lost ?? outcomes;
  const groups = groupByIntent(outcomes, ruleset, scenario, wanted);
  const classes = lost
    ? [{ ...noLogin(lost, scenario), anchors: groups.flatMap((group) => group.anchors) }]
    : groups.flatMap((group) => judgeClasses(group, scenario, ruleset));
  return [
    {
      reading,
      scenario,
      role,
      mode,
      family,
      outcomes: shown,
      classes,
      anchors: distinct([...groups, ...classes].flatMap((one) => one.anchors)),
      ...(server && { server }),
      rivals,
      others,
      assumed: shown.some(stoppedByAssumption),
    },
  ];
}

/** Outcomes whose control connection was let in by a rule, not by a policy alone; for a given role by either. */
function permitted(outcomes: readonly Outcome[], anyway: boolean): Outcome[] {
  return outcomes.filter(
    ({ phase, state }) => phase !== "neighbour" && phase !== "control-open" && (anyway || isPermitted(state)),
  );
}

/**
 * A client that dials a published server's inner address. The rule that accepts this address is there for what
 * DNAT sends on; from outside nobody can dial it.
 */
function bypassesDnat({ state }: Outcome, ruleset: Ruleset): boolean {
  const control = state.connections.control;
  if (!control || control.dnat) return false;
  const dialed = state.box.get(VARIABLES.dialed) as IntervalSet<never>;
  return publishedServers(ruleset).some(({ address }) => dialed.isSubsetOf(address as IntervalSet<never>));
}

function stoppedByAssumption(outcome: Outcome): boolean {
  const { stop } = outcome;
  return stop?.chain !== undefined && stop.rule === undefined && isAssumedDeny(stop.chain.policy);
}

function noLogin(outcomes: readonly Outcome[], scenario: Scenario): Omit<ClassVerdict, "anchors"> {
  return { verdict: judge(outcomes, scenario), passivePorts: passingPorts([]), dataPorts: [] };
}

/** The verdicts of one group, for each class of clients that fares differently. */
function judgeClasses(
  { outcomes, anchors }: IntentGroup,
  scenario: Scenario,
  ruleset: Ruleset,
): ClassVerdict[] {
  const controlled = outcomes.filter(isLetIn);
  if (controlled.length === 0) return [{ ...noLogin(outcomes, scenario), anchors }];
  const groups = new Map<string, ClassVerdict>();
  for (const { clients, isRest } of clientClasses(controlled)) {
    const these = outcomesFor(controlled, clients);
    const exact = judgeData(these, scenario);
    if (!exact) continue;
    const verdict = isRest ? commonVerdict(exact, these) : exact;
    const passivePorts = passingPorts(these);
    const { ports: dataPorts } = portsOf(these, scenario);
    const key = `${verdict.verdict} ${verdict.reason ?? ""} ${stopKey(verdict.outcome)} ${keyOf(dataPorts)}`;
    const same = groups.get(key);
    const together = same?.clients
      ? ((same.clients as IntervalSet<never>).union(clients as IntervalSet<never>) as ValueSet)
      : clients;
    groups.set(key, { clients: together, verdict, passivePorts, dataPorts, anchors });
  }
  const all = HOST_ADDRESSES[scenario.family] as IntervalSet<never>;
  return [...groups.values()].map((one) => {
    const { clients } = one;
    if (!clients || all.isSubsetOf(clients as IntervalSet<never>)) return { ...one, clients: undefined };
    return { ...one, anchors: anchorsFor(clients, anchors, ruleset, scenario) };
  });
}

/** Of very many rules that let FTP in one stands for all: a verdict belongs on those that are for its clients. */
function anchorsFor(
  clients: ValueSet,
  anchors: readonly Rule[],
  ruleset: Ruleset,
  scenario: Scenario,
): readonly Rule[] {
  const { role, family } = scenario;
  const letsIn = (rule: Rule) =>
    matches(rule).every(
      ({ field, values }) =>
        field !== `saddr${family}` ||
        (values as IntervalSet<never>).intersects(clients as IntervalSet<never>),
    );
  if (role === "client" || anchors.some(letsIn)) return anchors;
  const others = portRules(ruleset, scenario).filter(letsIn);
  return others.length > 0 ? others : anchors;
}

function stopKey(outcome: Outcome | undefined): string {
  if (!outcome?.stop) return "";
  const { chain, rule } = outcome.stop;
  return `${chain?.name} ${rule ? ruleKey(rule) : "policy"}`;
}

/** Names a rule by its place in the text. */
export function ruleKey(rule: Pick<Rule, "origin">): string {
  return `${rule.origin.file}:${absoluteSpan(rule.origin).start}`;
}

/** Sessions that the same rules let in, and the rules on which a finding about them belongs. */
interface IntentGroup {
  readonly outcomes: readonly Outcome[];
  /** Empty: nothing says that these sessions are meant to be FTP. */
  readonly anchors: readonly Rule[];
}

/** More rules than this that let FTP in are judged together. */
const MOST_GROUPS = 16;

/**
 * Groups sessions by the rules that let them in and name the control port: a rule that lets a whole network
 * in says nothing about FTP, and how those sessions fare is not what a rule for port 21 is to blame for.
 */
function groupByIntent(
  outcomes: readonly Outcome[],
  ruleset: Ruleset,
  scenario: Scenario,
  wanted: boolean,
): IntentGroup[] {
  const groups = new Map<string, { outcomes: Outcome[]; anchors: readonly Rule[] }>();
  for (const outcome of outcomes) {
    const { named, sentOn } = outcome.state.controlPermits;
    const anchors = named.length > 0 ? named : sentOn.length > 0 ? sentOn : outcome.state.helperRules;
    const key = groups.size < MOST_GROUPS ? anchors.map(ruleKey).join(" ") : "others";
    const group = groups.get(key);
    if (group) group.outcomes.push(outcome);
    else groups.set(key, { outcomes: [outcome], anchors });
  }
  const anyNamed = outcomes.some((one) => one.state.controlPermits.named.length > 0);
  return [...groups.values()].map((group) => {
    if (group.anchors.length > 0 || (anyNamed && !wanted)) return group;
    return { ...group, anchors: impliedAnchors(group.outcomes, ruleset, scenario, wanted) };
  });
}

/** Where no rule that lets FTP in names it: a rule for the port that is never reached, or what stops it. */
function impliedAnchors(
  outcomes: readonly Outcome[],
  ruleset: Ruleset,
  scenario: Scenario,
  wanted: boolean,
): readonly Rule[] {
  const shadowed = portRules(ruleset, scenario);
  if (shadowed.length > 0 || !wanted) return shadowed;
  for (const outcome of outcomes) {
    const accepting = acceptingRule(outcome, scenario.role, "control");
    if (accepting) return [accepting];
  }
  const stop = outcomes.find((one) => one.stop)?.stop;
  if (stop?.rule) return [stop.rule];
  const origin = stop?.chain?.policy.origin ?? stop?.chain?.origin ?? stop?.chain?.rules[0]?.origin;
  return origin ? [{ body: { items: [] }, origin, presence: "certain" }] : [];
}

/** The rule, whatever it names, that let the first packet of a connection through. */
export function acceptingRule({ state }: Outcome, role: Role, slot: Slot): Rule | undefined {
  return traceSteps(state.trace).find(
    ({ packet, hook, effect }) =>
      packet.startsWith(`${slot} SYN `) &&
      hook === HOOK_OF_ROLE[role] &&
      effect.kind === "verdict" &&
      effect.verdict === "accept",
  )?.rule;
}

/** Rules of the role's hook that accept the control port by name, whether reached or not. */
function portRules(ruleset: Ruleset, { role, family, controlPort }: Scenario): Rule[] {
  const found: Rule[] = [];
  for (const table of ruleset.tables.values()) {
    if (table.id.family === (family === 4 ? "ip6" : "ip")) continue;
    for (const chain of table.chains.values()) {
      if (chain.base?.hook !== HOOK_OF_ROLE[role]) continue;
      for (const rule of chain.rules) {
        const meant = acceptsOrJumps(rule) && namesPort(rule, controlPort, table);
        if (meant && mayConcern(rule, family)) found.push(rule);
      }
    }
  }
  return found;
}

/** Whether the rule can match packets of an IP version at all. */
function mayConcern(rule: Rule, family: IpFamily): boolean {
  return !matches(rule).some(({ field, values }) => {
    if (field === "nfproto") return !(values as IntervalSet<number>).has(family);
    return family === 6 ? field === "saddr4" || field === "daddr4" : field === "saddr6" || field === "daddr6";
  });
}

function matches({ body }: Rule): (Condition & { kind: "match" })[] {
  return body.items.flatMap((one) =>
    one.item === "condition" && one.condition.kind === "match" ? [one.condition] : [],
  );
}

function acceptsOrJumps(rule: Rule): boolean {
  return rule.body.items.some(
    (item) =>
      item.item === "statement" &&
      item.statement.kind === "verdict" &&
      ["accept", "jump", "goto"].includes(item.statement.verdict.type),
  );
}

function distinct(rules: readonly Rule[]): Rule[] {
  return [...new Map(rules.map((rule) => [ruleKey(rule), rule])).values()];
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
