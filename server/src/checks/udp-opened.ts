import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain } from "../model/ruleset.ts";
import { numbers, UNPRIVILEGED_PORTS } from "../model/values.ts";
import type { Check, CheckContext, Finding, Mend } from "./check.ts";
import { accepts, countOf, numbersOf, rulesOf, takesNew } from "./rule-facts.ts";
import { portsText } from "./server-config.ts";

const id = "udp-opened";

/** UDP is opened for FTP, which is TCP alone. */
export const udpOpened: Check = {
  id,
  severity: "hint",
  title: "UDP is opened for FTP, which uses TCP alone",
  repair: "rules",
  run: (context) => {
    const rules = [...rulesOf(context.host.ruleset)];
    return rules.flatMap(({ rule, chain }) => {
      const ports = udpPorts(rule);
      if (!ports || context.cases.length === 0) return [];
      const purpose = FTP_PORTS.intersect(ports).isEmpty ? rangeFor(rule, chain, ports, context) : "control";
      const isNeeded = purpose === "range" && !isOpenForTcp(ports, chain) && isServers(ports, context);
      return purpose ? [finding(rule, ports, purpose, isNeeded)] : [];
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

/** Whether a range of UDP ports is the passive range: the server's own, or what stands beside the rule for FTP. */
function rangeFor(
  rule: Rule,
  { rules }: Chain,
  ports: IntervalSet<number>,
  { cases, openedPorts }: CheckContext,
): "range" | undefined {
  const count = countOf(ports);
  if (!ports.isSubsetOf(UNPRIVILEGED_PORTS) || count < LEAST_RANGE || count > WIDEST) return undefined;
  const passive = cases.filter(({ mode }) => mode === "passive");
  const isKnown = passive.some(
    ({ scenario }) => scenario.passiveRangeKnown && scenario.passivePorts.equals(ports),
  );
  if (/ftp|pasv|passive/i.test(rule.body.comment ?? "")) return "range";
  // Telephony uses such ranges of UDP ports as well.
  if (rule.body.comment !== undefined) return undefined;
  if (isKnown) return "range";
  const isMissing = passive.some((one) => isBlocked(one) && openedPorts(one).ports.isEmpty);
  return isMissing && passive.some((one) => isBeside(rule, rules, one)) ? "range" : undefined;
}

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

function finding(
  rule: Rule,
  ports: IntervalSet<number>,
  purpose: "control" | "range",
  isNeeded: boolean,
): Finding {
  const which = purpose === "control" ? "ports of FTP" : "passive ports";
  const instead = isNeeded ? "Open them for TCP." : "The rule is of no use.";
  const removal: Mend = { title: "Remove the rule for UDP", changes: [{ kind: "remove", rule }] };
  const overTcp: Mend = {
    title: "Open these ports for TCP instead of UDP",
    strategy: "ports",
    changes: [{ kind: "tcp", rule }],
  };
  return {
    code: id,
    severity: "hint",
    message: `FTP uses TCP alone, but this rule opens the ${which} ${portsText(ports)} for UDP. ${instead}`,
    origin: rule.origin,
    related: [],
    cases: [],
    mends: isNeeded ? [overTcp, { ...removal, strategy: "helper" }] : [removal],
  };
}
