import { forEachChild } from "unbash";
import type { Span } from "../../text/span.ts";
import { DIRECTIVE_MARK } from "../directive.ts";
import type { ShellFile, SyntaxNode } from "./shell-file.ts";

/** A word, or a here-document's text, as positions in the script's `source`. */
export interface OpaqueText extends Span {
  /** Of a here-document: whether the shell takes the tabs away that its lines begin with. */
  readonly hereDocument?: { readonly dedented: boolean };
}

/** Where a script's text is no syntax of the shell: words and here-documents. `#` begins no comment there. */
export class ShellText {
  readonly #file: ShellFile;
  /** In order, none within another. */
  readonly #opaque: readonly OpaqueText[];

  constructor(file: ShellFile) {
    this.#file = file;
    this.#opaque = opaqueSpans(file);
  }

  /** The comments that begin with `ftp-firewall:`, as spans of the whole text. */
  directiveComments(): Span[] {
    const { source, offset } = this.#file;
    const found: Span[] = [];
    for (const { index } of source.matchAll(MARKED_COMMENT)) {
      const line = source.lastIndexOf("\n", index - 1) + 1;
      const end = source.indexOf("\n", index);
      if (this.#isWithin(index) || this.#hasComment(line, index)) continue;
      found.push({ start: offset(index), end: offset(end < 0 ? source.length : end) });
    }
    return found;
  }

  /** All comments, as spans of the whole text. */
  comments(): Span[] {
    const { source, offset } = this.#file;
    const found: Span[] = [];
    for (let at = source.indexOf("#"); at >= 0; ) {
      if (this.#isWithin(at)) at = source.indexOf("#", at + 1);
      else {
        const line = source.indexOf("\n", at);
        const end = line < 0 ? source.length : line;
        found.push({ start: offset(at), end: offset(end) });
        at = source.indexOf("#", end);
      }
    }
    return found;
  }

  /** The word or here-document in which an offset of the whole text lies, behind its first character. */
  around(at: number): OpaqueText | undefined {
    const found = this.#opaque[this.#indexAt(at)];
    return found && found.start < at && at < found.end ? found : undefined;
  }

  /** The words that are one text in quotes, without these: a whole ruleset may stand there. Positions of the whole text. */
  quotedTexts(): Span[] {
    const { source, offset } = this.#file;
    return this.#opaque.flatMap(({ start, end, hereDocument }) => {
      const [first, last] = [source.charAt(start), source.charAt(end - 1)];
      const isQuoted = !hereDocument && end - start > 1 && first === last && /["']/.test(first);
      const inner = source.slice(start + 1, end - 1).replace(/\\./g, "");
      return isQuoted && !inner.includes(first) ? [{ start: offset(start + 1), end: offset(end - 1) }] : [];
    });
  }

  /** Whether a comment begins between two positions of one line. */
  #hasComment(from: number, to: number): boolean {
    const { source } = this.#file;
    for (let at = source.indexOf("#", from); at >= 0 && at < to; at = source.indexOf("#", at + 1))
      if (!this.#isWithin(at)) return true;
    return false;
  }

  /** A word's first character lies within it, too: there `#` would be a part of the word. */
  #isWithin(position: number): boolean {
    const found = this.#opaque[this.#indexAt(position)];
    return found !== undefined && found.start <= position && position < found.end;
  }

  /** Index of the last span that starts at or before a position. */
  #indexAt(position: number): number {
    let low = -1;
    let high = this.#opaque.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#opaque[middle]!.start <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const MARKED_COMMENT = new RegExp(`#+[ \\t]*${DIRECTIVE_MARK}`, "g");

/** What a comment cannot begin in. */
const OPAQUE: ReadonlySet<string> = new Set(["HereDocDelimiter", "ArithmeticCommand"]);

function opaqueSpans({ statements, source }: ShellFile): OpaqueText[] {
  const spans: OpaqueText[] = [];
  const waiting: SyntaxNode[] = [...statements];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type === "HereDoc") {
      const { body, operator } = node;
      spans.push({ start: body.pos, end: body.end, hereDocument: { dedented: operator === "<<-" } });
    }
    if (OPAQUE.has(node.type)) spans.push({ start: node.pos, end: node.end });
    else if (node.type === "Word") spans.push(...wordPieces(node, source, waiting));
    else if (node.type !== "HereDocBody") forEachChild(node, (child) => void waiting.push(child));
  }
  return spans.sort((a, b) => a.start - b.start);
}

/** A word without the commands of its substitutions, which are put on the list of what is to be looked at. */
function wordPieces(word: SyntaxNode, source: string, waiting: SyntaxNode[]): Span[] {
  const pieces: Span[] = [];
  let from = word.pos;
  // A comment ends with its line: in a substitution on one line there is none, and its parts need not be parsed.
  const lineBreak = source.indexOf("\n", word.pos);
  const scripts = lineBreak >= 0 && lineBreak < word.end ? substitutionsIn(word, source) : [];
  for (const { script, end } of scripts) {
    pieces.push({ start: from, end: script.pos });
    waiting.push(script);
    from = end;
  }
  return [...pieces, { start: from, end: word.end }];
}

/** What stands between `$(` and its parenthesis, in order. In backticks positions are not those of the script. */
function substitutionsIn(word: SyntaxNode, source: string): { script: SyntaxNode; end: number }[] {
  const found: { script: SyntaxNode; end: number }[] = [];
  const waiting: SyntaxNode[] = [word];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type !== "CommandExpansion" && node.type !== "ProcessSubstitution")
      forEachChild(node, (child) => void waiting.push(child));
    else if (node.script && source.charAt(node.pos + 1) === "(")
      found.push({ script: node.script, end: node.end - 1 });
  }
  return found.sort((a, b) => a.script.pos - b.script.pos);
}
