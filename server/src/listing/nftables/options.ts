import { Cursor } from "../../syntax/nftables/cursor.ts";
import { lex } from "../../syntax/nftables/lexer.ts";
import { readRuleNode } from "../../syntax/nftables/rule.ts";
import type { NamePart } from "../../syntax/nftables/tree.ts";
import { printAction } from "./actions.ts";
import { notListed, parseTime, printTime, quoted } from "./text.ts";
import type { Variables } from "./values.ts";

/** What stands behind an element's key. */
export interface ElementOptions {
  /** Each with a blank before it; empty when there is none. */
  readonly timeout: string;
  readonly comment: string;
  readonly statements: readonly string[];
}

/** Reads `timeout 1m`, `counter`, `limit rate 1/second`, `comment "x"`; `bare`: counters are shown without values. */
export function readOptions(
  options: readonly NamePart[],
  variables: Variables,
  bare = false,
): ElementOptions {
  const statements: string[] = [];
  let timeout = "";
  let comment = "";
  for (const { text } of options) {
    const word = /^[a-z]+/.exec(text)?.[0] ?? "";
    const rest = text.slice(word.length).trim();
    if (word === "timeout") timeout = ` timeout ${timeText(rest)}`;
    else if (word === "comment") comment = ` comment ${quoted(rest.replace(/^"|"$/g, ""))}`;
    else if (word !== "expires") statements.push(...printStatements(text, variables, bare));
  }
  return { timeout, comment, statements };
}

export function timeText(text: string): string {
  return printTime(parseTime(text.replace(/\s/g, "")) ?? notListed(`what time "${text}" is`));
}

/** `counter limit rate 10/second`: several may stand behind each other. */
export function printStatements(text: string, variables: Variables, bare = false): string[] {
  const node = readRuleNode(new Cursor(text, lex(text)));
  return node.parts.map((part) =>
    part.kind === "action" ? printAction(part, { variables, node, bare }) : notListed(`what "${text}" is`),
  );
}

/** As an element of a set shows them. */
export function printOptions({ statements, timeout, comment }: ElementOptions): string {
  return `${statements.map((text) => ` ${text}`).join("")}${timeout}${comment}`;
}
