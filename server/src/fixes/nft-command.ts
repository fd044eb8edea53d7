import type { LoadedFile } from "../convert/host.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain } from "../model/ruleset.ts";
import type { Frame } from "../text/origin.ts";
import { readsFrom } from "./shell-line.ts";

// How the author writes nft's commands: `add rule …` in a file, `nft add rule …` or `nft "add rule …"` in a script.

export interface CommandStyle {
  /** `inet filter input`, as written. */
  readonly chain: string;
  /** `inet filter`, as written. */
  readonly table: string;
  /** A whole line: nft's first words as they are to be written, and the rest, which the shell must not touch. */
  readonly line: (words: string, rest: string) => string;
}

const COMMAND = /^([^;]*?)(["']?)\b(?:add|insert)\s+rule\s+(.*)$/s;

/**
 * How a rule is written as a command; undefined for a rule inside a block. `left`: loops and calls that the new line is
 * outside of.
 */
export function commandOf(
  file: LoadedFile,
  rule: Rule,
  chain: Chain | undefined,
  left: readonly Frame[] = [],
): CommandStyle | undefined {
  if (file.source.path !== rule.origin.file || !chain) return undefined;
  const { start, end } = rule.origin.statement;
  const text = file.source.text.slice(start, end);
  const found = COMMAND.exec(text);
  if (!found) return undefined;
  const [, prefix, quote, target] = found as unknown as [string, string, string, string];
  // In a file of nft's, and in a here document, the command is the whole line.
  const isShell = prefix.trim() !== "";
  // In words that are one argument several commands may stand, with text of their own around them.
  if (isShell && (file.syntax.dialect !== "shell" || !/\S\s+$/.test(prefix))) return undefined;
  if (readsFrom(prefix, left)) return undefined;
  const names = targetOf(file, chain, target, start + text.length - target.length, left);
  if (!names) return undefined;
  return { ...names, line: lineWriter(isShell, prefix, quote) };
}

function lineWriter(isShell: boolean, prefix: string, quote: string): CommandStyle["line"] {
  if (!isShell) return (words, rest) => `${prefix}${words} ${rest}`;
  if (quote === "") return (words, rest) => `${prefix}${words} ${shellQuoted(rest)}`;
  return (words, rest) => `${prefix}${shellQuoted(`${words} ${rest}`, quote)}`;
}

/** As one argument. What the author wrote with variables keeps them. */
export function shellQuoted(text: string, wanted = ""): string {
  if (wanted === "" && !/[{}"$;&|<>()*]/.test(text)) return text;
  if (!text.includes("$") && (wanted !== '"' || text.includes('"'))) return `'${text}'`;
  return `"${text.replace(/(?<!\\)"/g, '\\"')}"`;
}

/** The table and the chain as the command names them, in words of the text or through variables. */
function targetOf(
  file: LoadedFile,
  chain: Chain,
  target: string,
  offset: number,
  left: readonly Frame[],
): { readonly table: string; readonly chain: string } | undefined {
  const { family, name } = chain.table;
  const full = `${family} ${name}`;
  const plain = { table: full, chain: `${full} ${chain.name}` };
  let said = "";
  let written = "";
  for (const { 0: token, index } of target.matchAll(/\S+/g)) {
    const table = written;
    const isTable = said === full || (family === "ip" && said === name);
    written = target.slice(0, index + token.length);
    said = `${said} ${wordsOf(file, token, offset + index, said, chain)}`.trim();
    const isChain = said === `${full} ${chain.name}` || (family === "ip" && said === `${name} ${chain.name}`);
    if (isChain) return isTable && !readsFrom(written, left) ? { table, chain: written } : plain;
    if (said.split(" ").length > 3) return undefined;
  }
  return undefined;
}

/** What a word stands for; of a variable with several values the one that fits. */
function wordsOf(file: LoadedFile, token: string, at: number, said: string, chain: Chain): string {
  const variable = /^["']?(\$\{?\w+\}?)["']?$/.exec(token);
  if (!variable || file.syntax.dialect !== "shell") return token.replace(/^["']|["']$/g, "");
  const place = at + token.indexOf("$");
  const use = file.syntax.conversion.variables.find(
    (one) => one.file === file.source.path && one.span.start === place,
  );
  const values = use?.values ?? [];
  const { family, name } = chain.table;
  const wanted = `${family} ${name} ${chain.name}`;
  return values.find((value) => wanted.includes(`${said} ${value}`.trim())) ?? values[0] ?? token;
}
