/**
 * The text as the shell reads it. Positions in it are those of the author's text.
 *
 * The shell takes the `\r` of DOS line ends for a part of the last word of a line (`then\r` is no keyword, `ACCEPT\r` no
 * target), and so do we.
 */
export interface CleanText {
  readonly source: string;
  readonly hasDosLineEnds: boolean;
  /** The offset in the original text of an offset in `source`. */
  offset(position: number): number;
}

export function cleanText(text: string): CleanText {
  // A byte-order mark is not part of the first command; a blank keeps all offsets.
  const source = text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
  return { source, hasDosLineEnds: source.includes("\r\n"), offset: (position) => position };
}
