import type {
  Assignment,
  Command,
  Redirection,
  ShellProblem,
  ShellWord,
  Statement,
  SyntaxNode,
  WordPart,
} from "./shell-file.ts";
import { childrenOf } from "./tree.ts";

/** What dash makes of something that only bash knows. */
interface Bashism {
  readonly pos: number;
  readonly end: number;
  /** As dash says it, behind the line number. */
  readonly complaint: string;
  /** dash reads no further, so that nothing of the script runs. */
  readonly stops?: boolean;
}

const MOST_BASHISMS = 20;

/** `#!/bin/sh`: on Debian and Ubuntu that is dash. */
const SH = /^\uFEFF?#![ \t]*(?:\/\S*\/)?(?:env[ \t]+)?(sh|dash)(?=[ \t\r\n]|$)/;

/**
 * What a script for `sh` has that dash has not, each with what dash says (measured with dash 0.5.12). Words inside of
 * substitutions are not looked at.
 */
export function findBashisms(
  source: string,
  statements: readonly Statement[],
  spanOf: (node: { readonly pos: number; readonly end: number }) => ShellProblem["span"],
): { readonly problems: ShellProblem[]; readonly stopsAt?: number } {
  const shell = SH.exec(source)?.[1];
  if (shell === undefined) return { problems: [] };
  const found: Bashism[] = [];
  const pending: SyntaxNode[] = [...statements].reverse();
  while (pending.length > 0 && found.length < MOST_BASHISMS) {
    const node = pending.pop()!;
    inNode(node, source, found);
    pending.push(...childrenOf(node).reverse());
  }
  // A bad substitution ends the script where it is run, a syntax error where it is read.
  const stop = found
    .filter(({ stops, complaint }) => stops && complaint.startsWith("Syntax error"))
    .sort((a, b) => a.pos - b.pos)[0];
  const problems = found.map(
    (one): ShellProblem => ({
      code: "bash-only",
      severity: "warning",
      message: message(one, shell),
      span: spanOf({ pos: one.pos, end: Math.min(one.end, firstLineEnd(source, one.pos)) }),
      refused: false,
    }),
  );
  return stop === undefined ? { problems } : { problems, stopsAt: stop.pos };
}

function message({ complaint, stops }: Bashism, shell: string): string {
  const where = shell === "dash" ? "dash" : "Where sh is dash (Debian, Ubuntu), the shell";
  const effect = stops ? "and stops here" : "and goes on";
  return `${where} says “${complaint}” ${effect}: this is bash's. Begin the script with #!/bin/bash, or write it as POSIX has it.`;
}

function firstLineEnd(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end < 0 ? source.length : end;
}

function inNode(node: SyntaxNode, source: string, found: Bashism[]): void {
  const { pos, end } = node;
  const stops = (complaint: string, from = pos, to = end) =>
    found.push({ pos: from, end: to, complaint: `Syntax error: ${complaint}`, stops: true });
  switch (node.type) {
    case "TestCommand": {
      const groups = /=~[^\n]*\(/.test(source.slice(pos, end));
      if (groups) stops('"(" unexpected');
      else found.push({ pos, end, complaint: "[[: not found" });
      return;
    }
    case "ArithmeticCommand":
      found.push({ pos, end, complaint: `${source.slice(pos + 2, end - 2).trim()}: not found` });
      return;
    case "ArithmeticFor":
      stops("Bad for loop variable");
      return;
    case "Select":
      stops('"do" unexpected');
      return;
    case "Function": {
      const word = /^function[ \t]+[^\s(]+[ \t]*(\(?)/.exec(source.slice(pos, end));
      if (word) stops(word[1] ? '"(" unexpected' : '"}" unexpected');
      return;
    }
    case "Pipeline":
      if (node.operators.includes("|&")) stops('"&" unexpected');
      return;
    case "CaseItem":
      if (node.terminator === ";&" || node.terminator === ";;&") stops('"&" unexpected');
      return;
    case "Redirected":
      for (const redirect of node.redirects) inRedirect(redirect, found);
      return;
    case "For":
      for (const word of node.wordlist ?? []) inWord(word, found);
      return;
    case "Command":
      inCommand(node, found);
      return;
    default:
  }
}

/** Commands of bash that dash does not know. */
const COMMANDS = new Set([
  "source",
  "let",
  "declare",
  "typeset",
  "shopt",
  "pushd",
  "popd",
  "mapfile",
  "readarray",
]);

function inCommand(command: Command, found: Bashism[]): void {
  const { name } = command;
  if (name && COMMANDS.has(name.text))
    found.push({ pos: name.pos, end: name.end, complaint: `${name.text}: not found` });
  for (const one of [...command.prefix, ...command.suffix]) {
    if (one.type === "Assignment") inAssignment(one, found);
    else if (one.type === "Word") inWord(one, found);
    else inRedirect(one, found);
  }
  if (name?.text === "[" || name?.text === "test") equalsTwice(command, found);
}

function equalsTwice({ args }: Command, found: Bashism[]): void {
  const [left, operator] = args;
  if (operator?.type !== "Word" || operator.text !== "==" || left === undefined) return;
  const { pos, end } = operator;
  found.push({ pos, end, complaint: `[: ${left.text}: unexpected operator` });
}

function inAssignment(assignment: Assignment, found: Bashism[]): void {
  const { pos, end, text, value, append, index } = assignment;
  if (value.type === "ArrayValue") {
    const complaint = append ? "Syntax error: word unexpected" : 'Syntax error: "(" unexpected';
    found.push({ pos, end, complaint, stops: true });
  } else if (append || index) found.push({ pos, end, complaint: `${text}: not found` });
  else inWord(value, found);
}

function inRedirect(redirect: Redirection, found: Bashism[]): void {
  const { pos, end, operator } = redirect;
  if (operator === "<<<")
    found.push({ pos, end, complaint: "Syntax error: redirection unexpected", stops: true });
  else if (redirect.type === "Redirect" && redirect.target) {
    const process = redirect.target.parts?.some((part) => part.type === "ProcessSubstitution");
    if (process) found.push({ pos, end, complaint: "Syntax error: redirection unexpected", stops: true });
  }
}

function inWord(word: ShellWord, found: Bashism[]): void {
  for (const part of word.parts ?? []) {
    inPart(part, found);
    if (part.type === "DoubleQuoted") for (const inner of part.parts) inPart(inner, found);
  }
}

function inPart(part: WordPart, found: Bashism[]): void {
  const { pos, end } = part;
  if (part.type === "ProcessSubstitution")
    found.push({ pos, end, complaint: 'Syntax error: "(" unexpected', stops: true });
  if (part.type !== "ParameterExpansion") return;
  const { operation, index, prefix } = part;
  const other = operation !== undefined && operation.type !== "Default" && operation.type !== "Remove";
  if (other || index !== undefined || prefix === "!")
    found.push({ pos, end, complaint: "Bad substitution", stops: true });
}
