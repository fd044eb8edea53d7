import type { LoadedFile } from "../convert/host.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain, Ruleset } from "../model/ruleset.ts";
import { tableKey } from "../model/ruleset.ts";
import type { Frame, Placed } from "../text/origin.ts";
import { absoluteSpan } from "../text/origin.ts";
import type { Need } from "./need.ts";

/** Where a new rule could go: before or after a statement of a file, or at the end of a chain's block. */
export interface Site {
  readonly where: "before" | "after";
  readonly file: string;
  readonly statement: Placed;
  /** The rule that stands there. */
  readonly rule: Rule;
  /**
   * The calls and loops around the rule that the place is outside of, outermost first: what they give values to means
   * something else there.
   */
  readonly left: readonly Frame[];
}

/** What places are chosen by: the rule that permits the control connection, and its chain. */
interface Anchored {
  readonly anchor: Rule;
  readonly anchorChain: Chain;
}

/**
 * The order in which places for an accept rule are tried. The first that works in the simulator is taken. A rule
 * that opens ports stands in the chain of the rule for the control port: what leads there restricts it, too.
 */
export function acceptSites(
  need: Need & { kind: "accept" },
  stopRule: Rule | undefined,
  { anchor, anchorChain }: Anchored,
): Site[] | string {
  const { rules } = need.chain;
  const opensPorts = need.plan.carry !== undefined && need.plan.state === undefined;
  const sites: Site[] = opensPorts && need.plan.carry === "same" ? sitesAt(anchor, "after") : [];
  if (opensPorts && !anchorChain.base) {
    const [head] = anchorChain.rules;
    return sites.length > 0
      ? [...sites, ...(head ? sitesAt(head, "before") : [])]
      : "what restricts the rule for the control port stands in the jumps to its chain, and would be missing from a rule for the other direction";
  }
  const end = stopRule ? rules.indexOf(stopRule) : rules.length;
  const before = rules.slice(0, end < 0 ? rules.length : end);
  if (need.plan.helper || need.plan.icmp) {
    sites.push(...besideEstablished(need, anchorChain));
    const established = before.filter(acceptsEstablished).pop();
    if (established) sites.push(...sitesAt(established, "after"));
  }
  const inChain = before.find((rule) => rule.origin === anchor.origin || sameText(rule, anchor));
  if (inChain) sites.push(...sitesAt(inChain, "after"));
  if (stopRule && end >= 0) sites.push(...sitesAt(stopRule, "before"));
  const last = before[before.length - 1];
  if (last) sites.push(...sitesAt(last, "after"));
  const [first] = rules;
  if (first) sites.push(...sitesAt(first, "before"));
  // Behind everything that counts its position from the chain's head.
  const latest = latestOf(rules, anchor.origin.file);
  if (latest) sites.push(...sitesAt(latest, "after"));
  return sites;
}

/** A chain that only refuses what is left is no place to accept something, if the one that leads there can do it. */
function besideEstablished({ chain, hook }: Need & { kind: "accept" }, anchorChain: Chain): Site[] {
  const leads = anchorChain !== chain && !chain.base && anchorChain.base?.hook === hook;
  if (!leads || tableKey(anchorChain.table) !== tableKey(chain.table)) return [];
  const established = anchorChain.rules.filter(acceptsEstablished).pop();
  return established ? sitesAt(established, "after") : [];
}

/** The rule of a file that is written last. */
function latestOf(rules: readonly Rule[], file: string): Rule | undefined {
  const own = rules.filter(({ origin }) => origin.file === file);
  return own.reduce<Rule | undefined>(
    (last, rule) => (last && last.origin.statement.start >= rule.origin.statement.start ? last : rule),
    undefined,
  );
}

/**
 * Beside a rule, or outside of the functions and loops around it, from the inside out: where the text would run
 * more than once it is not taken.
 */
export function sitesAt(rule: Rule, where: Site["where"]): Site[] {
  const { file, statement, frames } = rule.origin;
  const inside: Site = { where, file, statement, rule, left: [] };
  const loops = repeating(frames);
  const around = loops.map(
    (frame, i): Site => ({ where, file: frame.file, statement: frame.at, rule, left: loops.slice(i) }),
  );
  return [inside, ...around.reverse()];
}

/** The loops and calls among what is around a rule. */
export function repeating(frames: readonly Frame[]): Frame[] {
  return frames.filter(({ kind }) => kind === "function" || kind === "loop");
}

export function sameText(a: Pick<Rule, "origin">, b: Pick<Rule, "origin">): boolean {
  return a.origin.file === b.origin.file && absoluteSpan(a.origin).start === absoluteSpan(b.origin).start;
}

function acceptsEstablished(rule: Rule): boolean {
  const { items } = rule.body;
  const accepts = items.some(
    (item) =>
      item.item === "statement" &&
      item.statement.kind === "verdict" &&
      item.statement.verdict.type === "accept",
  );
  return (
    accepts &&
    items.some(
      (item) =>
        item.item === "condition" &&
        item.condition.kind === "match" &&
        item.condition.field === "ctstate" &&
        (item.condition.values as { has(value: number): boolean }).has(1),
    )
  );
}

export function tableOfChain(ruleset: Ruleset, chain: Chain) {
  return ruleset.tables.get(tableKey(chain.table));
}

export function textOf(files: readonly LoadedFile[], path: string): string | undefined {
  return files.find((file) => file.source.path === path)?.source.text;
}
