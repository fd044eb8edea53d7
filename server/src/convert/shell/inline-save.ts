import { parseIptablesArguments } from "../../syntax/iptables/parse.ts";
import type { IptablesSaveFile, SaveLine, SaveStatement } from "../../syntax/iptables-save/file.ts";
import { parseLiteralSave, templateProblem } from "../../syntax/iptables-save/parse.ts";
import { splitWords } from "../../syntax/iptables-save/words.ts";
import type { ShellFile } from "../../syntax/shell/shell-file.ts";
import type { Word } from "../../syntax/word.ts";
import type { MappedText } from "./mapped-text.ts";
import { unknownIn } from "./streams.ts";

interface Inline {
  readonly text: MappedText;
  readonly unknowns: readonly string[];
}

const LITERAL_TEXT =
  "The shell leaves this as it stands, because the end word of the here-document is quoted, and the program " +
  "gets it literally. Remove the quotes around the word behind <<.";

/**
 * An iptables-save text that stands in a script, with all positions those of the script. Lines that the
 * script puts together from variables are read word by word, so that a word stands where its variable does.
 */
export function parseInlineSave(inline: Inline, file: ShellFile, family: 4 | 6): IptablesSaveFile {
  const { text } = inline;
  const whole = text.text;
  const parsed = parseLiteralSave(whole, family);
  const literal = templateProblem(whole);
  const statements = parsed.statements.map((statement) => place(statement, whole, inline, file, family));
  const problems = [...(literal ? [literal] : []), ...parsed.problems]
    .filter((problem) => !lineHasUnknown(whole, problem.span.start, inline.unknowns))
    .map((problem) => {
      const start = file.offset(text.start(problem.span.start));
      const span = { start, end: Math.max(start, file.offset(text.end(problem.span.end))) };
      return problem.code === "template-text"
        ? { ...problem, message: LITERAL_TEXT, span }
        : { ...problem, span };
    });
  return { statements, problems, template: false };
}

function place(
  statement: SaveStatement,
  whole: string,
  inline: Inline,
  file: ShellFile,
  family: 4 | 6,
): SaveStatement {
  const { text } = inline;
  const start = file.offset(text.start(statement.start));
  const end = Math.max(start, file.offset(text.end(statement.end)));
  if (text.isVerbatim(statement.start, statement.end)) return { start, end, node: statement.node };
  const line = whole.slice(statement.start, statement.end);
  const word = (plain: Word): Word => {
    const from = file.offset(text.start(statement.start + plain.span.start)) - start;
    const to = file.offset(text.end(statement.start + plain.span.end)) - start;
    const unknown = unknownIn(plain.text, inline.unknowns);
    const span = { start: from, end: Math.max(from, to) };
    if (unknown === undefined) return { text: plain.text, span };
    return { text: file.text.slice(start + from, start + to), span, unknown };
  };
  return { start, end, node: moveLine(statement.node, line, word, inline, family) };
}

function moveLine(
  node: SaveLine,
  line: string,
  word: (plain: Word) => Word,
  inline: Inline,
  family: 4 | 6,
): SaveLine {
  switch (node.kind) {
    case "table":
    case "chain": {
      const unknown = unknownIn(line, inline.unknowns);
      if (unknown !== undefined) return { kind: "opaque", fact: unknown, problems: [] };
      if (node.kind === "table") return { kind: "table", name: word(node.name) };
      const name = word(node.name);
      return { ...node, name, ...(node.policy ? { policy: word(node.policy) } : {}) };
    }
    case "command": {
      const words = splitWords(line, node.counters?.end ?? 0).map(word);
      const program = family === 4 ? "iptables" : "ip6tables";
      return { kind: "command", command: parseIptablesArguments(words, { program, context: "save-line" }) };
    }
    default:
      return node;
  }
}

function lineHasUnknown(whole: string, offset: number, unknowns: readonly string[]): boolean {
  if (unknowns.length === 0) return false;
  const start = whole.lastIndexOf("\n", offset - 1) + 1;
  const end = whole.indexOf("\n", offset);
  return unknownIn(whole.slice(start, end < 0 ? whole.length : end), unknowns) !== undefined;
}
