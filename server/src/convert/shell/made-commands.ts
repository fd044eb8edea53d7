import { parseShell } from "../../syntax/shell/parse.ts";
import type { Command, ShellFile } from "../../syntax/shell/shell-file.ts";
import type { Placed } from "../../text/origin.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Unit } from "./state.ts";
import { excerpt, type Field, type Status } from "./value.ts";

/** `eval "eval …"` */
const DEEPEST = 20;

/**
 * A text that stands nowhere in the script, made while it runs. Everything in it has the place of the command that
 * runs it.
 */
export function madeUnit(unit: Unit, file: ShellFile, at: Placed): Unit {
  const { path } = unit;
  const { text } = unit.file;
  const place = { start: at.start, end: at.end };
  const offset = (position: number) => (position <= 0 ? at.start : at.end);
  return { path, file: { ...file, text, offset, span: () => place }, isMade: true };
}

/** `eval`: its words make a command, which is run here. */
export function runEval(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const missing = fields.find((field) => field.unknown !== undefined)?.unknown;
  const text = textOf(fields.slice(1));
  if (missing !== undefined) {
    const fact = `what eval makes of ${excerpt(text)} (${missing})`;
    interpreter.recorder.unknown(interpreter, command, fact);
    return { unknown: fact };
  }
  return runMade(interpreter, command, text);
}

function textOf(fields: readonly Field[]): string {
  return fields.map((field) => field.text).join(" ");
}

/** Runs a text as commands of this shell. */
export function runMade(
  interpreter: Interpreter,
  command: { readonly pos: number; readonly end: number },
  text: string,
): Status {
  if (interpreter.madeDepth >= DEEPEST) {
    const fact = `how often ${excerpt(text)} runs itself`;
    interpreter.recorder.unknown(interpreter, command, fact);
    return { unknown: fact };
  }
  const file = interpreter.cache.scripts.get(text, () => parseShell(text));
  const { unit } = interpreter;
  interpreter.madeDepth++;
  interpreter.unit = madeUnit(unit, file, interpreter.placed(command));
  const status = interpreter.runFile(file);
  interpreter.unit = unit;
  interpreter.madeDepth--;
  return status;
}
