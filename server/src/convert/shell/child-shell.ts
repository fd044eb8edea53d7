import type { Command } from "../../syntax/shell/shell-file.ts";
import { readFile } from "./files.ts";
import type { Interpreter } from "./interpreter.ts";
import { runMade } from "./made-commands.ts";
import { FAILURE_TRAP, setLetters } from "./options.ts";
import { isAlwaysExported } from "./parameters.ts";
import { isOwnPath } from "./programs-output.ts";
import { parsedBy, runFileText } from "./source.ts";
import { standardInput } from "./standard-input.ts";
import type { Unit } from "./state.ts";
import type { InputText } from "./streams.ts";
import { excerpt, type Field, known, type Status, UNSET } from "./value.ts";

/** Scripts that start scripts. */
const DEEPEST = 20;

/** What `sh` is told to do by its words. */
interface ShellCallWords {
  readonly options: readonly Field[];
  /** Behind `-c`. */
  readonly script?: Field;
  /** A file, where there is no `-c` and no `-s`. */
  readonly file?: Field;
  readonly args: readonly Field[];
  /** `$0` for `-c`. */
  readonly name?: Field;
}

/** How a shell of its own is started. */
interface Start {
  readonly isDash: boolean;
  readonly options: readonly Field[];
  readonly args: readonly Field[];
}

/** `sh -c 'COMMANDS' NAME ARGUMENT…`, `sh FILE ARGUMENT…`, `bash -s -- ARGUMENT… <<EOF`, `… | sh`. */
export function runShell(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const words = shellWords(fields);
  const { options, args } = words;
  const start: Start = { options, args, isDash: isDashBy(interpreter, fields[0]?.text ?? "") };
  if (words.script !== undefined) return runWords(interpreter, command, words.script, words.name, start);
  if (words.file !== undefined) return runScriptFile(interpreter, command, words.file, start);
  const input = standardInput(interpreter);
  if (input === undefined) return { unknown: `the outcome of "${excerpt(textOf(fields))}"` };
  return runInput(interpreter, command, input, start);
}

/** By a shell's name; Debian has dash as `sh`. */
function isDashBy(interpreter: Interpreter, name: string): boolean {
  if (/\b(?:bash|ksh|zsh)$/.test(name)) return false;
  return /(?:^|\/)(?:da|a)?sh$/.test(name) || interpreter.isDash;
}

function shellWords(fields: readonly Field[]): ShellCallWords {
  const options: Field[] = [];
  let commands = false;
  let reads = false;
  let at = 1;
  for (; at < fields.length; at++) {
    const { text, unknown } = fields[at]!;
    if (unknown !== undefined || !/^[-+]./.test(text)) break;
    if (text === "--") {
      at++;
      break;
    }
    if (/^-[a-z]*c[a-z]*$/.test(text)) commands = true;
    else if (/^-[a-z]*s[a-z]*$/.test(text)) reads = true;
    if (!text.startsWith("--")) options.push(fields[at]!);
    if (/^[-+][a-zA-Z]*[oO]$/.test(text)) at++;
  }
  const [first, second, ...rest] = fields.slice(at);
  if (commands && first !== undefined)
    return { options, script: first, args: rest, ...(second && { name: second }) };
  const args = fields.slice(reads ? at : at + 1);
  return { options, args, ...(first !== undefined && !reads && { file: first }) };
}

function textOf(fields: readonly Field[]): string {
  return fields.map((field) => field.text).join(" ");
}

function runWords(
  interpreter: Interpreter,
  command: Command,
  script: Field,
  name: Field | undefined,
  start: Start,
): Status {
  if (script.unknown !== undefined) return notKnown(interpreter, command, script.text, script.unknown);
  return inChild(interpreter, command, start, () => {
    if (name !== undefined && name.unknown === undefined)
      interpreter.state.setOption("zero", known(name.text));
    return runMade(interpreter, command, script.text);
  });
}

function runInput(interpreter: Interpreter, command: Command, input: InputText, start: Start): Status {
  if (input.kind === "file") {
    const { pos, end } = command;
    return runScriptFile(interpreter, command, { text: input.name, start: pos, end }, start);
  }
  const missing = input.kind === "unknown" ? input.fact : input.unknowns[0];
  if (missing !== undefined || input.kind === "unknown")
    return notKnown(interpreter, command, "the shell that reads it", missing ?? "");
  return inChild(interpreter, command, start, () => runMade(interpreter, command, input.text.text));
}

function notKnown(interpreter: Interpreter, command: Command, what: string, reason: string): Status {
  interpreter.recorder.unknown(interpreter, command, `what ${excerpt(what)} does (${reason})`);
  return { unknown: reason };
}

/** A script by its path, `./rules.sh start` or `sh rules.sh start`. */
export function runScriptFile(interpreter: Interpreter, command: Command, file: Field, start: Start): Status {
  if (interpreter.calls.length >= DEEPEST) return tooDeep(interpreter, command, file);
  const own = isOwnPath(file) ? interpreter.script : undefined;
  if (own !== undefined)
    return inChild(interpreter, command, start, () =>
      runUnit(interpreter, command, [file, ...start.args], own),
    );
  if (file.unknown !== undefined) return notKnown(interpreter, command, file.text, file.unknown);
  const content = readFile(interpreter, file.text, command);
  if ("unknown" in content) return unknownScript(interpreter, command, file);
  return inChild(interpreter, command, start, () => {
    interpreter.state.setOption("zero", known(file.text));
    return runFileText(interpreter, command, [file, ...start.args], file.text, content);
  });
}

/** A script that is not at hand may do anything. */
export function unknownScript(interpreter: Interpreter, command: Command, { text }: Field): Status {
  const fact = `what the file ${excerpt(text)} does`;
  interpreter.recorder.unknown(interpreter, command, fact);
  return { unknown: fact };
}

function tooDeep(interpreter: Interpreter, command: Command, { text }: Field): Status {
  const fact = `how often ${excerpt(text)} calls itself`;
  interpreter.recorder.unknown(interpreter, command, fact);
  return { unknown: fact };
}

/** The script by its own name: `$0 stop`. */
function runUnit(interpreter: Interpreter, command: Command, words: readonly Field[], own: Unit): Status {
  const { unit, frames } = interpreter;
  const at = interpreter.placed(command);
  const frame = { kind: "include", name: own.path, file: unit.path, at } as const;
  return interpreter.insideCall({ unit, command, fields: words, frames }, frame, () => {
    const file = parsedBy(interpreter, own.file.text);
    interpreter.unit = { path: own.path, file };
    return interpreter.runFile(file);
  });
}

/** Options that a new shell starts without. */
const OPTIONS = [
  "errexit",
  "nounset",
  "noglob",
  "pipefail",
  "allexport",
  "extglob",
  "nocasematch",
  "errtrace",
];

/** A shell of its own has its arguments, exported variables, and nothing else of the shell that starts it. */
function inChild(
  interpreter: Interpreter,
  command: Command,
  { isDash, options, args }: Start,
  body: () => Status,
): Status {
  const { state, isDash: before } = interpreter;
  interpreter.isDash = isDash;
  const status = interpreter.subshell(() => {
    const isExported = (name: string) => isAlwaysExported(name) || state.isOn(`exported ${name}`);
    state.forgetVariables((name) => (isExported(name) ? (state.variable(name) ?? UNSET) : UNSET));
    state.setVariable("IFS", undefined);
    state.keepFunctions((name) => state.isOn(`exported function ${name}`));
    for (const option of OPTIONS) if (state.option(option)) state.setOption(option, known("off"));
    if (state.option(FAILURE_TRAP)) state.setOption(FAILURE_TRAP, known(""));
    for (const { text } of options) setLetters(state, text, undefined);
    state.positional = { fields: args, open: false };
    return interpreter.withOwnTrap(command, body);
  });
  interpreter.isDash = before;
  return status;
}
