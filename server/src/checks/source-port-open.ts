import type { Reading } from "../ftp/fragments.ts";
import type { SessionCase } from "../ftp/judgement.ts";
import { familiesOf, ruleKey } from "../ftp/judgement.ts";
import { FTP_DATA_PORT, FTPS_DATA_PORT } from "../ftp/scenario.ts";
import { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import { CT_STATE } from "../model/rule.ts";
import { numbers } from "../model/values.ts";
import type { IpFamily } from "../netfilter/packet.ts";
import type { Check, CheckContext, Finding, Mend } from "./check.ts";
import {
  accepts,
  asksForInterface,
  asksForReceiver,
  asksForSender,
  countOf,
  matchOf,
  numbersOf,
  takesNew,
} from "./rule-facts.ts";
import { rulesAbout } from "./rules-about.ts";

const id = "source-port-open";

/** The ports that FTP's servers send from: anybody can send from them. */
const FTP_SOURCES = IntervalSet.unionOf([20, 21, FTPS_DATA_PORT, 990].map((port) => numbers(port)));

const DATA_SOURCES = IntervalSet.unionOf([FTP_DATA_PORT, FTPS_DATA_PORT].map((port) => numbers(port)));

/** Reaching fewer ports is what a rule for one service looks like. */
const LEAST_PORTS = 1000;

/** A rule lets in whoever sends from port 20 or 21: a source port is no proof of anything. */
export const sourcePortOpen: Check = {
  id,
  severity: "warning",
  title: "Whoever sends from FTP's port 20 or 21 reaches every port that this rule covers",
  repair: "rules",
  run: (context) => {
    const found = new Map<string, Finding>();
    for (const hole of holes(context)) {
      // Rules of one text by themselves, so that all of their values are told.
      const key = [ruleKey(hole.rule), ...hole.rule.origin.frames.map(({ detail }) => detail)].join();
      if (!found.has(key)) found.set(key, finding(hole));
    }
    return [...found.values()];
  },
};

interface Hole {
  readonly rule: Rule;
  readonly role: "client" | "gateway";
  readonly source: number;
  readonly ports: IntervalSet<number>;
}

function* holes(context: CheckContext): Generator<Hole> {
  const { ruleset } = context.host;
  const suspects = [...rulesAbout(ruleset, "source port")]
    .filter(({ rule }) => isSuspect(rule))
    .map(({ rule }) => rule);
  if (suspects.length === 0) return;
  for (const reading of context.readings) {
    for (const family of familiesOf(ruleset)) {
      yield* holesIn(context, reading, family, suspects);
    }
  }
}

function* holesIn(
  { openedBy }: CheckContext,
  { ruleset }: Reading,
  family: IpFamily,
  suspects: readonly Rule[],
): Generator<Hole> {
  for (const rule of suspects) {
    for (const role of ["client", "gateway"] as const) {
      // Which of its sides the author trusts is for the author to say.
      if (role === "gateway" && matchOf(rule, "iif")) continue;
      const ports = openedBy(rule, suspects, ruleset, { role, family, sourcePorts: FTP_SOURCES });
      if (countOf(ports) < LEAST_PORTS) continue;
      yield { rule, role, source: numbersOf(rule, "sport")!.min!, ports };
    }
  }
}

/** Accepts new connections by where they come from, of whoever sends them. */
function isSuspect(rule: Rule): boolean {
  const from = numbersOf(rule, "sport");
  return (
    from !== undefined &&
    !from.isEmpty &&
    from.isSubsetOf(FTP_SOURCES) &&
    accepts(rule) &&
    takesNew(rule) &&
    !asksForSender(rule)
  );
}

function finding({ rule, role, source, ports }: Hole): Finding {
  // Between two networks the author may trust the one that the packets come from.
  const sided = role === "gateway" && (asksForInterface(rule) || asksForReceiver(rule));
  return {
    code: id,
    severity: sided ? "info" : "warning",
    message: message(rule, role, source, ports),
    origin: rule.origin,
    related: [],
    cases: [] as SessionCase[],
    mends: numbersOf(rule, "sport")!.isSubsetOf(DATA_SOURCES) ? dataMends(rule) : controlMends(rule),
    role,
  };
}

function message(rule: Rule, role: Hole["role"], source: number, ports: IntervalSet<number>): string {
  const what = ports.has(22) ? "every port" : "every unprivileged port";
  const whose = role === "client" ? "of this host" : "of the hosts behind it";
  const start = `This rule lets in whoever sends from port ${source}: the sender chooses its source port, so anybody reaches ${what} ${whose} that way.`;
  if (source === FTP_DATA_PORT || source === FTPS_DATA_PORT) {
    return `${start} Let the conntrack helper recognise the server's data connections instead, and accept what is RELATED.`;
  }
  const server = matchOf(rule, "dport")
    ? ""
    : " (A server's own rule for FTP names port 21 as the destination.)";
  return `${start} Answers from port ${source} belong to connections that this side opened: accept only ESTABLISHED.${server}`;
}

/** Active mode by the helper: the rule itself goes. */
function dataMends(rule: Rule): Mend[] {
  const title = "Let in data connections by the conntrack helper instead of by their source port";
  const titleAlone = "Remove the rule: FTP's data connections pass without it";
  return [{ title, titleAlone, changes: [{ kind: "remove", rule }] }];
}

/** Answers belong to established connections. Whoever accepts RELATED as well keeps it. */
function controlMends(rule: Rule): Mend[] {
  const title = "Accept only answers to connections that were opened from here";
  const states = matchOf(rule, "ctstate");
  if (states) {
    const names = answerStates(states.values as IntervalSet<number>);
    if (names.length === 0) return [{ title, changes: [{ kind: "remove", rule }] }];
    const by = {
      nft: `ct state ${names.join(",")}`,
      iptables: `--ctstate ${names.join(",").toUpperCase()}`,
    };
    return [{ title, changes: [{ kind: "replace", rule, span: states.span, by }] }];
  }
  const by = { nft: "ct state established", iptables: "-m conntrack --ctstate ESTABLISHED" };
  return [{ title, changes: [{ kind: "require", rule, at: matchOf(rule, "sport")!.span.end, by }] }];
}

function answerStates(values: IntervalSet<number>): string[] {
  return (["established", "related"] as const).filter((name) => values.has(CT_STATE[name]));
}
