import type { TextEdit } from "../text/edit.ts";
import { lineEnding } from "../text/edit.ts";
import type { Span } from "../text/span.ts";
import { span } from "../text/span.ts";

/** A line of a text. */
export interface Line {
  readonly start: number;
  /** Without the line ending. */
  readonly end: number;
  /** Behind the line ending. */
  readonly next: number;
}

/** The lines of a text; an ending at its very end starts no further line. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const stop = newline < 0 ? text.length : newline;
    const next = newline < 0 ? text.length : newline + 1;
    const end = newline > start && text[newline - 1] === "\r" ? newline - 1 : stop;
    lines.push({ start, end, next });
    start = next;
  }
  return lines;
}

/** `start` to `end` without the blanks at both ends; empty at `end` when there is nothing else. */
export function trimmed(text: string, start: number, end: number): Span {
  let from = start;
  let to = end;
  while (from < to && isBlank(text, from)) from++;
  while (to > from && isBlank(text, to - 1)) to--;
  return span(from, to);
}

/** What C's isspace takes for white space. */
export function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || (code >= 9 && code <= 13);
}

/** Whole lines behind the line that ends at `line.next`, or at the end of the text. Keeps a missing final newline missing. */
export function insertAfter(text: string, line: Line | undefined, added: readonly string[]): TextEdit {
  const eol = lineEnding(text);
  const at = line?.next ?? text.length;
  const ended = at === 0 || text[at - 1] === "\n";
  const block = added.join(eol);
  return { span: span(at, at), newText: ended ? block + eol : eol + block };
}

export function insertBefore(text: string, line: Line, added: readonly string[]): TextEdit {
  return { span: span(line.start, line.start), newText: added.map((one) => one + lineEnding(text)).join("") };
}

/** The edit that makes `at` say `newText`; none when it does already. */
export function replacement(text: string, at: Span, newText: string): readonly TextEdit[] {
  return text.slice(at.start, at.end) === newText ? [] : [{ span: at, newText }];
}
