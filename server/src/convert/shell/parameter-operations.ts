import { matchesPattern } from "./pattern.ts";

/** `${x#pattern}` and its relatives. */
export function trimmed(text: string, operator: string, pattern: string): string {
  const longest = operator.length === 2;
  const lengths = prefixLengths(text, longest);
  if (operator.startsWith("#")) {
    const length = lengths.find((one) => matchesPattern(pattern, text.slice(0, one)));
    return length === undefined ? text : text.slice(length);
  }
  const length = lengths.find((one) => matchesPattern(pattern, text.slice(text.length - one)));
  return length === undefined ? text : text.slice(0, text.length - length);
}

function prefixLengths(text: string, longest: boolean): number[] {
  const lengths = Array.from({ length: text.length + 1 }, (_, index) => index);
  return longest ? lengths.reverse() : lengths;
}

/** `${x/pattern/replacement}`, with `//` everywhere, `/#` at the beginning, `/%` at the end. */
export function replaced(text: string, operator: string, pattern: string, replacement: string): string {
  if (pattern === "" && operator.length === 1) return text;
  switch (operator) {
    case "/#": {
      const length = longestMatch(text, 0, pattern);
      return length === undefined ? text : replacement + text.slice(length);
    }
    case "//":
      return pattern === "" ? text : replacedWithin(text, true, pattern, replacement);
    case "/%": {
      for (let start = 0; start <= text.length; start++)
        if (matchesPattern(pattern, text.slice(start))) return text.slice(0, start) + replacement;
      return text;
    }
    default:
      return replacedWithin(text, false, pattern, replacement);
  }
}

function replacedWithin(text: string, everywhere: boolean, pattern: string, replacement: string): string {
  let result = "";
  let at = 0;
  while (at < text.length) {
    const length = longestMatch(text, at, pattern);
    if (length === undefined || length === 0) {
      result += text.charAt(at++);
      continue;
    }
    result += replacement;
    at += length;
    if (!everywhere) return result + text.slice(at);
  }
  return result;
}

function longestMatch(text: string, start: number, pattern: string): number | undefined {
  // A pattern without stars has one length at most.
  const most = pattern.includes("*") ? text.length - start : Math.min(pattern.length, text.length - start);
  for (let length = most; length >= 0; length--)
    if (matchesPattern(pattern, text.slice(start, start + length))) return length;
  return undefined;
}

/** `${x^^}`, `${x,,[A-Z]}`: `^` and `,` change the first character only. */
export function withCase(text: string, operator: string, pattern: string | undefined): string {
  const upper = operator.startsWith("^");
  const change = (character: string) => {
    if (pattern !== undefined && pattern !== "" && !matchesPattern(pattern, character)) return character;
    return upper ? character.toUpperCase() : character.toLowerCase();
  };
  const characters = [...text];
  if (operator.length === 2) return characters.map(change).join("");
  const [first, ...rest] = characters;
  return first === undefined ? "" : change(first) + rest.join("");
}

/**
 * `${x:offset:length}` of a text or a list; a negative offset counts from the end, a negative length too.
 * undefined: bash calls it a bad substring expression.
 */
export function slice<T>(all: readonly T[], offset: number, length: number | undefined): T[] | undefined {
  const start = offset < 0 ? all.length + offset : offset;
  if (start < 0 || start > all.length) return [];
  if (length === undefined) return all.slice(start);
  const end = length < 0 ? all.length + length : start + length;
  return end < start ? undefined : all.slice(start, end);
}

/** `${x@Q}`: in quotes that the shell can read again. */
export function quotedForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
