import { parseWord } from "../../syntax/shell/fragments.ts";
import type { ShellWord, WordPart } from "../../syntax/shell/shell-file.ts";

const MOST_WORDS = 65536;
/** `{{{…}}}` */
const DEEPEST = 10;

/**
 * The words that bash's `{20,21}`, `{1024..1030}` and `{a,$b}` make of one, before anything else is expanded;
 * undefined when the word has no such thing, "too many" when there are more than can be followed.
 */
export function braceExpansion(word: ShellWord): readonly (readonly WordPart[])[] | "too many" | undefined {
  const parts = word.parts;
  if (parts === undefined || !parts.some((part) => part.type === "BraceExpansion")) return undefined;
  return product(parts, 0);
}

function product(parts: readonly WordPart[], depth: number): readonly (readonly WordPart[])[] | "too many" {
  let words: (readonly WordPart[])[] = [[]];
  for (const part of parts) {
    const choices = part.type === "BraceExpansion" ? choicesOf(part, depth) : [[part]];
    if (choices === "too many" || words.length * choices.length > MOST_WORDS) return "too many";
    words =
      choices.length === 1 && words.length === 1
        ? [[...words[0]!, ...choices[0]!]]
        : words.flatMap((word) => choices.map((choice) => [...word, ...choice]));
  }
  return words;
}

type Brace = WordPart & { readonly type: "BraceExpansion" };

function choicesOf(part: Brace, depth: number): readonly (readonly WordPart[])[] | "too many" {
  const body = part.text.slice(1, -1);
  const range = sequence(body);
  if (range === "too many") return range;
  if (range) return range.map((text) => [literal(part, text)]);
  if (depth >= DEEPEST) return [[literal(part, part.text)]];
  const choices: (readonly WordPart[])[] = [];
  for (const text of alternatives(body)) {
    const expanded = product(partsOf(part, text), depth + 1);
    if (expanded === "too many") return expanded;
    choices.push(...expanded);
  }
  return choices;
}

/** An alternative as a word of its own; its parts stand where the braces do. */
function partsOf(part: Brace, text: string): readonly WordPart[] {
  const { pos, end } = part;
  const word = parseWord(text);
  if (word === undefined) return [literal(part, text)];
  if (word.parts === undefined) return [literal(part, word.value)];
  return word.parts.map((inner) => ({ ...inner, pos, end }));
}

function literal({ pos, end }: Brace, value: string): WordPart {
  return { type: "Literal", pos, end, value, text: value };
}

/** What stands between the commas of this level; quotes, `$(…)` and braces hide theirs. */
function alternatives(body: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let quote = "";
  let from = 0;
  for (let at = 0; at < body.length; at++) {
    const character = body.charAt(at);
    if (character === "\\") at++;
    else if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'" || character === "`") quote = character;
    else if (character === "{" || character === "(") depth++;
    else if (character === "}" || character === ")") depth--;
    else if (character === "," && depth === 0) {
      found.push(body.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, body.slice(from)];
}

/** `1..10`, `01..10..2`, `a..e`. */
function sequence(body: string): string[] | "too many" | undefined {
  const match = /^(-?\d{1,15}|[A-Za-z])\.\.(-?\d{1,15}|[A-Za-z])(?:\.\.(-?\d{1,15}))?$/.exec(body);
  if (match === null) return undefined;
  const [, first, last, by] = match as unknown as [string, string, string, string | undefined];
  const step = Math.abs(Number(by ?? 1)) || 1;
  const letters = /[A-Za-z]/.test(first);
  if (letters !== /[A-Za-z]/.test(last)) return undefined;
  const from = letters ? first.charCodeAt(0) : Number(first);
  const to = letters ? last.charCodeAt(0) : Number(last);
  const numbers = numberRange(from, to, from <= to ? step : -step);
  if (numbers === undefined) return "too many";
  if (letters) return numbers.map((code) => String.fromCharCode(Number(code)));
  const isPadded = [first, last].some((text) => /^-?0\d/.test(text));
  const width = isPadded ? Math.max(first.length, last.length) : 0;
  return numbers.map((number) => padded(number, width));
}

function padded(number: string, width: number): string {
  return number.startsWith("-")
    ? `-${number.slice(1).padStart(width - 1, "0")}`
    : number.padStart(width, "0");
}

/** Whole numbers from `first` to `last`, up or down; undefined when they are too many. */
export function numberRange(
  first: number,
  last: number,
  step = first <= last ? 1 : -1,
): string[] | undefined {
  if (step === 0 || Math.abs(last - first) / Math.abs(step) >= MOST_WORDS) return undefined;
  const numbers: string[] = [];
  for (let n = first; step > 0 ? n <= last : n >= last; n += step) numbers.push(String(n));
  return numbers;
}
