import { controlPorts, FTP_PORT } from "../ftp/control-port.ts";
import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import { FTP_DATA_PORT } from "../ftp/scenario.ts";
import { IntervalSet } from "../model/interval-set.ts";
import { verdictsOf } from "../model/jumps.ts";
import type { Condition, Field, Rule, Statement } from "../model/rule.ts";
import { CT_STATE } from "../model/rule.ts";
import type { Chain, Table } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { name, numbers, UNPRIVILEGED_PORTS } from "../model/values.ts";
import { namesPort } from "../netfilter/named-port.ts";
import { TCP } from "../netfilter/packet.ts";
import type { Check, CheckContext, Finding } from "./check.ts";
import type { Match } from "./rule-facts.ts";
import {
  accepts,
  conditionsOf,
  countOf,
  denies,
  matchOf,
  numbersOf,
  statementsOf,
  takesNew,
} from "./rule-facts.ts";
import { rulesOfChainAbout } from "./rules-about.ts";

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
  /** Rules for its data connections that stand behind it and are as dead. */
  readonly companions: readonly Rule[];
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
  const candidates = candidatesIn(chain, table, ports);
  if (candidates.size === 0) return;
  const seen = new Deciders();
  for (const rule of chain.rules) {
    if (candidates.has(rule)) {
      const before = seen.find(rule);
      const contradicts = before !== undefined && ports.some((port) => namesPort(before, port, table));
      // Behind a rule that accepts the same packets it is of no use, and no harm either.
      if (before && !accepts(before))
        yield { rule, before, chain, contradicts, companions: companionsOf(rule, before, chain) };
    }
    if (rule.presence === "certain" && (accepts(rule) || deniesAll(rule, table))) seen.add(rule);
  }
}

/** Rules for one service stand together. */
const FARTHEST = 2;
const LEAST_RANGE = 8;
const WIDEST_RANGE = 10_000;

/** What is opened beside the rule for FTP's data: a passive range, or what the helper expects. */
function companionsOf(rule: Rule, before: Rule, { rules }: Chain): Rule[] {
  const at = rules.indexOf(rule);
  const beside = rules.slice(Math.max(rules.indexOf(before) + 1, at - FARTHEST), at + FARTHEST + 1);
  return beside.filter((one) => one !== rule && accepts(one) && isForData(one) && takesAllOf(before, one));
}

function isForData(rule: Rule): boolean {
  if (matchOf(rule, "cthelper")) return true;
  const ports = numbersOf(rule, "dport");
  if (!ports?.isSubsetOf(UNPRIVILEGED_PORTS) || !numbersOf(rule, "l4proto")?.has(TCP)) return false;
  return countOf(ports) >= LEAST_RANGE && countOf(ports) <= WIDEST_RANGE;
}

/** The rules that let FTP in; usually by port 21, which is quick to find. */
function candidatesIn(chain: Chain, table: Table, ports: readonly number[]): ReadonlySet<Rule> {
  const isUsual = ports.every((port) => port === FTP_PORT);
  const rules = isUsual ? rulesOfChainAbout(chain, "port 21") : chain.rules;
  return new Set(rules.filter((rule) => letsFtpIn(rule, ports, table)));
}

/** More rules for networks than this are not compared with each rule for FTP. */
const MOST_NETWORKS = 200;

/** Rules that decide what becomes of a packet, found again by whose packets they are for. */
class Deciders {
  /** For whatever address. */
  readonly #forAll: Rule[] = [];
  readonly #forNetworks: Rule[] = [];
  readonly #bySource = new Map<string, Rule[]>();

  add(rule: Rule): void {
    if (!conditionsOf(rule).every(isPlain)) return;
    const source = sourceOf(rule);
    if (source === undefined) {
      this.#forAll.push(rule);
      return;
    }
    const key = source.bounds.join();
    const same = this.#bySource.get(key);
    if (same) same.push(rule);
    else this.#bySource.set(key, [rule]);
    if (countOf(source) > 1 && this.#forNetworks.length < MOST_NETWORKS) this.#forNetworks.push(rule);
  }

  /** The first kind of rule that takes everything that `later` is for. */
  find(later: Rule): Rule | undefined {
    const takesAll = (earlier: Rule) => takesAllOf(earlier, later);
    const source = sourceOf(later);
    const forAll = this.#forAll.find(takesAll);
    if (forAll || source === undefined) return forAll;
    return this.#bySource.get(source.bounds.join())?.find(takesAll) ?? this.#forNetworks.find(takesAll);
  }
}

function isPlain(condition: Condition): boolean {
  return condition.kind === "match" && condition.mask === undefined;
}

function sourceOf(rule: Rule): ValueSet | undefined {
  return (matchOf(rule, "saddr4") ?? matchOf(rule, "saddr6"))?.values;
}

/** Denies what it matches by itself, or sends it to a chain that does: one that logs and drops, say. */
function deniesAll(rule: Rule, { chains }: Table): boolean {
  if (denies(rule)) return true;
  const [verdict, ...others] = [...verdictsOf(rule.body)];
  if (others.length > 0 || (verdict?.type !== "jump" && verdict?.type !== "goto")) return false;
  for (const one of chains.get(verdict.chain)?.rules ?? []) {
    const isUnconditional = conditionsOf(one).length === 0 && one.presence === "certain";
    if (isUnconditional && denies(one)) return true;
    if (!statementsOf(one).every(({ kind }) => HARMLESS.has(kind)) && !decidesOfOthers(one)) return false;
  }
  return false;
}

/** Accepts or denies packets that begin no FTP connection: those of other ports, answers, the host's own. */
function decidesOfOthers(rule: Rule): boolean {
  if (!accepts(rule) && !denies(rule)) return false;
  const ports = numbersOf(rule, "dport");
  const protocols = numbersOf(rule, "l4proto");
  const interfaces = matchOf(rule, "iif")?.values as IntervalSet<string> | undefined;
  return (
    !takesNew(rule) ||
    (ports !== undefined && !ports.has(FTP_PORT)) ||
    (protocols !== undefined && !protocols.has(TCP)) ||
    (interfaces?.equals(LOOPBACK) ?? false)
  );
}

const LOOPBACK = name("lo");

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

/** A rule for other services besides is moved by its author alone: they may be meant to stay closed. */
function opensFtpAlone(rule: Rule, { ruleset }: CheckContext["host"]): boolean {
  const ports = IntervalSet.unionOf([FTP_DATA_PORT, ...controlPorts(ruleset)].map((port) => numbers(port)));
  return numbersOf(rule, "dport")?.isSubsetOf(ports) ?? false;
}

/** Where another rule lets FTP in as well, this one is needed for some clients at most. */
function isLetInByOther({ anchors }: SessionCase, rule: Rule): boolean {
  return anchors.some((anchor) => ruleKey(anchor) !== ruleKey(rule));
}

function finding(
  { rule, before, chain, contradicts, companions }: Unreachable,
  { cases, host }: CheckContext,
): Finding {
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
      ...companions.map(({ origin }) => ({
        message: "This rule for FTP's data connections is never reached either.",
        origin,
      })),
    ],
    cases: [],
    mends:
      contradicts || !opensFtpAlone(rule, host)
        ? []
        : [
            {
              title:
                companions.length > 0
                  ? "Move the rules for FTP up, before the one that takes everything"
                  : "Move the rule up, before the one that takes everything",
              // What is put before the same rule last stands first.
              changes: [...companions, rule].map((one) => ({ kind: "move" as const, rule: one, before })),
            },
          ],
  };
}
