import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import type { Rule } from "../model/rule.ts";
import { ALL_PORTS, numbers, UNPRIVILEGED_PORTS } from "../model/values.ts";
import { namesPort } from "../netfilter/named-port.ts";
import type { Check, CheckContext, Finding, Mend } from "./check.ts";
import { familyNames } from "./describe.ts";
import {
  accepts,
  asksForInterface,
  asksForReceiver,
  asksForSender,
  countOf,
  matchOf,
  NO_PORTS,
  numbersOf,
  takesNew,
} from "./rule-facts.ts";
import { rulesAbout } from "./rules-about.ts";
import { portsText } from "./server-config.ts";

const id = "high-ports-open";

/** Half of the unprivileged ports. Fewer may be the range that a server is pinned to: 49152-65535, say. */
const LEAST_PORTS = 32_000;

/** Nearly all unprivileged ports are open to everybody, so that passive FTP passes. */
export const highPortsOpen: Check = {
  id,
  severity: "warning",
  title: "All unprivileged ports are open to everybody, not only FTP's data connections",
  repair: "rules",
  run: (context) => {
    const suspects = [...rulesAbout(context.host.ruleset, "high ports")]
      .map(({ rule }) => rule)
      .filter(isSuspect);
    if (suspects.length === 0) return [];
    const groups = new Map<string, { rule: Rule; cases: SessionCase[] }>();
    for (const one of context.cases) {
      for (const rule of suspects) {
        if (!opensHighPorts(rule, suspects, one, context)) continue;
        const group = groups.get(ruleKey(rule)) ?? { rule, cases: [] };
        group.cases.push(one);
        groups.set(ruleKey(rule), group);
      }
    }
    return [...groups.values()].map(({ rule, cases }) => finding(rule, cases));
  },
};

function isSuspect(rule: Rule): boolean {
  const ports = numbersOf(rule, "dport")?.intersect(UNPRIVILEGED_PORTS) ?? NO_PORTS;
  return (
    countOf(ports) >= LEAST_PORTS &&
    accepts(rule) &&
    takesNew(rule) &&
    !asksForSender(rule) &&
    !isForOtherService(rule)
  );
}

/** The author says what the ports are for, and it is not FTP. */
function isForOtherService({ body: { comment } }: Rule): boolean {
  return comment !== undefined && !/ftp|pasv|passive|data/i.test(comment);
}

/** Whoever lets FTP in by every interface, and this by one, trusts those who come by that one. */
function isForTrusted(rule: Rule, { anchors }: SessionCase): boolean {
  return asksForInterface(rule) && !anchors.some(asksForInterface);
}

/** Whether the rule opens them on an FTP server, or on a gateway towards the one that it stands before. */
function opensHighPorts(
  rule: Rule,
  suspects: readonly Rule[],
  one: SessionCase,
  { openedBy, reached }: CheckContext,
): boolean {
  const { role, mode, family, reading } = one;
  if (mode !== "passive" || role === "client" || isForTrusted(rule, one)) return false;
  if (role === "gateway" && !asksForReceiver(rule)) return false;
  const probe = { role, family, sourcePorts: UNPRIVILEGED_PORTS };
  const opened = openedBy(rule, suspects, reading.ruleset, probe);
  if (countOf(opened.intersect(UNPRIVILEGED_PORTS)) < LEAST_PORTS) return false;
  // Where everything is open anyway, this rule opens nothing.
  return countOf(ALL_PORTS.subtract(reached(reading.ruleset, probe).all)) >= LEAST_CLOSED;
}

/** A firewall that denies what it does not name leaves at least so many privileged ports closed. */
const LEAST_CLOSED = 256;

function finding(rule: Rule, cases: readonly SessionCase[]): Finding {
  const ports = numbersOf(rule, "dport")!.intersect(UNPRIVILEGED_PORTS);
  const whose = cases[0]!.role === "server" ? "on this server" : "on the server behind it";
  const sided = asksForInterface(rule);
  const whom = sided ? "whoever comes in by this interface" : "everybody";
  return {
    code: id,
    // The interface may be that of a network that the author trusts.
    severity: sided ? "info" : "warning",
    message: `This rule opens ${portsText(ports)} to ${whom} (${familyNames(cases)}): passive FTP passes, and so does a connection to whatever else listens ${whose} on a high port, such as a database or a proxy. Track FTP with the conntrack helper, or open only the passive range that the server is pinned to.`,
    origin: rule.origin,
    related: cases
      .flatMap(({ anchors }) => anchors)
      .slice(0, 1)
      .map(({ origin }) => ({ message: "FTP is let in here.", origin })),
    cases,
    mends: mends(rule),
    role: cases[0]!.role,
  };
}

function mends(rule: Rule): Mend[] {
  const { span } = matchOf(rule, "dport")!;
  const others = numbersOf(rule, "dport")!.subtract(numbers(1024, 65535));
  const keeps = !others.isEmpty || namesPort(rule, 21, undefined);
  return [
    {
      title: "Track FTP with the conntrack helper instead of opening every high port",
      titleAlone: "Close the high ports: FTP's data connections pass without them",
      strategy: "helper",
      overAllPorts: true,
      changes: [keeps ? { kind: "narrow", rule, span, to: "nothing" } : { kind: "remove", rule }],
    },
    {
      title: "Open the passive range alone",
      strategy: "ports",
      changes: [{ kind: "narrow", rule, span, to: "range" }],
    },
  ];
}
