import type { ParseError, Statement } from "unbash";
import type { CleanText } from "./line-ends.ts";
import type { ShellProblem, SyntaxNode } from "./shell-file.ts";
import { childrenOf } from "./tree.ts";

const MOST_PROBLEMS = 50;
const FULLWIDTH_NUMBER_SIGN = "\uff03";

/** What the closing words belong to; `then` and `do` are reported together with the missing end. */
const CLOSERS: Record<string, string> = {
  If: "fi",
  For: "done",
  ArithmeticFor: "done",
  While: "done",
  Select: "done",
  Case: "esac",
  BraceGroup: "}",
  Subshell: ")",
};

/** The parser's errors as problems: at most one at a place and at most 50. */
export function describeErrors(
  clean: CleanText,
  statements: readonly Statement[],
  errors: readonly ParseError[],
): ShellProblem[] {
  if (errors.length === 0) return [];
  const problems: ShellProblem[] = [];
  const seen = new Set<number>();
  const unclosed = errors.some((error) => / to close /.test(error.message))
    ? findUnclosed(clean.source, statements)
    : [];
  for (const error of firstOfEachLine(clean.source, errors)) {
    if (problems.length >= MOST_PROBLEMS) break;
    const closer = /^expected '(.+)' to close/.exec(error.message)?.[1];
    const opened = closer === undefined ? undefined : takeOpener(unclosed, closer);
    const place = opened ? opened.pos : placeOf(clean.source, error);
    if (seen.has(place)) continue;
    seen.add(place);
    problems.push({
      code: "syntax-error",
      severity: "error",
      message: messageFor(clean.source, error.message, place),
      span: { start: clean.offset(place), end: clean.offset(tokenEnd(clean.source, place)) },
      refused: true,
    });
  }
  return problems;
}

/** The shell stops at the first; what the parser stumbles over behind it on the same line, or misses for it, is no news. */
function firstOfEachLine(source: string, errors: readonly ParseError[]): readonly ParseError[] {
  const others = errors.filter(({ message }) => !/ to close /.test(message));
  if (others.length === 0) return errors;
  const lines = new Set<number>();
  return others.filter(({ pos }) => {
    const line = source.lastIndexOf("\n", pos - 1);
    return !lines.has(line) && lines.add(line);
  });
}

function messageFor(source: string, complaint: string, place: number): string {
  const line = source.slice(source.lastIndexOf("\n", place - 1) + 1, place).trimStart();
  if (line.startsWith(FULLWIDTH_NUMBER_SIGN))
    return (
      `The shell stops here with a syntax error (${complaint}). This line starts with the full-width ` +
      "character \uff03, which does not start a comment; write # instead."
    );
  const missing = /^expected '(.+)' to close '?([^']+)'?$/.exec(complaint);
  if (missing)
    return (
      `The shell stops with a syntax error: this "${missing[2]}" is never closed. ` +
      `Add the missing "${missing[1]}".`
    );
  const unterminated = /^unterminated (.+)$/.exec(complaint);
  if (unterminated)
    return (
      `The shell stops with a syntax error: the ${unterminated[1]} that starts here is not closed. ` +
      "Everything after it is taken for part of it."
    );
  const unexpected = /^unexpected token '(.+)'$/.exec(complaint);
  if (unexpected)
    return (
      `The shell stops here with a syntax error near the unexpected "${unexpected[1]}". ` +
      "Nothing from here on is run; remove it, quote it, or open what it closes."
    );
  return `The shell stops here with a syntax error: ${complaint}. Nothing from here on is run.`;
}

/** Errors at the end of the text stand on its last visible character. */
function placeOf(source: string, { pos: position, message }: ParseError): number {
  let place = Math.min(position, source.length);
  if (/'newline'$/.test(message)) {
    while (place > 0 && isBlank(source.charCodeAt(place - 1))) place--;
    return Math.max(0, place - 1);
  }
  while (place < source.length && place < position + 200 && isBlank(source.charCodeAt(place))) place++;
  if (place < source.length && !isBlank(source.charCodeAt(place))) return place;
  while (place > 0 && isBlank(source.charCodeAt(place - 1))) place--;
  return Math.max(0, place - 1);
}

function tokenEnd(source: string, start: number): number {
  let end = start + 1;
  while (end < source.length && end < start + 60 && !isBlank(source.charCodeAt(end))) end++;
  return Math.min(end, source.length);
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

interface Opener {
  readonly pos: number;
  readonly closer: string;
}

/** Compound commands whose text does not end in their closing word, innermost first. */
function findUnclosed(source: string, statements: readonly Statement[]): Opener[] {
  const found: Opener[] = [];
  const pending: SyntaxNode[] = [...statements];
  while (pending.length > 0) {
    const node = pending.pop()!;
    const closer = CLOSERS[node.type];
    if (closer !== undefined && !source.slice(Math.max(node.pos, node.end - 4), node.end).endsWith(closer))
      found.push({ pos: node.pos, closer });
    pending.push(...childrenOf(node));
  }
  return found.sort((a, b) => b.pos - a.pos);
}

function takeOpener(openers: Opener[], closer: string): Opener | undefined {
  const index = openers.findIndex((opener) => opener.closer === closer);
  return index < 0 ? undefined : openers.splice(index, 1)[0];
}
