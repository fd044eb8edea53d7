import type { RuleChange, Stated } from "../checks/check.ts";
import type { Host } from "../convert/host.ts";
import type { Rule } from "../model/rule.ts";
import { sameBody } from "../model/rule-equality.ts";
import type { Family, Ruleset } from "../model/ruleset.ts";
import { sameText } from "./site.ts";

// What a change of the text does to the rules that the author wrote.

/** A text that makes several rules is not changed for the sake of one of them. */
export function sharedText(changes: readonly RuleChange[], ruleset: Ruleset): string | undefined {
  // A rule that only shows how to write is not changed.
  const rules = changes.flatMap((one) => ("rule" in one && one.kind !== "accept" ? [one.rule] : []));
  const shared = rules.some((rule) => rulesOfText(ruleset, rule) > 1);
  return shared ? "the same text makes several rules: change it by hand" : undefined;
}

function rulesOfText(ruleset: Ruleset, rule: Stated): number {
  let count = 0;
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      count += chain.rules.filter((one) => sameText(one, rule)).length;
    }
  }
  return count;
}

/** Whether a chain got the same new rule more than once: the text was put where it runs repeatedly. */
export function multiplies(before: Ruleset, after: Ruleset): boolean {
  for (const [key, table] of after.tables) {
    for (const [name, chain] of table.chains) {
      const had = before.tables.get(key)?.chains.get(name)?.rules ?? [];
      if (chain.rules.length <= had.length + 1) continue;
      const added = addedTo(had, chain.rules);
      if (added.some((one, i) => added.slice(0, i).some((other) => sameBody(one.body, other.body))))
        return true;
    }
  }
  return false;
}

/** Whether the tables of another family got a rule as well: `-p icmp` is of no use to IPv6. */
export function addsToOtherFamily(before: Ruleset, after: Ruleset, family: Family): boolean {
  return [...after.tables].some(
    ([key, { id, chains }]) =>
      id.family !== family &&
      [...chains].some(
        ([name, { rules }]) => rules.length > (before.tables.get(key)?.chains.get(name)?.rules.length ?? 0),
      ),
  );
}

/** The rules that are not among the earlier ones, which stand in the same order. */
function addedTo(had: readonly Rule[], rules: readonly Rule[]): Rule[] {
  let at = 0;
  return rules.filter((rule) => {
    const known = had[at];
    if (known === undefined || !sameBody(known.body, rule.body)) return true;
    at++;
    return false;
  });
}

/** Whether the author's rules have another order than before: one was inserted at a position that counts from the head. */
export function reorders(before: Host, after: Host, changed: readonly Rule[]): boolean {
  for (const [key, table] of after.ruleset.tables) {
    for (const [name, chain] of table.chains) {
      const had = before.ruleset.tables.get(key)?.chains.get(name)?.rules ?? [];
      // Of two rules of the same text it does not matter which comes first.
      const texts = chain.rules.map((rule) => ruleText(rule, after));
      let at = 0;
      for (const rule of had) {
        if (changed.some((one) => sameText(one, rule))) continue;
        const text = ruleText(rule, before);
        // Where all rules are words of one command, any change is one of its text.
        while (at < texts.length && texts[at] !== text && !sameBody(chain.rules[at]!.body, rule.body)) at++;
        if (at++ === texts.length) return true;
      }
    }
  }
  return false;
}

/** The rules that changes move, remove or write anew. */
export function changedRules(changes: readonly RuleChange[]): Rule[] {
  return changes.flatMap((one) =>
    "rule" in one && one.kind !== "accept" && "body" in one.rule ? [one.rule as Rule] : [],
  );
}

function ruleText({ origin: { file, statement, frames } }: Rule, { files, included }: Host): string {
  const source = [...files, ...included].find((one) => one.source.path === file)?.source;
  const details = frames.map(({ detail }) => detail ?? "").join();
  return `${source?.text.slice(statement.start, statement.end) ?? ""} ${details}`;
}
