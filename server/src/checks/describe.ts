import { isAssumedDeny } from "../ftp/fragments.ts";
import type { ClassVerdict, SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import type { Outcome } from "../ftp/outcome.ts";
import type { Rule } from "../model/rule.ts";
import type { Stop } from "../netfilter/chain.ts";
import type { Related } from "./check.ts";

/** Sessions with the same anchors are one matter: they are reported together, once. */
export function groupByAnchor(
  cases: readonly SessionCase[],
  anchorsOf: (one: SessionCase) => readonly Rule[] = failingAnchors,
): { rule: Rule; cases: SessionCase[] }[] {
  const groups = new Map<string, { rule: Rule; cases: SessionCase[] }>();
  for (const one of cases) {
    const rule = anchorsOf(one)[0];
    if (!rule) continue;
    const key = ruleKey(rule);
    const group = groups.get(key) ?? { rule, cases: [] };
    group.cases.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Classes whose data connection fails although the rules mean FTP to pass. */
export function blockedClasses(one: SessionCase): ClassVerdict[] {
  return one.classes.filter((each) => each.verdict.verdict === "blocked" && each.anchors.length > 0);
}

/** The rules that let in what then fails. */
function failingAnchors(one: SessionCase): readonly Rule[] {
  const failing = one.classes.filter((each) => FAILS.has(each.verdict.verdict) && each.anchors.length > 0);
  return failing.flatMap((each) => each.anchors);
}

/** The rules that let in what passes. */
export function workingAnchors(one: SessionCase): readonly Rule[] {
  return one.classes.flatMap((each) => (each.verdict.verdict === "works" ? each.anchors : []));
}

const FAILS: ReadonlySet<string> = new Set(["blocked", "no-control"]);

/** The first outcome that shows why sessions fail. */
export function failingOutcome(cases: readonly SessionCase[]): Outcome | undefined {
  for (const one of cases) {
    for (const each of one.classes) {
      if (FAILS.has(each.verdict.verdict) && each.anchors.length > 0) return each.verdict.outcome;
    }
  }
  return undefined;
}

/** "the policy drop of chain input", "this rule of chain INPUT rejects it". */
export function describeStop(stop: Stop | undefined): string {
  if (!stop) return "nothing lets it through";
  if (stop.reason !== undefined) return stop.reason;
  const chain = stop.chain ? chainName(stop.chain) : "the firewall";
  if (stop.rule) return `a rule of ${chain} ${stop.how === "drop" ? "drops" : "rejects"} it`;
  if (stop.chain && isAssumedDeny(stop.chain.policy)) {
    return `no rule of ${chain} accepts it`;
  }
  return `no rule of ${chain} accepts it, so its policy drops it`;
}

/** The stand-in for a fragment's missing base chain has no name that a reader would know. */
function chainName(chain: { readonly name: string }): string {
  return chain.name.startsWith("(") ? `these ${chain.name.slice(1, -1)} chains` : `chain ${chain.name}`;
}

export function familyNames(cases: readonly SessionCase[]): string {
  const families = [...new Set(cases.map((one) => one.family))].sort();
  return families.map((family) => `IPv${family}`).join(" and ");
}

/** The rule or policy that stopped the packet, as related information. */
export function relatedStops(cases: readonly SessionCase[], packet: string): Related[] {
  const related = new Map<string, Related>();
  for (const one of cases) {
    for (const each of one.classes) {
      const stop = each.verdict.outcome?.stop;
      if (!stop || !FAILS.has(each.verdict.verdict) || each.anchors.length === 0) continue;
      const origin = stop.rule?.origin ?? stop.chain?.policy.origin ?? stop.chain?.origin;
      if (!origin) continue;
      const what = stop.rule ? "by this rule" : `by the policy of ${chainName(stop.chain!)}`;
      const key = `${origin.file}:${origin.statement.start + origin.span.start}`;
      const message = `${packet} is ${stop.how === "drop" ? "dropped" : "rejected"} here, ${what}.`;
      if (!related.has(key)) related.set(key, { message, origin });
    }
  }
  return [...related.values()];
}

/** Other rules that let FTP in for the same sessions. */
export function relatedAnchors(cases: readonly SessionCase[], first: Rule): Related[] {
  const related = new Map<string, Related>();
  for (const one of cases) {
    for (const rule of failingAnchors(one)) {
      if (ruleKey(rule) === ruleKey(first)) continue;
      related.set(ruleKey(rule), { message: "FTP is let in here, too.", origin: rule.origin });
    }
  }
  return [...related.values()];
}

/** Who fails when the same rule lets others in that do not. */
export function whichClients(cases: readonly SessionCase[]): string {
  const some = cases.some((one) =>
    blockedClasses(one).some((failing) =>
      one.classes.some((each) => each.verdict.verdict === "works" && each.anchors[0] === failing.anchors[0]),
    ),
  );
  return some ? ", for some of the clients that it lets in" : "";
}

/** "listings and transfers hang": a dropped packet is waited for, a rejected one is not. */
export function whatHappens(cases: readonly SessionCase[]): string {
  const outcome = failingOutcome(cases);
  const some = cases.some((one) => blockedClasses(one).some((each) => !each.passivePorts.isEmpty));
  if (some) return "listings and transfers hang now and then, depending on the port";
  const hangs =
    outcome?.stop !== undefined && outcome.stop.how === "drop" && outcome.stop.reason === undefined;
  return hangs ? "every listing and transfer hangs" : "every listing and transfer fails";
}

/** What to do; ports are named only where opening them is a way. */
export function advice(cases: readonly SessionCase[]): string {
  if (cases.some((one) => one.scenario.tls !== "none")) {
    return "Open the data ports: on an encrypted control connection the conntrack helper cannot read which port is meant.";
  }
  if (cases.some((one) => one.mode === "passive" && one.scenario.announced)) {
    return "Open the passive ports, and forward them where there is NAT.";
  }
  const byPorts = cases.every((one) => one.role === "server" || (one.mode === "passive" && !isNated(one)));
  if (byPorts) return "Track FTP with the conntrack helper, or open the data ports.";
  const nated = cases.some((one) => one.role === "gateway" && isNated(one));
  const module = nated ? " With NAT the kernel module nf_nat_ftp has to be loaded as well." : "";
  return `Track FTP with the conntrack helper.${module}`;
}

function isNated(one: SessionCase): boolean {
  return one.outcomes.some(({ state }) => state.connections.control?.dnat || state.connections.control?.snat);
}

export function assumedNote(cases: readonly SessionCase[]): string {
  return cases.some((one) => one.assumed)
    ? " (Assumed: default-deny, since this file shows no policy: what it does not accept is dropped.)"
    : "";
}
