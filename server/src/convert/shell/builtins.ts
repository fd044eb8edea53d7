import type { Command } from "../../syntax/shell/shell-file.ts";
import { type Outcome, toValue } from "./arithmetic.ts";
import { asArray, NO_KEYS, withoutElement } from "./array-value.ts";
import { assign, assignedValue } from "./assignment.ts";
import { runExternal } from "./external-command.ts";
import { changeFolder } from "./files.ts";
import { runFirewallCommand } from "./firewall-command.ts";
import type { Interpreter } from "./interpreter.ts";
import { runEval } from "./made-commands.ts";
import { FAILURE_TRAP, runSet, runShopt } from "./options.ts";
import { printText, printUnknown, runCat, runEcho, runPrintf } from "./printing.ts";
import { recognise } from "./programs.ts";
import { located } from "./programs-output.ts";
import { runGetopts, runMapfile, runRead } from "./reading.ts";
import { runSource } from "./source.ts";
import { evaluateTest } from "./tests.ts";
import { type Field, known, type Status, UNSET, unknown, type Value } from "./value.ts";

type Builtin = (interpreter: Interpreter, command: Command, fields: readonly Field[]) => Status;

const succeed: Builtin = () => true;
const fail: Builtin = () => false;

/** What the shell does itself, as far as a firewall script's outcome depends on it. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [":", succeed],
  ["true", succeed],
  ["/bin/true", succeed],
  ["false", fail],
  ["/bin/false", fail],
  ["echo", runEcho],
  ["/bin/echo", runEcho],
  ["printf", runPrintf],
  ["cat", runCat],
  ["/bin/cat", runCat],
  ["alias", runAlias],
  ["unalias", runUnalias],
  ["trap", runTrap],
  ["cd", runCd],
  ["pwd", runPwd],
  ["umask", succeed],
  ["ulimit", succeed],
  ["wait", succeed],
  ["hash", succeed],
  ["shopt", (interpreter, _command, fields) => runShopt(interpreter, fields)],
  ["[", (interpreter, _command, fields) => evaluateTest(interpreter, fields.slice(1, -1))],
  ["test", (interpreter, _command, fields) => evaluateTest(interpreter, fields.slice(1))],
  ["export", runExport],
  ["readonly", declare],
  ["declare", declareLocal],
  ["typeset", declareLocal],
  ["local", declareLocal],
  ["unset", runUnset],
  ["shift", runShift],
  ["set", (interpreter, _command, fields) => runSet(interpreter, fields)],
  ["read", runRead],
  ["mapfile", runMapfile],
  ["readarray", runMapfile],
  ["getopts", runGetopts],
  ["let", runLet],
  ["exit", leave("exit")],
  ["return", leave("return")],
  ["break", leaveLoop("break")],
  ["continue", leaveLoop("continue")],
  ["exec", runExec],
  ["command", runCommandBuiltin],
  ["type", runType],
  [".", runSource],
  ["source", runSource],
  ["eval", runEval],
] satisfies [string, Builtin][]);

/** `readonly X=1` and `export X=1` leave a variable where it is; `-A` makes an array with keys. */
function declare(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const { state } = interpreter;
  const letters = lettersOf(fields);
  for (const argument of command.args) {
    if (argument.type !== "Assignment") continue;
    if (letters.includes("A") && state.variable(argument.name)?.kind !== "array")
      state.setVariable(argument.name, NO_KEYS);
    assign(interpreter, argument);
  }
  return true;
}

/** `export X=1 Y`, `export -f run`, `export -n X` */
function runExport(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const letters = lettersOf(fields);
  declare(interpreter, command, fields);
  const kind = letters.includes("f") ? "exported function" : "exported";
  for (const { text } of fields.slice(1)) {
    const name = /^[A-Za-z_][\w-]*/.exec(text)?.[0];
    if (name !== undefined)
      interpreter.state.setOption(`${kind} ${name}`, known(letters.includes("n") ? "off" : "on"));
  }
  return true;
}

function lettersOf(fields: readonly Field[]): string {
  return fields.map(({ text }) => (/^-[a-zA-Z]+$/.test(text) ? text : "")).join("");
}

/** `local X=1`: the old value comes back when the function returns. `-A` makes an array with keys, `-i` numbers. */
function declareLocal(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const locals = interpreter.locals[interpreter.locals.length - 1];
  const letters = lettersOf(fields);
  if (/[fF]/.test(letters)) return areFunctions(interpreter, command, fields);
  const global = letters.includes("g");
  for (const argument of command.args) {
    const name = argument.type === "Assignment" ? argument.name : argument.value;
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    const { state } = interpreter;
    const isLocal = locals !== undefined && !global;
    if (letters.includes("x")) state.setOption(`exported ${name}`, known("on"));
    if (letters.includes("i")) state.setOption(`integer ${name}`, known("on"));
    if (letters.includes("n") && argument.type === "Assignment") {
      const target = assignedValue(interpreter, argument);
      if (isLocal && !locals.has(name)) locals.set(name, state.variable(name));
      if (target.kind === "known") state.setOption(`name ${name}`, target);
      continue;
    }
    const hasKeys = letters.includes("A");
    const before = state.variable(name);
    if (hasKeys && !(before?.kind === "array" && before.keyed)) {
      if (isLocal && !locals.has(name)) locals.set(name, before);
      state.setVariable(name, NO_KEYS);
    }
    // The value is worked out before the name is local: `local X=$X`.
    const value = argument.type === "Assignment" ? assignedValue(interpreter, argument) : undefined;
    if (isLocal && !locals.has(name)) {
      locals.set(name, state.variable(name));
      if (argument.type === "Assignment" && argument.append !== true) state.setVariable(name, UNSET);
    }
    if (argument.type === "Assignment") assign(interpreter, argument, asNumber(interpreter, value, letters));
    else if (isLocal && !hasKeys) state.setVariable(name, UNSET);
  }
  return true;
}

/** `declare -f NAME`, `declare -F NAME`: whether there are such functions. */
function areFunctions(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const names = fields.slice(1).filter(({ text }) => !text.startsWith("-"));
  const missing = names.find(({ unknown }) => unknown !== undefined)?.unknown;
  printUnknown(interpreter, command, missing);
  if (missing !== undefined) return { unknown: missing };
  return names.every(({ text }) => interpreter.state.function(text) !== undefined);
}

function asNumber({ expander }: Interpreter, value: Value | undefined, letters: string): Value | undefined {
  if (!letters.includes("i") || value?.kind !== "known") return value;
  return toValue(expander.variables.arithmeticText(value.text), value.text);
}

function runUnset(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  for (const field of fields.slice(1)) {
    if (field.unknown !== undefined || field.text.startsWith("-")) continue;
    if (fields[1]?.text === "-f") interpreter.state.setFunction(field.text, undefined);
    else unsetVariable(interpreter, field.text);
  }
  return true;
}

function unsetVariable({ state, expander }: Interpreter, name: string): void {
  const [, variable, index] = /^(\w+)\[(.+)\]$/.exec(name) ?? [];
  const array = variable === undefined ? undefined : asArray(state.variable(variable));
  if (variable === undefined || index === undefined || array === undefined) {
    state.setVariable(name, UNSET);
    // A variable has the name, else a function.
    if (state.function(name) && state.variable(name) === undefined) state.setFunction(name, undefined);
    return;
  }
  const key = array.keyed
    ? known(index.replace(/^(["'])(.*)\1$/, "$2"))
    : toValue(expander.variables.arithmeticText(index), index);
  if (key.kind === "known") state.setVariable(variable, withoutElement(array, key.text));
}

function runShift(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  const { positional } = interpreter.state;
  const count =
    fields[1] === undefined ? 1 : Number(fields[1].unknown === undefined ? fields[1].text : "NaN");
  if (!Number.isInteger(count) || count < 0) {
    interpreter.state.positional = { fields: [], open: true };
    return { unknown: "how many arguments are shifted away" };
  }
  if (!positional.open && count > positional.fields.length) return false;
  interpreter.state.positional = { fields: positional.fields.slice(count), open: positional.open };
  return true;
}

/** `set -e` and other options change nothing here; `set -- a b` sets the arguments. */
/** `let x=1 y++`: fails when the last result is 0. */
function runLet(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  let status: Status = true;
  for (const field of fields.slice(1)) {
    if (field.unknown !== undefined) {
      forgetTarget(interpreter, field);
      status = { unknown: field.unknown };
    } else status = statusOfArithmetic(interpreter.expander.variables.arithmeticText(field.text));
  }
  return status;
}

function forgetTarget({ state }: Interpreter, { text, unknown: reason }: Field): void {
  const name = /^[A-Za-z_]\w*/.exec(text)?.[0];
  if (name !== undefined && reason !== undefined) state.setVariable(name, unknown(reason));
}

/** Zero is failure. */
export function statusOfArithmetic(outcome: Outcome): Status {
  if ("number" in outcome) return outcome.number !== 0n;
  return "error" in outcome ? false : outcome;
}

/** `alias ipt='iptables -w'`: scripts use them in dash always, in bash after `shopt -s expand_aliases`. */
function runAlias({ state }: Interpreter, command: Command, fields: readonly Field[]): Status {
  if (command.args.length === 0) return true;
  for (const { text, unknown: reason } of fields.slice(1)) {
    const at = text.indexOf("=");
    if (at > 0)
      state.setAlias(text.slice(0, at), reason === undefined ? known(text.slice(at + 1)) : unknown(reason));
  }
  return true;
}

function runUnalias({ state }: Interpreter, _command: Command, fields: readonly Field[]): Status {
  for (const { text } of fields.slice(1)) state.setAlias(text, undefined);
  return true;
}

function runCd(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  const folder = fields[1];
  if (folder !== undefined && folder.unknown === undefined && folder.text !== "-")
    changeFolder(interpreter, folder.text);
  return true;
}

/** `trap 'commands' EXIT` runs them at the end, `ERR` when a command fails; what other signals do is nothing that happens by itself. */
function runTrap({ state }: Interpreter, _command: Command, fields: readonly Field[]): Status {
  const [, action, ...signals] = fields;
  if (action === undefined) return true;
  const value =
    action.unknown === undefined ? known(action.text === "-" ? "" : action.text) : unknown(action.unknown);
  for (const { text } of signals) {
    if (text === "EXIT" || text === "0") state.setOption("trap", value);
    if (text === "ERR") state.setOption(FAILURE_TRAP, value);
  }
  return true;
}

function runPwd(interpreter: Interpreter, command: Command): Status {
  const folder = interpreter.state.option("cwd");
  if (folder?.kind === "known") printText(interpreter, command, `${folder.text}\n`);
  else printUnknown(interpreter, command, "the folder that the script is run in");
  return true;
}

function leave(kind: "exit" | "return"): Builtin {
  return (interpreter, _command, fields) => {
    const { expander } = interpreter;
    const code = fields[1];
    const known = code === undefined || code.unknown === undefined;
    const number = code === undefined ? undefined : Number(code.text) & 255;
    const status: Status = !known
      ? { unknown: code.unknown ?? "" }
      : number === undefined
        ? expander.lastStatus
        : number === 0;
    if (known && number !== undefined) interpreter.code = number;
    else if (known && expander.lastStatus === false) interpreter.code = expander.lastCode;
    interpreter.flow = { kind, status };
    return status;
  };
}

function leaveLoop(kind: "break" | "continue"): Builtin {
  return (interpreter, _command, fields) => {
    const levels = Number(fields[1]?.text ?? 1);
    interpreter.flow = { kind, levels: Number.isInteger(levels) && levels > 0 ? levels : 1 };
    return true;
  };
}

/** `exec` without a command only redirects; with one, nothing of the script is run after it. */
function runExec(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  if (fields.length === 1) return true;
  const status = runOther(interpreter, command, fields);
  interpreter.flow = { kind: "exit", status };
  return status;
}

/** `command -v iptables` asks whether it is there; `command iptables …` runs it and no function. */
function runCommandBuiltin(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  if (/^-p?[vV]$/.test(fields[1]?.text ?? ""))
    return located(interpreter, command, fields.slice(1), "command");
  return runOther(interpreter, command, fields);
}

function runType(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  return located(interpreter, command, fields.slice(1), "type");
}

function runOther(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const recognised = recognise(fields);
  if (recognised) return runFirewallCommand(interpreter, command, fields, recognised);
  return runExternal(interpreter, command, fields);
}
