/**
 * The text without the carriage returns of DOS line ends, and the way back to offsets of the original.
 *
 * The shell takes `\r` for part of the last word of a line (`then\r` is no keyword), so a script saved
 * with DOS line ends would be one long error. We say so once and read what the author meant.
 */
export interface CleanText {
  readonly source: string;
  /** How many carriage returns were left out. */
  readonly removed: number;
  /** The offset in the original text of an offset in `source`. */
  offset(position: number): number;
}

export function withoutDosLineEnds(text: string): CleanText {
  // A byte-order mark is not part of the first command; a blank keeps all offsets.
  const marked = text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
  if (!marked.includes("\r\n")) return { source: marked, removed: 0, offset: (position) => position };
  const pieces: string[] = [];
  /** Offsets in `source` of the line feeds that lost their carriage return. */
  const feeds: number[] = [];
  let from = 0;
  for (let at = marked.indexOf("\r\n"); at >= 0; at = marked.indexOf("\r\n", from)) {
    pieces.push(marked.slice(from, at));
    feeds.push(at - feeds.length);
    from = at + 1;
  }
  pieces.push(marked.slice(from));
  return {
    source: pieces.join(""),
    removed: feeds.length,
    offset: (position) => position + countBelow(feeds, position),
  };
}

/** How many of the ascending numbers are less than `limit`. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
