import type { LineIndex } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";

/** What goes with a comment: the line that it has for itself, or the blanks between it and what stands before. */
export function commentSpan(text: string, lines: LineIndex, { start, end }: Span): Span {
  const { line } = lines.position(start);
  const before = text.slice(lines.lineStart(line), start);
  const blanks = /[ \t]*/y;
  blanks.lastIndex = end;
  blanks.test(text);
  if (!isBlank(before))
    return { start: start - (before.length - before.trimEnd().length), end: blanks.lastIndex };
  return { start: lines.lineStart(line), end: lines.lineStart(line + 1) };
}

export function isBlank(text: string): boolean {
  return /^[\ufeff \t]*$/.test(text);
}
