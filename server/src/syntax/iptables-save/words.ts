import type { Word } from "../word.ts";

/**
 * Splits a line into words as iptables-restore does: blanks separate; `"` opens a quoted part wherever it
 * stands and the next `"` ends the word; a backslash counts inside quotes only; single quotes are plain
 * characters. An open quote runs to the end of the line. Spans count from the start of the line.
 */
export function splitWords(line: string, from = 0): Word[] {
  const words: Word[] = [];
  const length = line.length;
  let at = from;
  while (at < length) {
    const code = line.charCodeAt(at);
    if (code === 32 || code === 9) {
      at++;
      continue;
    }
    const start = at;
    while (at < length && !isBreak(line.charCodeAt(at))) at++;
    if (line.charCodeAt(at) !== 34) {
      words.push({ text: line.slice(start, at), span: { start, end: at } });
      continue;
    }
    const quoted = readQuoted(line, at + 1);
    words.push({ text: line.slice(start, at) + quoted.text, span: { start, end: quoted.end } });
    at = quoted.end;
  }
  return words;
}

function isBreak(code: number): boolean {
  return code === 32 || code === 9 || code === 34;
}

/** From behind an opening quote to behind the closing one. */
function readQuoted(line: string, from: number): { text: string; end: number } {
  let text = "";
  let at = from;
  let plain = from;
  while (at < line.length) {
    const code = line.charCodeAt(at);
    if (code === 34) return { text: text + line.slice(plain, at), end: at + 1 };
    if (code === 92) {
      text += line.slice(plain, at);
      plain = at + 1;
      at++;
    }
    at++;
  }
  return { text: text + line.slice(plain, at), end: line.length };
}

/** Whether the last quote of a line is never closed. */
export function hasOpenQuote(line: string): boolean {
  let open = false;
  for (let at = line.indexOf('"'); at >= 0 && at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === 34) open = !open;
    else if (code === 92 && open) at++;
  }
  return open;
}

/** Writes a value the way iptables-save does: quoted where it has blanks, quotes or backslashes, or is empty. */
export function quoteWord(text: string): string {
  if (text !== "" && !/[\s"\\']/.test(text)) return text;
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
