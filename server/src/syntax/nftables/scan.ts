import { isContinuation, templateEnd } from "./lexer.ts";

/*
 * The fast pass over a whole file: where a statement ends, without reading what it says.
 */

export type Stop = "newline" | ";" | "}" | "{" | "end";

export interface Scanned {
  /** Behind the statement's last character. */
  readonly end: number;
  /** Where to go on: behind a separator, on a brace. */
  readonly next: number;
  readonly stop: Stop;
  /** The comment behind the statement on its line. */
  readonly comment?: { readonly start: number; readonly end: number };
}

export interface Comment {
  readonly start: number;
  readonly end: number;
}

export interface ScanOptions {
  readonly template: boolean;
  /** In a block's header the first `{` opens the block. */
  readonly header: boolean;
  /** Comments inside the statement go here. */
  readonly comments: Comment[];
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Behind the quote's end; an unclosed quote ends with its line. */
export function skipQuoted(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) return i + 1;
    if (code === 10) return i;
  }
  return text.length;
}

/** What an open brace encloses: the elements of a set, or the rules of an inline chain. */
const BRACE = { set: 0, block: 1 } as const;
type Brace = (typeof BRACE)[keyof typeof BRACE];

/**
 * Scans the statement that starts at `from` (its first character, not white space). Braces of sets
 * belong to it; a line break inside them that nft would not accept ends it, so that one forgotten brace
 * does not swallow the file.
 */
export function scanStatement(text: string, from: number, options: ScanOptions): Scanned {
  const braces: Brace[] = [];
  let end = from;
  let i = from;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    // Most characters are letters, digits and blanks.
    if (code > 125 || (code > 36 && code < 59) || (code > 64 && code < 123 && code !== 92)) end = ++i;
    else if (code === 32 || code === 9 || code === 13) i++;
    else if (code === 10) {
      if (braces.length === 0) return { end, next: i + 1, stop: "newline" };
      const resumed = resume(text, i, end, braces, options);
      if (resumed < 0) return { end, next: i + 1, stop: "newline" };
      i = resumed;
    } else if (code === 34) end = i = skipQuoted(text, i);
    else if (code === 35) {
      const comment = { start: i, end: trimmedEnd(text, i, lineEnd(text, i)) };
      i = lineEnd(text, i);
      options.comments.push(comment);
      if (braces.length === 0) return { end, next: Math.min(i + 1, text.length), stop: "newline", comment };
    } else if (code === 92 && isContinuation(text, i)) i = Math.min(text.length, lineEnd(text, i) + 1);
    else if (options.template && templateEnd(text, i) > i) end = i = templateEnd(text, i);
    else if (code === 59 && (braces.length === 0 || braces[braces.length - 1] === BRACE.set)) {
      if (braces.length === 0) return { end, next: i + 1, stop: ";" };
      end = ++i;
    } else if (code === 123) {
      if (options.header) return { end, next: i, stop: "{" };
      braces.push(followsJump(text, from, end) ? BRACE.block : BRACE.set);
      end = ++i;
    } else if (code === 125) {
      if (braces.length === 0) return { end, next: i, stop: "}" };
      braces.pop();
      end = ++i;
    } else end = ++i;
  }
  return { end, next: text.length, stop: "end" };
}

function followsJump(text: string, from: number, end: number): boolean {
  const last = text.charCodeAt(end - 1);
  // p, o
  if (last !== 112 && last !== 111) return false;
  return /(?:^|[\s{};])(?:jump|goto)$/.test(text.slice(Math.max(from, end - 6), end));
}

export function trimmedEnd(text: string, start: number, end: number): number {
  let i = end;
  while (i > start && (text.charCodeAt(i - 1) === 13 || text.charCodeAt(i - 1) === 32)) i--;
  return i;
}

const BLOCK_START = /(?:table|chain|set|map|flowtable|type|define|include)\s[^\n{,}]*(?:\{|\bhook\b|=|")/y;

/** A line that can only go on with a set whose comma was forgotten: no rule begins like this. */
const ELEMENT_START =
  /[\d"$]|(?!(?:accept|drop|reject|return|continue|counter|log|masquerade|notrack|queue|redirect)\b)[\w.-]+[ \t\r]*(?:[,}\n]|$)/y;

/** Where to go on behind a line break inside braces; -1 when the brace was never meant to reach this far. */
function resume(
  text: string,
  at: number,
  end: number,
  braces: readonly Brace[],
  options: ScanOptions,
): number {
  const next = skipBlank(text, at, options.comments);
  if (braces[braces.length - 1] === BRACE.block || options.template || next >= text.length) return next;
  const before = text.charCodeAt(end - 1);
  const after = text.charCodeAt(next);
  const joined = before === 123 || before === 44 || after === 44 || after === 125;
  if (!joined) {
    ELEMENT_START.lastIndex = next;
    return ELEMENT_START.test(text) ? next : -1;
  }
  BLOCK_START.lastIndex = next;
  return BLOCK_START.test(text) ? -1 : next;
}

/** Skips white space, line breaks and comments. */
export function skipBlank(text: string, from: number, comments: Comment[]): number {
  let i = from;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (
      code === 32 ||
      code === 9 ||
      code === 10 ||
      code === 13 ||
      code === 12 ||
      code === 0xa0 ||
      code === 0xfeff
    )
      i++;
    else if (code === 35) {
      const end = lineEnd(text, i);
      comments.push({ start: i, end: trimmedEnd(text, i, end) });
      i = end;
    } else if (code === 92 && isContinuation(text, i)) i = Math.min(text.length, lineEnd(text, i) + 1);
    else break;
  }
  return i;
}
