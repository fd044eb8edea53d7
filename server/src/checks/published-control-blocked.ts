import { controlPorts } from "../ftp/control-port.ts";
import { familiesOf, ruleKey } from "../ftp/judgement.ts";
import type { Outcome } from "../ftp/outcome.ts";
import { openScenario } from "../ftp/scenario.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain, Table } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { formatV4, formatV6, numbers } from "../model/values.ts";
import { natCandidates } from "../netfilter/map-lookup.ts";
import { namesPort } from "../netfilter/named-port.ts";
import type { IpFamily } from "../netfilter/packet.ts";
import type { Check, CheckContext, Finding, Mend, RuleChange } from "./check.ts";
import { describeStop } from "./describe.ts";
import { accepts, asksForReceiver, matchOf, numbersOf, rulesOf, statementsOf } from "./rule-facts.ts";
import { rulesAbout } from "./rules-about.ts";

const id = "published-control-blocked";

/** NAT sends FTP on to a server, and the same host does not forward it there. */
export const publishedControlBlocked: Check = {
  id,
  severity: "error",
  title: "FTP is sent on to a server by NAT, but not let through to it",
  repair: "rules",
  run: (context) => {
    const rules = publishingRules(context);
    if (rules.length === 0) return [];
    return familiesOf(context.host.ruleset).flatMap((family) =>
      rules.flatMap((one) => {
        const outcome = stoppedAfterDnat(one, family, context);
        return outcome ? [finding(one, family, outcome, context)] : [];
      }),
    );
  },
};

interface Publishing {
  readonly rule: Rule;
  readonly table: Table;
  /** What the client dials. */
  readonly port: number;
  /** Where it is sent; absent: the dialled port. */
  readonly inner: number;
  readonly address: ValueSet;
}

/** Rules that send a control port on to one address. */
function publishingRules({ host }: CheckContext): Publishing[] {
  const ports = controlPorts(host.ruleset);
  return [...rulesAbout(host.ruleset, "nat")].flatMap(({ rule, table }) => {
    const nat = statementsOf(rule).find((one) => one.kind === "nat" && one.nat === "dnat");
    const port = ports.find((one) => namesPort(rule, one, table));
    if (nat?.kind !== "nat" || port === undefined) return [];
    const address = natCandidates(nat.to.addr, table);
    const inner = nat.to.port === undefined ? port : single(natCandidates(nat.to.port, table));
    return address && inner !== undefined ? [{ rule, table, port, inner, address }] : [];
  });
}

function single(values: ValueSet | undefined): number | undefined {
  const { bounds = [] } = (values ?? {}) as Partial<IntervalSet<number>>;
  return bounds.length === 2 && bounds[1]! - bounds[0]! === 1 ? bounds[0] : undefined;
}

/** Of those whom the rule sends on, none gets through; the first that shows why. */
function stoppedAfterDnat(
  { rule, port, inner }: Publishing,
  family: IpFamily,
  { readings, sessionOf }: CheckContext,
): Outcome | undefined {
  const scenario = { ...openScenario("gateway", "passive", family), controlPort: port, twoSided: true };
  const outcomes = sessionOf(readings[0]!.ruleset, { ...scenario, assumeNeighbours: true });
  const sentOn = outcomes.filter(({ state, stop }) =>
    [...state.controlPermits.sentOn, ...(stop?.state.permits.sentOn ?? [])].some(
      (one) => ruleKey(one) === ruleKey(rule),
    ),
  );
  const isStopped = ({ verdict, phase, stop }: Outcome) =>
    verdict === "no-control" && phase === "control-open" && stop?.hook === "forward";
  const isToServer = ({ stop }: Outcome) => {
    const dport = stop?.state.packet.dport;
    return dport !== undefined && "value" in dport ? dport.value === inner : inner === port;
  };
  return sentOn.length > 0 && sentOn.every(isStopped) ? sentOn.find(isToServer) : undefined;
}

function finding(one: Publishing, family: IpFamily, { stop }: Outcome, context: CheckContext): Finding {
  const address = addressText(one.address, family);
  const where = `${address ?? "the server"}${one.inner === one.port ? "" : `, port ${one.inner}`}`;
  const mistaken = mistakenRule(one, context);
  const seen =
    one.inner === one.port
      ? ""
      : ` After destination NAT the packet has port ${one.inner}, not ${one.port}: rules for forwarding have to name that.`;
  const origin = stop?.rule?.origin ?? stop?.chain?.policy.origin ?? stop?.chain?.origin;
  return {
    code: id,
    severity: "error",
    message: `This rule sends FTP from port ${one.port} on to ${where}, but it is not let through to there (IPv${family}): ${describeStop(stop)}.${seen} Accept it in the forward chain.`,
    origin: one.rule.origin,
    related: [
      ...(mistaken ? [{ message: "This rule names the port before NAT.", origin: mistaken.origin }] : []),
      ...(origin ? [{ message: "The control connection is stopped here.", origin }] : []),
    ],
    cases: [],
    mends: mends(one, mistaken, address, stop?.chain, stop?.rule),
  };
}

/** A rule of the forward hook that accepts the port as the client dials it, where NAT has changed it already. */
function mistakenRule({ port, inner }: Publishing, { host }: CheckContext): Rule | undefined {
  if (port === inner) return undefined;
  return [...rulesOf(host.ruleset)].find(
    ({ rule, chain }) =>
      chain.base?.hook === "forward" && accepts(rule) && numbersOf(rule, "dport")?.equals(numbers(port)),
  )?.rule;
}

function mends(
  { rule, inner }: Publishing,
  mistaken: Rule | undefined,
  address: string | undefined,
  chain: Chain | undefined,
  before: Rule | undefined,
): Mend[] {
  const ways: Mend[] = [];
  const span = mistaken && matchOf(mistaken, "dport")?.span;
  if (mistaken && span) {
    const only = address && !asksForReceiver(mistaken) ? address : undefined;
    const ip = only?.includes(":") ? "ip6" : "ip";
    const by = {
      nft: `${only ? `${ip} daddr ${only} ` : ""}tcp dport ${inner}`,
      iptables: `--dport ${inner}${only ? ` -d ${only}` : ""}`,
    };
    const changes: RuleChange[] = [{ kind: "replace", rule: mistaken, span, by }];
    ways.push({ title: `Let port ${inner} through, which the packet has after NAT`, changes });
  }
  if (address && chain && !chain.name.startsWith("(")) {
    const changes: RuleChange[] = [{ kind: "accept", rule, chain, daddr: address, port: inner, before }];
    ways.push({ title: `Let port ${inner} through to ${address}`, changes });
  }
  return ways;
}

/** Of one address its text. */
function addressText(values: ValueSet, family: IpFamily): string | undefined {
  const bounds: readonly (number | bigint | string)[] = values.bounds;
  const [first, end] = bounds;
  if (bounds.length !== 2 || typeof first === "string" || typeof end === "string") return undefined;
  if (first === undefined || end === undefined) return undefined;
  if (family === 4) return Number(end) - Number(first) === 1 ? formatV4(Number(first)) : undefined;
  return BigInt(end) - BigInt(first) === 1n ? formatV6(BigInt(first)) : undefined;
}
