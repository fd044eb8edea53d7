import type { LoadedFile } from "../convert/host.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain } from "../model/ruleset.ts";
import type { Placed } from "../text/origin.ts";
import type { Insertion } from "./lines.ts";
import { quotedTexts } from "./quoted-text.ts";
import { placeInRawTable, ruleLines } from "./save-section.ts";

// iptables-save's text in quotes: RULES="*filter …"; echo "$RULES" | iptables-restore.

const SECTION = /^[ \t]*\*\w+\s[\s\S]*^[ \t]*COMMIT/m;

/** Places for a rule of table raw. */
export function quotedRawPlaces(file: LoadedFile, rule: string): Insertion[] {
  return quotedTexts(file, SECTION).flatMap(({ span, text }) =>
    placeInRawTable(text, 0, rule, false).map((one) => ({ ...one, at: span.start + one.at })),
  );
}

/** Where a rule stands; the script's words tell no more than the whole text. */
export function quotedRulePlace(file: LoadedFile, rule: Rule, chain: Chain): Placed | undefined {
  const index = chain.rules.indexOf(rule);
  for (const { span, text } of quotedTexts(file, SECTION)) {
    const lines = ruleLines(text, chain.table.name, chain.name);
    const found = lines.length === chain.rules.length ? lines[index] : undefined;
    if (found) return { start: span.start + found.start, end: span.start + found.end };
  }
  return undefined;
}
