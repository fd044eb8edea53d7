import type { LineIndex } from "../text/line-index.ts";

/** The lines `first` to `last` with those that backslashes join to them: no comment can stand between these. */
export function logicalLines(
  text: string,
  lines: LineIndex,
  first: number,
  last: number,
): { first: number; last: number } {
  const joinsNext = (line: number) =>
    isContinued(text.slice(lines.lineStart(line), lines.lineStart(line + 1)));
  let from = first;
  while (from > 0 && joinsNext(from - 1)) from--;
  let to = last;
  while (to + 1 < lines.lineCount && joinsNext(to)) to++;
  return { first: from, last: to };
}

/** Two backslashes are one that is meant; one at the end of a comment is a part of it. */
function isContinued(line: string): boolean {
  const backslashes = /(\\+)\r?\n?$/.exec(line)?.[1];
  return backslashes !== undefined && backslashes.length % 2 === 1 && !/^[ \t]*#/.test(line);
}
