import type { Span } from "../text/span.ts";
import { cover, span } from "../text/span.ts";
import type { Line } from "./lines.ts";
import { isBlank, linesOf, trimmed } from "./lines.ts";

/** A word of a directive after quoting; its span includes the quotes. */
export interface ConfigWord {
  readonly text: string;
  readonly span: Span;
}

/** One directive, or the opening or closing line of a block. */
export interface Directive {
  /** As written: `PassivePorts`, `<Global>`, `</Global>`. */
  readonly name: ConfigWord;
  readonly args: readonly ConfigWord[];
  /** From the first word to the end of the last. */
  readonly span: Span;
  /** The first and the last of its lines: a \ at the end of a line continues it. */
  readonly first: Line;
  readonly last: Line;
}

/** The directives of a proftpd.conf in their order (parser.c, fsio.c pr_fsio_getline, str.c pr_str_get_word). */
export function directivesOf(text: string): Directive[] {
  const directives: Directive[] = [];
  const lines = linesOf(text);
  for (let i = 0; i < lines.length; i++) {
    const first = lines[i]!;
    if (isCommentOrEmpty(text, first)) continue;
    while (i + 1 < lines.length && continues(text, lines[i]!)) i++;
    const directive = readDirective(text, first, lines[i]!);
    if (directive) directives.push(directive);
  }
  return directives;
}

function isCommentOrEmpty(text: string, line: Line): boolean {
  const body = trimmed(text, line.start, line.end);
  return body.start === body.end || text[body.start] === "#";
}

/** The \ has to be the last character: one before a carriage return continues nothing. */
function continues(text: string, line: Line): boolean {
  return line.next > line.end && text[line.end] === "\n" && text[line.end - 1] === "\\";
}

function readDirective(text: string, first: Line, last: Line): Directive | undefined {
  const words = wordsOf(text, first.start, last.end);
  const [name, ...args] = words;
  if (!name) return undefined;
  const whole = cover(name.span, words[words.length - 1]!.span);
  if (!name.text.startsWith("<")) return { name, args, span: whole, first, last };
  return { ...closedBracket(name, args), span: whole, first, last };
}

/** `<Global >` and `<VirtualHost a b>` without the bracket that ends them. */
function closedBracket(name: ConfigWord, args: ConfigWord[]): Pick<Directive, "name" | "args"> {
  const end = args[args.length - 1];
  if (!end?.text.endsWith(">")) return { name, args };
  const shorter = { ...end, text: end.text.slice(0, -1) };
  const rest = shorter.text === "" ? args.slice(0, -1) : [...args.slice(0, -1), shorter];
  return { name: { ...name, text: name.text.endsWith(">") ? name.text : `${name.text}>` }, args: rest };
}

function wordsOf(text: string, start: number, end: number): ConfigWord[] {
  const words: ConfigWord[] = [];
  let at = skipBlanks(text, start, end);
  while (at < end && text[at] !== "#") {
    const word = readWord(text, at, end);
    words.push(word);
    at = skipBlanks(text, word.span.end, end);
  }
  return words;
}

function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (isBlank(text, at) || isJoint(text, at))) at += isBlank(text, at) ? 1 : 2;
  return at;
}

/** The \ and the line ending that are not there for ProFTPD. */
function isJoint(text: string, at: number): boolean {
  return text[at] === "\\" && text[at + 1] === "\n";
}

function readWord(text: string, start: number, end: number): ConfigWord {
  const quoted = text[start] === '"';
  let value = "";
  let at = quoted ? start + 1 : start;
  while (at < end && !endsWord(text, at, quoted)) {
    if (isJoint(text, at)) at += 2;
    else {
      if (quoted && text[at] === "\\" && at + 1 < end) at++;
      value += text[at++];
    }
  }
  return { text: value, span: span(start, quoted && at < end ? at + 1 : at) };
}

function endsWord(text: string, at: number, quoted: boolean): boolean {
  return quoted ? text[at] === '"' : isBlank(text, at);
}
