import type { LoadedFile } from "../convert/host.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain, Ruleset } from "../model/ruleset.ts";
import { tableKey } from "../model/ruleset.ts";
import type { Placed } from "../text/origin.ts";
import { absoluteSpan } from "../text/origin.ts";
import type { Need } from "./need.ts";

/** Where a new rule could go: before or after a statement of a file, or at the end of a chain's block. */
export interface Site {
  readonly where: "before" | "after";
  readonly file: string;
  readonly statement: Placed;
  /** The rule that stands there. */
  readonly rule: Rule;
  /** The statement is a call or loop around the rule: the new line goes outside of it. */
  readonly outside: boolean;
}

/** The order in which places for an accept rule are tried. The first that works in the simulator is taken. */
export function acceptSites(
  need: Need & { kind: "accept" },
  stopRule: Rule | undefined,
  anchor: Rule,
): Site[] {
  const { rules } = need.chain;
  const end = stopRule ? rules.indexOf(stopRule) : rules.length;
  const before = rules.slice(0, end < 0 ? rules.length : end);
  const sites: Site[] = [];
  if (need.plan.helper) {
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
  return sites;
}

/** Beside a rule: outside the loops and functions it runs in, so that the new rule is made once. */
export function sitesAt(rule: Rule, where: Site["where"]): Site[] {
  const around = rule.origin.frames.find((frame) => frame.kind === "function" || frame.kind === "loop");
  const { file, statement } = rule.origin;
  const inside: Site = { where, file, statement, rule, outside: false };
  if (!around) return [inside];
  return [{ where, file: around.file, statement: around.at, rule, outside: true }, inside];
}

export function sameText(a: Rule, b: Rule): boolean {
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
