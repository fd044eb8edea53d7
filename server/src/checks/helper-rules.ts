import { helperPorts } from "../ftp/control-port.ts";
import { FTP_DATA_PORT, FTPS_DATA_PORT } from "../ftp/scenario.ts";
import { PRIORITY } from "../model/builtin-chains.ts";
import { IntervalSet } from "../model/interval-set.ts";
import type { Rule, Statement } from "../model/rule.ts";
import type { Chain, Ruleset, Table } from "../model/ruleset.ts";
import { numbers } from "../model/values.ts";
import { notable } from "../netfilter/notable.ts";
import type { Related, RuleChange, Written } from "./check.ts";
import type { Match } from "./rule-facts.ts";
import { accepts, denies, matchOf, numbersOf, statementsOf } from "./rule-facts.ts";
import { rulesAbout } from "./rules-about.ts";

/** Between connection tracking (-200) and NAT (-100): right in every case that was measured. */
export const HELPER_PRIORITY = -150;

/** A rule that gives connections the FTP helper, where it stands. */
export interface Assignment {
  readonly rule: Rule;
  readonly chain: Chain;
  readonly table: Table;
}

/** Every rule that sets the FTP helper, whether it has an effect or not. */
export function* assignmentsOf(ruleset: Ruleset): Generator<Assignment> {
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      for (const rule of notable(chain.rules).rules) {
        if (setsFtpHelper(rule, table)) yield { rule, chain, table };
      }
    }
  }
}

function setsFtpHelper(rule: Rule, table: Table): boolean {
  return (
    helperPorts(rule.body, table).length > 0 || statementsOf(rule).some((one) => isFtpHelper(one, table))
  );
}

function isFtpHelper(one: Statement, table: Table): boolean {
  if (one.kind !== "setHelper" || one.helper.by === "unknown") return false;
  const { helper } = one;
  return (helper.by === "object" ? table.helpers.get(helper.name)?.type : helper.name) === "ftp";
}

/** A rule that asks for the helper where the answer can never be what its author means. */
export interface UselessMatch {
  readonly rule: Rule;
  readonly why: string;
  /** What would make it what is meant. */
  readonly changes: readonly RuleChange[];
  readonly title: string;
}

/** Rules that match on a helper in vain: by the object's name, too early, or on the control connection itself. */
export function* uselessMatches(ruleset: Ruleset): Generator<UselessMatch> {
  for (const { rule, chain, table } of rulesAbout(ruleset, "helper")) {
    const match = matchOf(rule, "cthelper");
    const found = match && uselessMatch(rule, match, chain, table);
    if (found) yield found;
  }
}

function uselessMatch(rule: Rule, match: Match, { base }: Chain, table: Table): UselessMatch | undefined {
  const asked = onlyName(match);
  const object = [...table.helpers.values()].find((one) => asked === one.name && one.type === "ftp");
  if (asked === undefined || (!object && !/^ftp(-\d+)?$/.test(asked))) return undefined;
  const assign: RuleChange = { kind: "assign", rule };
  const sets = statementsOf(rule).some((one) => one.kind === "setHelper");
  if (sets) {
    return {
      rule,
      why: "this rule gives the helper only to connections that a helper expected: those are data connections, and the control connection never gets it",
      changes: [{ kind: "replace", rule, span: match.span, by: portInstead(rule) }],
      title: "Give the helper to connections to port 21",
    };
  }
  if (base && base.priority <= PRIORITY.conntrack && (base.hook === "prerouting" || base.hook === "output")) {
    return {
      rule,
      why: "this rule asks for the helper before connection tracking has seen the packet, and so never matches; asking is not assigning",
      changes: [assign],
      title: "Assign the helper here",
    };
  }
  if (asksForControlPort(rule)) {
    // To deny data connections to low ports is a sound precaution.
    if (denies(rule)) return undefined;
    const acts = accepts(rule);
    return {
      rule,
      why: "this rule asks for the helper on the control connection, but only data connections, which the helper expected, match; asking is not assigning",
      changes: acts ? [{ kind: "replace", rule, span: match.span, by: { nft: "", iptables: "" } }] : [assign],
      title: acts ? "Take the helper out of the rule for the control port" : "Assign the helper here",
    };
  }
  if (!object || object.name === object.type) return undefined;
  return {
    rule,
    why: `this rule asks for the helper "${object.name}", which is the name of the object; what is compared is the kernel's name, "ftp", and so it never matches`,
    changes: [
      {
        kind: "replace",
        rule,
        span: match.span,
        by: { nft: 'ct helper "ftp"', iptables: "--helper ftp" },
      },
    ],
    title: 'Ask for the helper by the kernel\'s name, "ftp"',
  };
}

/** The one helper that a rule asks for. Other helpers, and "any but this one", are none of FTP's business. */
function onlyName({ values }: Match): string | undefined {
  const [low, end, ...others] = (values as IntervalSet<string>).bounds;
  return low !== undefined && low !== "" && end === `${low}\0` && others.length === 0 ? low : undefined;
}

/** What a rule that assigns the helper asks for in place of it. */
export function portInstead(rule: Rule): Written {
  if (matchOf(rule, "dport")) return { nft: "", iptables: "" };
  return { nft: "tcp dport 21", iptables: "--dport 21" };
}

/** Port 20 is that of data connections, whose later packets the helper's match does let through. */
function asksForControlPort(rule: Rule): boolean {
  const ports = numbersOf(rule, "dport");
  const control = numbers(0, 1023).subtract(DATA_SOURCES);
  return ports !== undefined && !ports.isEmpty && ports.isSubsetOf(control);
}

const DATA_SOURCES = IntervalSet.unionOf([FTP_DATA_PORT, FTPS_DATA_PORT].map((port) => numbers(port)));

/** The same as related information. */
export function relatedMatches(ruleset: Ruleset): Related[] {
  return [...uselessMatches(ruleset)].map(({ rule, why }) => ({
    message: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    origin: rule.origin,
    explains: true,
  }));
}

/** `notrack` and the like would be too late at another priority. */
export function doesMore({ rules }: Chain): boolean {
  return rules.some((rule) => !statementsOf(rule).some(givesHelper));
}

function givesHelper(one: Statement): boolean {
  return one.kind === "setHelper" || (one.kind === "byMap" && one.sets === "helper");
}
