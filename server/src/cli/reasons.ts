import { isAssumedDeny } from "../ftp/fragments.ts";
import type { Outcome } from "../ftp/outcome.ts";
import type { Scenario } from "../ftp/scenario.ts";
import { VARIABLES } from "../ftp/variables.ts";
import type { Verdict } from "../ftp/verdict.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain } from "../model/ruleset.ts";
import type { Stop } from "../netfilter/chain.ts";
import type { Step } from "../netfilter/state.ts";
import type { Place } from "../service.ts";
import { placeOf } from "../service.ts";
import { absoluteSpan } from "../text/origin.ts";

/** Why a verdict is what it is, in a few words; undefined for a session that works. */
export function reasonOf(verdict: Verdict): string | undefined {
  if (verdict.verdict === "works") return undefined;
  if (verdict.verdict === "unknown") return verdict.reason ?? "it depends on something the files do not say";
  const { outcome } = verdict;
  return (
    verdict.reason ??
    outcome?.reason ??
    (outcome?.stop && stopReason(outcome.stop)) ??
    "nothing lets it through"
  );
}

function stopReason(stop: Stop): string {
  const { chain, rule, how } = stop;
  if (stop.reason !== undefined) return stop.reason;
  if (!chain) return `${how === "drop" ? "dropped" : "rejected"} in ${stop.hook}`;
  if (rule)
    return `rule ${ruleNumber(chain, rule)} of chain ${chain.name} ${how === "drop" ? "drops" : "rejects"} it`;
  if (isAssumedDeny(chain.policy))
    return `no rule of chain ${chain.name} accepts it (default-deny is assumed)`;
  return `policy ${chain.policy.verdict} of chain ${chain.name}`;
}

/** Counted from one, as `iptables -L --line-numbers` does. */
function ruleNumber(chain: Chain, rule: Rule): number {
  const at = chain.rules.indexOf(rule);
  if (at >= 0) return at + 1;
  const start = absoluteSpan(rule.origin).start;
  return chain.rules.findIndex((one) => absoluteSpan(one.origin).start === start) + 1;
}

/** The rule or the policy that decided, or the condition that cannot be known. */
export function decidingPlace(verdict: Verdict): Place | undefined {
  if (verdict.verdict === "works") return undefined;
  if (verdict.origin) return placeOf(verdict.origin);
  if (verdict.assumption?.origin) return placeOf(verdict.assumption.origin);
  const stop = verdict.outcome?.stop;
  const origin = stop?.rule?.origin ?? stop?.chain?.policy.origin ?? stop?.chain?.origin;
  return origin && placeOf(origin);
}

/** The packet that did not pass, with the port it was for: "data SYN client -> server:50060". */
export function decidingStep(outcome: Outcome | undefined, scenario: Scenario): string | undefined {
  if (!outcome?.step || outcome.verdict === "works") return undefined;
  return withPort(outcome.step, outcome, scenario);
}

/** A packet's label with the server's port where it is the one dialled. */
export function withPort(label: string, outcome: Outcome, scenario: Scenario): string {
  if (!label.endsWith("-> server")) return label;
  if (label.startsWith("control ")) return `${label}:${scenario.controlPort}`;
  if (!label.startsWith("data ") || scenario.mode !== "passive") return label;
  const ports = showPorts(outcome.state.box.get(VARIABLES.passivePort) as IntervalSet<number>);
  return ports === undefined ? label : `${label}:${ports}`;
}

function showPorts(ports: IntervalSet<number>): string | undefined {
  const [low, high] = [ports.min, ports.end];
  if (low === undefined || high === undefined) return undefined;
  return high - low === 1 ? String(low) : `${low}-${high - 1}`;
}

/** What happened to the packet: "accept", "policy drop", "jump tcp_in", "helper ftp assigned". */
export function showEffect({ effect }: Step): string {
  switch (effect.kind) {
    case "verdict":
      return effect.verdict;
    case "policy":
      return `policy ${effect.verdict}`;
    case "jump":
      return `jump ${effect.chain}`;
    case "conntrack":
      return `conntrack: ${effect.text}`;
    case "note":
      return effect.text;
  }
}

/** Where a step stands in the files: its rule, or the chain's policy. */
export function stepPlace({ rule, chain }: Step): Place | undefined {
  const origin = rule?.origin ?? chain?.policy.origin ?? chain?.origin;
  return origin && placeOf(origin);
}
