import { controlPorts } from "../ftp/control-port.ts";
import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import { verdictsOf } from "../model/jumps.ts";
import type { Field, Rule, Statement } from "../model/rule.ts";
import { CT_STATE } from "../model/rule.ts";
import type { Chain, Table } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { numbers } from "../model/values.ts";
import { namesPort } from "../netfilter/named-port.ts";
import { TCP } from "../netfilter/packet.ts";
import type { Check, CheckContext, Finding } from "./check.ts";
import type { Match } from "./rule-facts.ts";
import { accepts, conditionsOf, denies, statementsOf, takesNew } from "./rule-facts.ts";

const id = "ftp-rule-unreachable";

/** A rule that lets FTP in stands behind one that takes every packet first. */
export const ftpRuleUnreachable: Check = {
  id,
  severity: "error",
  title: "A rule that lets FTP in is never reached: an earlier one drops everything that it is for",
  repair: "rules",
  run: (context) => [...unreachable(context)].map((one) => finding(one, context)),
};

interface Unreachable {
  readonly rule: Rule;
  readonly before: Rule;
  readonly chain: Chain;
  /** The earlier rule is for FTP as well: which of the two is meant is for the author to say. */
  readonly contradicts: boolean;
}

function* unreachable({ host }: CheckContext): Generator<Unreachable> {
  const ports = controlPorts(host.ruleset);
  for (const table of host.ruleset.tables.values()) {
    if (table.dormant) continue;
    for (const chain of table.chains.values()) {
      if (!chain.base || chain.base.type === "filter") yield* unreachableIn(chain, table, ports);
    }
  }
}

function* unreachableIn(chain: Chain, table: Table, ports: readonly number[]): Generator<Unreachable> {
  const seen: Rule[] = [];
  for (const rule of chain.rules) {
    if (letsFtpIn(rule, ports, table)) {
      const before = seen.find((earlier) => takesAllOf(earlier, rule));
      const contradicts = before !== undefined && ports.some((port) => namesPort(before, port, table));
      // Behind a rule that accepts the same packets it is of no use, and no harm either.
      if (before && !accepts(before)) yield { rule, before, chain, contradicts };
    }
    const decides = accepts(rule) || deniesAll(rule, table);
    if (decides && rule.presence === "certain") seen.push(rule);
  }
}

/** Denies what it matches by itself, or sends it to a chain that does: one that logs and drops, say. */
function deniesAll(rule: Rule, { chains }: Table): boolean {
  if (denies(rule)) return true;
  const [verdict, ...others] = [...verdictsOf(rule.body)];
  if (others.length > 0 || (verdict?.type !== "jump" && verdict?.type !== "goto")) return false;
  for (const one of chains.get(verdict.chain)?.rules ?? []) {
    const isUnconditional = conditionsOf(one).length === 0 && one.presence === "certain";
    if (isUnconditional && denies(one)) return true;
    if (!statementsOf(one).every(({ kind }) => HARMLESS.has(kind))) return false;
  }
  return false;
}

/** Statements after which the packet goes on to the next rule. */
const HARMLESS: ReadonlySet<Statement["kind"]> = new Set(["noop", "setMark"] as const);

function letsFtpIn(rule: Rule, ports: readonly number[], table: Table): boolean {
  return accepts(rule) && takesNew(rule) && ports.some((port) => namesPort(rule, port, table));
}

/** What the first packet of a control connection is, whether the rule asks for it or not. */
const FIRST_PACKET: Partial<Record<Field, ValueSet>> = {
  l4proto: numbers(TCP),
  ctstate: numbers(CT_STATE.new),
  tcpflags: numbers(2),
};

/** Whether each test of the earlier rule is one that the packets of the later rule pass for certain. */
function takesAllOf(earlier: Rule, later: Rule): boolean {
  const tests = conditionsOf(later);
  return conditionsOf(earlier).every((wanted) => {
    if (wanted.kind !== "match" || wanted.mask !== undefined) return false;
    const values = wanted.values as IntervalSet<never>;
    const given = tests.find((one): one is Match => one.kind === "match" && one.field === wanted.field);
    const known =
      wanted.field === "ctstate" ? undefined : given?.mask === undefined ? given?.values : undefined;
    const packets = known ?? FIRST_PACKET[wanted.field];
    return packets !== undefined && (packets as IntervalSet<never>).isSubsetOf(values);
  });
}

/** Where another rule lets FTP in as well, this one is needed for some clients at most. */
function isLetInByOther({ anchors }: SessionCase, rule: Rule): boolean {
  return anchors.some((anchor) => ruleKey(anchor) !== ruleKey(rule));
}

function finding({ rule, before, chain, contradicts }: Unreachable, { cases }: CheckContext): Finding {
  const hook = chain.base?.hook;
  const role = hook === "output" ? "client" : hook === "forward" ? "gateway" : "server";
  const others = cases.filter((one) => one.role === role && isLetInByOther(one, rule));
  const advice = contradicts
    ? "One of the two is not meant: remove it."
    : "The first rule that decides wins, whatever stands behind it. Move this rule up, before that one.";
  return {
    code: id,
    severity: others.length > 0 || contradicts ? "warning" : "error",
    message: `This rule lets FTP in, but no packet reaches it: a rule further up in chain ${chain.name} takes everything that it is for. ${advice}`,
    origin: rule.origin,
    related: [
      {
        message: `${contradicts ? "FTP" : "Everything"} is dropped or rejected here, before the rule for FTP.`,
        origin: before.origin,
      },
    ],
    cases: [],
    mends: contradicts
      ? []
      : [
          {
            title: "Move the rule up, before the one that takes everything",
            changes: [{ kind: "move", rule, before }],
          },
        ],
  };
}
