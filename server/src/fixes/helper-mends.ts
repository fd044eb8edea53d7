import type { RuleChange } from "../checks/check.ts";
import type { Assignment } from "../checks/helper-rules.ts";
import {
  assignmentsOf,
  doesMore,
  HELPER_PRIORITY,
  portInstead,
  uselessMatches,
} from "../checks/helper-rules.ts";
import { matchOf, statementsOf } from "../checks/rule-facts.ts";
import { rulesAbout } from "../checks/rules-about.ts";
import { PRIORITY } from "../model/builtin-chains.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { namesPort } from "../netfilter/named-port.ts";
import type { Need } from "./need.ts";

/**
 * What the author has written with the same purpose and without effect, changed so that it has it. Each is one way;
 * which of them helps is for the simulator to say.
 */
export function helperMends(ruleset: Ruleset, need: Need): (readonly RuleChange[])[] {
  switch (need.kind) {
    case "assign-helper":
      return [
        ...[...assignmentsOf(ruleset)].flatMap((one) => waysToAssign(one, need.hook, need.port)),
        ...[...uselessMatches(ruleset)].map(({ changes }) => changes),
        ...untracked(ruleset, need.port),
      ];
    case "accept":
      return need.plan.helper ? [...uselessMatches(ruleset)].map(({ changes }) => changes) : [];
    case "track":
      return untracked(ruleset, need.port);
    case "declined":
      return [];
  }
}

/** In time, for every new connection, before what ends the chain, for both IP versions. */
function waysToAssign(
  { rule, chain, table }: Assignment,
  hook: string,
  port: number,
): (readonly RuleChange[])[] {
  const ways: (readonly RuleChange[])[] = [];
  const { base } = chain;
  const isNft = table.id.backend === "nftables";
  if (base && isNft && base.hook === hook && isOutOfPlace(base.priority) && !doesMore(chain)) {
    ways.push([{ kind: "priority", chain, priority: HELPER_PRIORITY }]);
  }
  const state = matchOf(rule, "ctstate");
  if (state) ways.push([withoutState(rule, state.span)]);
  const match = matchOf(rule, "cthelper");
  if (match) {
    ways.push([{ kind: "replace", rule, span: match.span, by: portInstead(rule) }]);
  }
  const asked = matchOf(rule, "dport");
  if (asked && isOther(asked.values, port) && namesPortAlone(asked.values)) {
    const by = { nft: `tcp dport ${port}`, iptables: `--dport ${port}` };
    ways.push([{ kind: "replace", rule, span: asked.span, by }]);
  }
  const [first] = chain.rules;
  if (first && first !== rule) ways.push([{ kind: "move", rule, before: first }]);
  for (const one of statementsOf(rule)) {
    const helper =
      one.kind === "setHelper" && one.helper.by === "object" ? table.helpers.get(one.helper.name) : undefined;
    if (helper && helper.families.length < 2) ways.push([{ kind: "any-family", helper }]);
  }
  return ways;
}

/** Conntrack has not seen the packet yet, or NAT has changed its port already. */
function isOutOfPlace(priority: number): boolean {
  return priority <= PRIORITY.conntrack || priority > PRIORITY.dstnat;
}

function isOther(values: ValueSet, port: number): boolean {
  return !(values as IntervalSet<number>).has(port);
}

function namesPortAlone(values: ValueSet): boolean {
  const { bounds } = values as IntervalSet<number>;
  return bounds.length === 2 && bounds[1]! - bounds[0]! === 1;
}

function withoutState(rule: Rule, span: { readonly start: number; readonly end: number }): RuleChange {
  return { kind: "replace", rule, span, by: { nft: "", iptables: "" } };
}

/** Without the rules that exempt the control connection from connection tracking. */
function untracked(ruleset: Ruleset, port: number): (readonly RuleChange[])[] {
  const rules = [...rulesAbout(ruleset, "notrack")].filter(
    ({ rule, table }) =>
      statementsOf(rule).some((one) => one.kind === "notrack") &&
      (namesPort(rule, port, table) || answersFrom(rule, port)),
  );
  return rules.length > 0 ? [rules.map(({ rule }) => ({ kind: "remove", rule }))] : [];
}

function answersFrom(rule: Rule, port: number): boolean {
  const values = matchOf(rule, "sport")?.values;
  return values !== undefined && !isOther(values, port) && namesPortAlone(values);
}
