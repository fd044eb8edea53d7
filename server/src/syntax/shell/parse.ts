import { type ParseError, parse, type Statement } from "unbash";
import { findBashisms } from "./bashisms.ts";
import { endlessHereDocuments } from "./here-documents.ts";
import { type CleanText, cleanText } from "./line-ends.ts";
import { misusedWords } from "./misused-words.ts";
import { describeErrors } from "./problems.ts";
import type { ShellFile, ShellProblem } from "./shell-file.ts";

/** UTF-16 code units. The longest firewall script seen has 300,000. */
const LONGEST_SCRIPT = 2_000_000;
/** The parser looks for the end of each here-document in all that follows. */
const MOST_HEREDOCS_IN_A_LINE = 100;

interface Tree {
  readonly statements: readonly Statement[];
  readonly errors: readonly ParseError[];
  readonly incomplete?: string;
}

/** Reads a shell script (bash, which takes in POSIX sh). Never throws; never executes anything. */
export function parseShell(text: string): ShellFile {
  const clean = cleanText(text);
  const tree = withFullwidthComments(clean.source);
  const errors = describeErrors(clean, tree.statements, tree.errors);
  // With DOS line ends one thing is wrong, not many.
  const problems = clean.hasDosLineEnds ? [] : [...errors];
  if (tree.incomplete !== undefined) problems.push(incompleteProblem(clean, tree.incomplete));
  const span = (node: { readonly pos: number; readonly end: number }) => ({
    start: clean.offset(node.pos),
    end: clean.offset(node.end),
  });
  const bashisms = findBashisms(clean.source, tree.statements, span);
  problems.push(
    ...misusedWords(tree.statements, span),
    ...endlessHereDocuments(tree.statements, span),
    ...bashisms.problems,
  );
  if (clean.hasDosLineEnds) problems.unshift(dosLineEndProblem(text, errors.length > 0));
  const stops = errors.map((error) => error.span.start);
  if (bashisms.stopsAt !== undefined) stops.push(bashisms.stopsAt);
  // What misses its end is the last command, however little of it was understood.
  const last = tree.statements[tree.statements.length - 1];
  if (last && tree.errors.some(({ pos }) => pos >= clean.source.length)) stops.push(last.pos);
  const stopsAt = stopLine(clean.source, tree.statements, stops);
  return {
    text,
    source: clean.source,
    statements: tree.statements,
    problems,
    incomplete: tree.incomplete,
    ...(stopsAt !== undefined && { stopsAt }),
    offset: clean.offset,
    span,
  };
}

/** The shell reads whole commands, and of a line all that stands on it, before it runs any of it. */
function stopLine(
  source: string,
  statements: readonly Statement[],
  stops: readonly number[],
): number | undefined {
  if (stops.length === 0) return undefined;
  const first = Math.min(...stops);
  const around = statements.find(({ pos, end }) => pos <= first && first <= end);
  return source.lastIndexOf("\n", Math.min(first, around?.pos ?? first) - 1) + 1;
}

/**
 * A line that starts with the full-width \uff03 is a command to the shell, and a syntax error where it has
 * a parenthesis. The error is reported; the rest is read as if it were the comment that it looks like.
 */
function withFullwidthComments(source: string): Tree {
  const tree = guardedParse(source);
  const masked = source.replace(/^([ \t]*)\uff03/gm, "$1#");
  if (tree.errors.length === 0 || masked === source) return tree;
  const [first] = tree.errors;
  const line = source.slice(source.lastIndexOf("\n", first!.pos - 1) + 1, first!.pos);
  if (!/^\s*\uff03/.test(line)) return tree;
  const meant = guardedParse(masked);
  return { ...meant, errors: [first!, ...meant.errors] };
}

const TOO_DEEP: Tree = {
  statements: [],
  errors: [],
  incomplete: "the script is nested too deeply to follow",
};

function guardedParse(source: string): Tree {
  const tooMuch = excess(source);
  if (tooMuch !== undefined) return { statements: [], errors: [], incomplete: tooMuch };
  try {
    const script = parse(source);
    const errors = script.errors ?? [];
    // The parser's limit, not the shell's.
    if (errors.some(({ message }) => /nesting depth/.test(message))) return TOO_DEEP;
    return { statements: script.commands, errors };
  } catch {
    // It bounds most nesting itself, but not that of functions and coprocesses.
    return TOO_DEEP;
  }
}

function excess(source: string): string | undefined {
  if (source.length > LONGEST_SCRIPT) return "the script is too long to follow";
  let count = 0;
  let line = -1;
  for (let at = source.indexOf("<<"); at >= 0; at = source.indexOf("<<", at + 2)) {
    // Only here-documents that wait for the same line end add up.
    if (at > line) {
      count = 0;
      line = source.indexOf("\n", at);
      if (line < 0) line = source.length;
    }
    if (++count > MOST_HEREDOCS_IN_A_LINE) return "a line starts too many here-documents to follow";
  }
  return undefined;
}

function incompleteProblem(clean: CleanText, reason: string): ShellProblem {
  const end = clean.source.indexOf("\n");
  return {
    code: "syntax-error",
    severity: "info",
    message: `This script is not checked: ${reason}.`,
    span: { start: 0, end: clean.offset(end < 0 ? Math.min(clean.source.length, 200) : end) },
    refused: false,
  };
}

/** Where the carriage return makes the shell miss a word like `then`, nothing of the script runs. */
function dosLineEndProblem(text: string, stops: boolean): ShellProblem {
  const at = text.indexOf("\r\n");
  const effect = stops
    ? "so that it does not know `then`, `do`, `in` or `{` before it and stops with a syntax error"
    : "so that chains and options are not found";
  return {
    code: "syntax-error",
    severity: stops ? "error" : "warning",
    message:
      "The lines of this script end in CR LF, as on DOS. The shell takes the CR for the last character of " +
      `the last word, ${effect}. Save the file with LF line ends.`,
    span: { start: at, end: at + 1 },
    refused: stops,
  };
}
