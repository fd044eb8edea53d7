import type { Command, ShellFile } from "../../syntax/shell/shell-file.ts";
import type { Word } from "../../syntax/word.ts";
import type { Frame, Placed } from "../../text/origin.ts";
import type { Span } from "../../text/span.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Unit } from "./state.ts";
import type { Field } from "./value.ts";

/** Where the author wrote a firewall command, and its words as they stand there. */
export interface RuleSite {
  readonly unit: Unit;
  readonly statement: Placed;
  readonly frames: readonly Frame[];
  readonly argv: readonly Word[];
  /** Of the program with its wrappers and `-w`, in the whole text. */
  readonly programSpan: Span;
  /** How many words at the start of `argv` come with the program: `-w`, or what `$IPT` holds. */
  readonly prefixLength: number;
}

const OPERATION =
  /^(?:-[AIDRNXPFCEZLS].*|--(?:append|insert|delete|replace|new-chain|policy|flush|check|rename-chain|zero|delete-chain|list|list-rules)(?:=.*)?)$/;
const WAIT = /^(?:-w\d*|-W\d*|--wait(?:-interval)?(?:=\d+)?)$/;

/**
 * A wrapper such as `run() { echo "$@"; "$@"; }` only hands on what stands at its call: the rule is at
 * home there, however many wrappers are in between. `$1` used inside a longer command is not handing on.
 * `isDecisive`: the word without which the command would be none of its kind.
 */
export function findSite(
  interpreter: Interpreter,
  command: Command,
  fields: readonly Field[],
  first: number,
  isDecisive = (field: Field) => field.unknown === undefined && OPERATION.test(field.text),
): RuleSite {
  let unit = interpreter.unit;
  let { frames } = interpreter;
  let node = command;
  let words = fields;
  let inPrefix = first;
  const decisiveIndex = fields.findIndex((field, index) => index >= first && isDecisive(field));
  for (let i = interpreter.calls.length - 1; i >= 0; i--) {
    const call = interpreter.calls[i]!;
    const decisive = words[decisiveIndex];
    if (decisive?.passed === undefined || !call.fields.includes(decisive.passed)) break;
    const name = call.command.name ?? call.command;
    const own = words.slice(first).findIndex((field) => field.passed !== undefined);
    const firstPassed = words[first + own]?.passed;
    inPrefix = firstPassed === undefined ? 1 : Math.max(1, call.fields.indexOf(firstPassed));
    const before = call.fields[inPrefix - 1]!;
    words = words.map((field) => field.passed ?? standIn(field, name.pos, before.end));
    ({ unit, frames } = call);
    node = call.command;
  }
  return siteAt(unit, node, frames, words, first);
}

/** A word that a wrapper adds stands where the wrapper is called. */
function standIn(field: Field, start: number, end: number): Field {
  return field.unknown === undefined
    ? { text: field.text, start, end }
    : { text: field.text, unknown: field.unknown, start, end };
}

function siteAt(
  unit: Unit,
  node: Command,
  frames: readonly Frame[],
  words: readonly Field[],
  first: number,
): RuleSite {
  const { file } = unit;
  const statement = file.span(node);
  const argv = words.slice(first).map((field) => toWord(file, field, statement.start));
  const start = node.name?.pos ?? node.pos;
  const command = words[first - 1]!;
  let last = first;
  while (last < words.length && (words[last]!.end <= command.end || isWait(words, last))) last++;
  const end = words[last - 1]?.end ?? node.end;
  const prefixLength = last - first;
  return {
    unit,
    statement,
    frames,
    argv,
    prefixLength,
    programSpan: file.span({ pos: start, end: Math.max(start, end) }),
  };
}

function isWait(words: readonly Field[], index: number): boolean {
  const { text } = words[index]!;
  return WAIT.test(text) || (/^\d+$/.test(text) && WAIT.test(words[index - 1]?.text ?? ""));
}

export function toWord(file: ShellFile, field: Field, base: number): Word {
  const start = file.offset(field.start) - base;
  const span = { start, end: file.offset(field.end) - base };
  return field.unknown === undefined
    ? { text: field.text, span }
    : { text: field.text, span, unknown: field.unknown };
}

/** The white space before a statement that is first on its line; undefined when it is not. */
export function indentOf(text: string, start: number): string | undefined {
  let at = start;
  while (at > 0 && (text.charAt(at - 1) === " " || text.charAt(at - 1) === "\t")) at--;
  const lineStart = at === 0 || text.charAt(at - 1) === "\n" || text.charAt(at - 1) === "\r";
  return lineStart ? text.slice(at, start) : undefined;
}
