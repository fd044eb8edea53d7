import { lineEnding } from "../text/edit.ts";
import type { Placed } from "../text/origin.ts";

/** One insertion into a text. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Start of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  const newline = text.lastIndexOf("\n", offset - 1);
  const carriage = text.lastIndexOf("\r", offset - 1);
  return Math.max(newline, carriage) + 1;
}

/** End of the line that holds `offset`, before its line ending. */
export function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
  return at;
}

/** The white space that a line begins with. */
export function indentation(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))![0];
}

/** Whether nothing but white space stands before `offset` on its line. */
export function startsLine(text: string, offset: number): boolean {
  return /^[ \t\uFEFF]*$/.test(text.slice(lineStart(text, offset), offset));
}

/** The lines that a statement has for itself, with their line ending and a comment behind it. */
export function ownLines(text: string, start: number, end: number): Placed | undefined {
  const last = lineEnd(text, end);
  if (!startsLine(text, start) || !/^[ \t]*;?[ \t]*(#.*)?$/.test(text.slice(end, last))) return undefined;
  const ending = /^\r?\n|^\r/.exec(text.slice(last))?.[0].length ?? 0;
  return { start: lineStart(text, start), end: last + ending };
}

/** A new line after the line on which a statement ends. */
export function lineAfter(text: string, end: number, indent: string, lines: readonly string[]): Insertion {
  const ending = lineEnding(text);
  return { at: lineEnd(text, end), text: lines.map((line) => `${ending}${indent}${line}`).join("") };
}

/** A new line before a statement, and before the comments that belong to it. */
export function lineBefore(text: string, start: number, indent: string, lines: readonly string[]): Insertion {
  const ending = lineEnding(text);
  const line = (at: number) => ({ at, text: lines.map((one) => `${indent}${one}${ending}`).join("") });
  const own = lineStart(text, start);
  let at = own;
  while (at > 0) {
    const above = lineStart(text, at - 1 - (text[at - 2] === "\r" && text[at - 1] === "\n" ? 1 : 0));
    const comment = text.slice(above, at).trim();
    // What follows the first line is about the whole file.
    if (comment.startsWith("#!")) return line(own);
    if (!comment.startsWith("#") || above >= at || /^# (Generated|Completed)/.test(comment)) break;
    at = above;
  }
  return line(at);
}
