import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain } from "../model/ruleset.ts";
import { numbers, UNPRIVILEGED_PORTS } from "../model/values.ts";
import type { Check, CheckContext, Finding, Mend, RuleChange } from "./check.ts";
import { accepts, countOf, matchOf, numbersOf, takesNew } from "./rule-facts.ts";
import { rulesAbout } from "./rules-about.ts";
import { portsText } from "./server-config.ts";

const id = "udp-opened";

/** UDP is opened for FTP, which is TCP alone. */
export const udpOpened: Check = {
  id,
  severity: "hint",
  title: "UDP is opened for FTP, which uses TCP alone",
  repair: "rules",
  run: (context) => {
    if (context.cases.length === 0) return [];
    return [...rulesAbout(context.host.ruleset, "udp")].flatMap(({ rule, chain }) => {
      const ports = udpPorts(rule);
      if (!ports) return [];
      const named = FTP_PORTS.intersect(ports);
      if (!named.isEmpty) return [controlFinding(rule, ports, named, isOpenForTcp(named, chain))];
      const sign = signOfRange(rule, chain, ports, context);
      if (!sign) return [];
      const isNeeded = !isOpenForTcp(ports, chain) && isServers(ports, context);
      return [rangeFinding(rule, ports, sign === "guess", isNeeded)];
    });
  },
};

/** No service uses these over UDP. */
const FTP_PORTS = IntervalSet.unionOf([numbers(20), numbers(21)]);

const UDP = 17;
const TCP = 6;

/** The ports that a rule opens for UDP alone. */
function udpPorts(rule: Rule): IntervalSet<number> | undefined {
  const protocols = numbersOf(rule, "l4proto");
  const ports = numbersOf(rule, "dport");
  if (!protocols?.equals(numbers(UDP)) || !ports || !accepts(rule) || !takesNew(rule)) return undefined;
  const named = FTP_PORTS.intersect(ports);
  // In an interval of many ports nobody means FTP's two.
  return named.isEmpty || countOf(ports) <= MOST_NAMED ? ports : undefined;
}

const MOST_NAMED = 10;
const LEAST_RANGE = 8;
const WIDEST = 10_000;
/** Rules for one service stand together. */
const FARTHEST = 2;

/** What tells that a range of UDP ports is meant to be the passive one: the author, the server, or its place alone. */
function signOfRange(
  rule: Rule,
  { rules }: Chain,
  ports: IntervalSet<number>,
  { cases, openedPorts }: CheckContext,
): "certain" | "guess" | undefined {
  const count = countOf(ports);
  if (!ports.isSubsetOf(UNPRIVILEGED_PORTS) || count < LEAST_RANGE || count > WIDEST) return undefined;
  const passive = cases.filter(({ mode }) => mode === "passive");
  const isKnown = passive.some(
    ({ scenario }) => scenario.passiveRangeKnown && scenario.passivePorts.equals(ports),
  );
  if (/ftp|pasv|passive/i.test(rule.body.comment ?? "")) return "certain";
  if (rule.body.comment !== undefined || isOthers(ports, rules)) return undefined;
  if (isKnown) return "certain";
  const isMissing = passive.some((one) => isBlocked(one) && openedPorts(one).ports.isEmpty);
  return isMissing && passive.some((one) => isBeside(rule, rules, one)) ? "guess" : undefined;
}

/** Ranges of UDP ports that belong to something else: traceroute, mosh, and the media ports of telephony. */
function isOthers(ports: IntervalSet<number>, rules: readonly Rule[]): boolean {
  const telephony = rules.some((one) => {
    const opened = numbersOf(one, "dport");
    return opened !== undefined && accepts(one) && opened.intersects(SIGNALLING);
  });
  return telephony || ports.intersects(TRACEROUTE) || ports.isSubsetOf(MOSH);
}

const TRACEROUTE = numbers(33434, 33534);
const MOSH = numbers(60000, 61000);
/** STUN and SIP. */
const SIGNALLING = IntervalSet.unionOf([3478, 5060, 5061].map((port) => numbers(port)));

/** Whether the server may use these: they are its range, or nothing says which its range is. */
function isServers(ports: IntervalSet<number>, { cases }: CheckContext): boolean {
  return cases.every(
    ({ scenario: { passiveRangeKnown, passivePorts } }) => !passiveRangeKnown || passivePorts.equals(ports),
  );
}

function isBlocked({ classes }: SessionCase): boolean {
  return classes.some(({ verdict }) => verdict.verdict === "blocked");
}

function isBeside(rule: Rule, rules: readonly Rule[], { anchors }: SessionCase): boolean {
  const at = (wanted: Rule) => rules.findIndex((one) => ruleKey(one) === ruleKey(wanted));
  const here = at(rule);
  return anchors.some((anchor) => at(anchor) >= 0 && Math.abs(at(anchor) - here) <= FARTHEST);
}

/** Whether the same ports are open for TCP as well. */
function isOpenForTcp(ports: IntervalSet<number>, { rules }: Chain): boolean {
  return rules.some(
    (one) =>
      accepts(one) &&
      (numbersOf(one, "l4proto")?.has(TCP) ?? false) &&
      ports.isSubsetOf(numbersOf(one, "dport") ?? IntervalSet.empty()),
  );
}

function controlFinding(
  rule: Rule,
  ports: IntervalSet<number>,
  named: IntervalSet<number>,
  isDoubled: boolean,
): Finding {
  const others = ports.subtract(FTP_PORTS);
  const { span } = matchOf(rule, "dport")!;
  const changes: RuleChange[] = others.isEmpty
    ? [{ kind: "remove", rule }]
    : [20, 21].filter((port) => named.has(port)).map((port) => ({ kind: "without-port", rule, span, port }));
  const which = countOf(named) > 1 ? "ports" : "port";
  const doubled = isDoubled ? " For TCP they are open already." : "";
  return {
    code: id,
    severity: "hint",
    message: `FTP uses TCP alone, but this rule opens FTP's ${which} ${portsText(named)} for UDP, where nothing listens.${doubled}`,
    origin: rule.origin,
    related: [],
    cases: [],
    mends: [{ title: `Do not open FTP's ${which} for UDP`, changes }],
  };
}

function rangeFinding(rule: Rule, ports: IntervalSet<number>, isGuess: boolean, isNeeded: boolean): Finding {
  const meant = isGuess ? "which look like FTP's passive ports" : "FTP's passive ports";
  const instead = isNeeded
    ? isGuess
      ? "If that is what they are meant to be, open them for TCP."
      : "Open them for TCP."
    : "The rule is of no use.";
  const removal: Mend = { title: "Remove the rule for UDP", changes: [{ kind: "remove", rule }] };
  const overTcp: Mend = {
    title: "Open these ports for TCP instead of UDP",
    strategy: "ports",
    changes: [{ kind: "tcp", rule }],
  };
  const certain = isNeeded ? [overTcp, { ...removal, strategy: "helper" as const }] : [removal];
  return {
    code: id,
    severity: "hint",
    message: `FTP uses TCP alone, but this rule opens the ports ${portsText(ports)}, ${meant}, for UDP. ${instead}`,
    origin: rule.origin,
    related: [],
    cases: [],
    // What they are for if not for FTP nobody knows: then the rule is not to go.
    mends: isGuess ? [{ ...overTcp, isGuess }] : certain,
  };
}
