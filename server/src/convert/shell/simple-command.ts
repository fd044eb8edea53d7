import type { Assignment, Command, ShellWord } from "../../syntax/shell/shell-file.ts";
import type { Frame } from "../../text/origin.ts";
import { BUILTINS } from "./builtins.ts";
import { runFirewallCommand } from "./firewall-command.ts";
import { recordHostCommand } from "./host-command.ts";
import type { CallSite, Interpreter } from "./interpreter.ts";
import { commandIndex, looksLikeRule, recognise } from "./programs.ts";
import type { DefinedFunction } from "./state.ts";
import { presumedEmpty } from "./tests.ts";
import { excerpt, type Field, known, type Status, unknown, type Value } from "./value.ts";

const DEEPEST_CALLS = 40;
const LONGEST_VALUE = 100_000;

/** Runs one simple command: assignments, functions, what the shell does itself, firewall programs. */
export function runCommand(interpreter: Interpreter, command: Command): Status {
  const { expander } = interpreter;
  const name = command.name;
  if (name === undefined) return runAssignments(interpreter, command);
  const fields = expander.fieldsOf([name]);
  const testing = fields.length === 1 && (fields[0]!.text === "[" || fields[0]!.text === "test");
  addArguments(interpreter, command, fields, testing);
  const first = fields[0];
  if (first === undefined) return runAssignments(interpreter, command);
  if (first.unknown === undefined) {
    const defined = interpreter.state.function(first.text);
    if (defined) return callFunction(interpreter, command, defined, fields);
  }
  recordHostCommand(interpreter, command, fields);
  const builtin = first.unknown === undefined ? BUILTINS.get(first.text) : undefined;
  if (builtin) return builtin(interpreter, command, fields);
  const recognised = recognise(fields);
  if (recognised) {
    const status = runFirewallCommand(interpreter, command, fields, recognised);
    if (first.text === "exec" && first.unknown === undefined)
      interpreter.flow = { kind: "exit", status: true };
    return status;
  }
  return runExternal(interpreter, command, fields);
}

function addArguments(interpreter: Interpreter, command: Command, fields: Field[], testing: boolean): void {
  const { expander } = interpreter;
  let before: ShellWord | undefined;
  for (const argument of command.args) {
    if (argument.type === "Assignment") {
      const value = assignedValue(interpreter, argument);
      const text = value.kind === "known" ? `${argument.name}=${value.text}` : argument.text;
      const field = { text, start: argument.pos, end: argument.end };
      fields.push(value.kind === "unknown" ? { ...field, unknown: value.reason } : field);
    } else if (testing && isPresumedEmpty(interpreter, before, argument)) {
      fields.push({ text: "", start: argument.pos, end: argument.end });
    } else for (const field of expander.fieldsOf([argument])) fields.push(field);
    before = argument.type === "Word" ? argument : undefined;
  }
}

function isPresumedEmpty(interpreter: Interpreter, before: ShellWord | undefined, word: ShellWord): boolean {
  return (before?.text === "-z" || before?.text === "-n") && presumedEmpty(interpreter.expander, word);
}

function runAssignments(interpreter: Interpreter, command: Command): Status {
  for (const prefix of command.prefix) if (prefix.type === "Assignment") assign(interpreter, prefix);
  return true;
}

/** Carries out `X=value`, `X+=value`, `X=(a b)` and `X[1]=value`. */
export function assign(interpreter: Interpreter, assignment: Assignment): void {
  const { state } = interpreter;
  const value = assignedValue(interpreter, assignment);
  const before = state.variable(assignment.name);
  if (assignment.index !== undefined) {
    state.setVariable(assignment.name, unknown(`the contents of the array ${assignment.name}`));
    return;
  }
  state.setVariable(assignment.name, assignment.append === true ? appended(before, value) : value);
}

function appended(before: Value | undefined, value: Value): Value {
  if (before === undefined || before.kind === "unset") return value;
  if (before.kind === "array" && value.kind === "array" && before.items.length < LONGEST_VALUE)
    return { kind: "array", items: [...before.items, ...value.items] };
  if (before.kind === "unknown") return before;
  if (value.kind === "unknown") return value;
  if (before.kind === "known" && value.kind === "known") {
    if (before.text.length + value.text.length > LONGEST_VALUE)
      return unknown("a value that is too long to follow");
    return known(before.text + value.text);
  }
  return unknown("a value put together from several parts");
}

export function assignedValue(interpreter: Interpreter, assignment: Assignment): Value {
  const { expander } = interpreter;
  const { value } = assignment;
  if (value.type === "Word") return expander.value(value);
  const items = expander.fieldsOf(value.elements);
  return {
    kind: "array",
    items: items.map((item) => (item.unknown === undefined ? known(item.text) : unknown(item.unknown))),
  };
}

function callFunction(
  interpreter: Interpreter,
  command: Command,
  defined: DefinedFunction,
  fields: readonly Field[],
): Status {
  const { state, unit, frames, calls } = interpreter;
  const name = fields[0]!.text;
  if (calls.length >= DEEPEST_CALLS) {
    interpreter.recorder.unknown(interpreter, command, `how often ${excerpt(name)} calls itself`);
    return { unknown: `how often ${excerpt(name)} calls itself` };
  }
  const call: CallSite = { unit, command, fields, frames };
  const detail = excerpt(
    fields
      .slice(1)
      .map((field) => field.text)
      .join(" "),
  );
  const frame: Frame = { kind: "function", name, file: unit.path, at: interpreter.placed(command), detail };
  const { positional } = state;
  const last = command.args[command.args.length - 1]?.text;
  // `main "$@"` hands on all arguments of the script, those that we do not know too.
  const open = positional.open && (last === "$@" || last === '"$@"' || last === "$*");
  const locals = new Map<string, Value | undefined>();
  interpreter.locals.push(locals);
  const status = interpreter.insideCall(call, frame, () => {
    state.positional = { fields: fields.slice(1), open };
    interpreter.unit = defined.unit;
    const { body } = defined.definition;
    return body.type === "CompoundList"
      ? interpreter.runStatements(body.commands)
      : interpreter.runNode(body);
  });
  interpreter.locals.pop();
  for (const [variable, value] of locals) state.setVariable(variable, value);
  state.positional = positional;
  return status;
}

const SUCCEED = new Set([
  "modprobe",
  "insmod",
  "sysctl",
  "logger",
  "sleep",
  "date",
  "clear",
  "tput",
  "touch",
]);

/** External commands have no effect on the firewall, as far as we know them. */
function runExternal(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const index = commandIndex(fields);
  const field = fields[index];
  const written = excerpt(interpreter.unit.file.source.slice(command.pos, command.end));
  const outcome: Status = { unknown: `the outcome of "${written}"` };
  if (field === undefined) return outcome;
  if (field.unknown !== undefined) {
    if (looksLikeRule(fields.slice(index)))
      interpreter.recorder.unknown(interpreter, command, `${field.unknown}, run as a command`);
    return outcome;
  }
  const base = field.text.slice(field.text.lastIndexOf("/") + 1);
  if (base === "which" || SUCCEED.has(base)) return true;
  return outcome;
}
