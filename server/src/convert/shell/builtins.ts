import type { Command } from "../../syntax/shell/shell-file.ts";
import { runFirewallCommand } from "./firewall-command.ts";
import type { Interpreter } from "./interpreter.ts";
import { recognise } from "./programs.ts";
import { assign } from "./simple-command.ts";
import { runSource } from "./source.ts";
import { evaluateTest } from "./tests.ts";
import { excerpt, type Field, type Status, UNSET, unknown } from "./value.ts";

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
  ["echo", succeed],
  ["printf", succeed],
  ["alias", succeed],
  ["trap", succeed],
  ["umask", succeed],
  ["ulimit", succeed],
  ["wait", succeed],
  ["hash", succeed],
  ["shopt", succeed],
  ["[", (_interpreter, _command, fields) => evaluateTest(fields.slice(1, -1))],
  ["test", (_interpreter, _command, fields) => evaluateTest(fields.slice(1))],
  ["export", declare],
  ["readonly", declare],
  ["declare", declareLocal],
  ["typeset", declareLocal],
  ["local", declareLocal],
  ["unset", runUnset],
  ["shift", runShift],
  ["set", runSet],
  ["read", runRead],
  ["mapfile", runRead],
  ["readarray", runRead],
  ["getopts", runRead],
  ["let", runLet],
  ["exit", leave("exit")],
  ["return", leave("return")],
  ["break", leaveLoop("break")],
  ["continue", leaveLoop("continue")],
  ["exec", runExec],
  ["command", runCommandBuiltin],
  [".", runSource],
  ["source", runSource],
  ["eval", runEval],
] satisfies [string, Builtin][]);

function declare(interpreter: Interpreter, command: Command): Status {
  for (const argument of command.args) if (argument.type === "Assignment") assign(interpreter, argument);
  return true;
}

/** `local X=1`: the old value comes back when the function returns. */
function declareLocal(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const locals = interpreter.locals[interpreter.locals.length - 1];
  const global = fields.some((field) => field.text === "-g");
  for (const argument of command.args) {
    const name = argument.type === "Assignment" ? argument.name : argument.value;
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    if (locals && !global && !locals.has(name)) locals.set(name, interpreter.state.variable(name));
    if (argument.type === "Assignment") assign(interpreter, argument);
    else if (locals && !global) interpreter.state.setVariable(name, UNSET);
  }
  return true;
}

function runUnset(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  for (const field of fields.slice(1)) {
    if (field.unknown !== undefined || field.text.startsWith("-")) continue;
    if (fields[1]?.text === "-f") interpreter.state.setFunction(field.text, undefined);
    else interpreter.state.setVariable(field.text, UNSET);
  }
  return true;
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
function runSet(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  let at = 1;
  for (; at < fields.length; at++) {
    const text = fields[at]!.text;
    if (text === "--") return setArguments(interpreter, fields.slice(at + 1));
    if (text === "-o" || text === "+o") at++;
    else if (!/^[-+]/.test(text)) return setArguments(interpreter, fields.slice(at));
  }
  return true;
}

function setArguments(interpreter: Interpreter, fields: readonly Field[]): Status {
  interpreter.state.positional = { fields, open: false };
  return true;
}

function runRead(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  const reason = "what the script reads";
  for (const field of fields.slice(1))
    if (/^[A-Za-z_]\w*$/.test(field.text)) interpreter.state.setVariable(field.text, unknown(reason));
  return { unknown: reason };
}

function runLet(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  for (const field of fields.slice(1)) {
    const name = /^[A-Za-z_]\w*/.exec(field.text)?.[0];
    if (name) interpreter.state.setVariable(name, unknown(`the result of let ${excerpt(field.text)}`));
  }
  return { unknown: "the outcome of let" };
}

function leave(kind: "exit" | "return"): Builtin {
  return (interpreter, _command, fields) => {
    const code = fields[1];
    const status: Status =
      code === undefined
        ? interpreter.expander.lastStatus
        : code.unknown === undefined
          ? Number(code.text) === 0
          : { unknown: code.unknown };
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
  if (fields[1]?.text === "-v" || fields[1]?.text === "-V") return true;
  return runOther(interpreter, command, fields);
}

function runOther(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const recognised = recognise(fields);
  if (recognised) return runFirewallCommand(interpreter, command, fields, recognised);
  return { unknown: `the outcome of "${excerpt(fields.map((field) => field.text).join(" "))}"` };
}

/** Commands made at run time are not followed yet. */
function runEval(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const text = fields
    .slice(1)
    .map((field) => field.text)
    .join(" ");
  const open = fields.some((field) => field.unknown !== undefined);
  if (open || /tables|nft|ipt/i.test(text))
    interpreter.recorder.unknown(interpreter, command, `what eval makes of ${excerpt(text)}`);
  return { unknown: `the outcome of eval ${excerpt(text)}` };
}
