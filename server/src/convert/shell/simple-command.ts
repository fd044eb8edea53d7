import type { Command, ShellWord } from "../../syntax/shell/shell-file.ts";
import type { Frame } from "../../text/origin.ts";
import { aliasFields } from "./aliases.ts";
import { assign, assignedValue } from "./assignment.ts";
import { BUILTINS } from "./builtins.ts";
import { isMissingInDash } from "./dash.ts";
import { runExternal } from "./external-command.ts";
import { withOwnFiles } from "./files.ts";
import { runFirewallCommand } from "./firewall-command.ts";
import { recordHostCommand } from "./host-command.ts";
import type { CallSite, Interpreter } from "./interpreter.ts";
import { ALL_ARGUMENTS } from "./parameters.ts";
import { catInput } from "./printing.ts";
import { recognise } from "./programs.ts";
import { redirected, redirectedForGood } from "./redirection.ts";
import type { DefinedFunction } from "./state.ts";
import { presumedText } from "./tests.ts";
import { excerpt, type Field, known, type Status, type Value } from "./value.ts";

const DEEPEST_CALLS = 100;

/** Runs one simple command: assignments, functions, what the shell does itself, firewall programs. */
export function runCommand(interpreter: Interpreter, command: Command): Status {
  const { expander } = interpreter;
  const name = command.name;
  interpreter.substitutionStatus = undefined;
  if (name === undefined) return runNameless(interpreter, command);
  const fields = aliasFields(interpreter, name) ?? expander.fieldsOf([name]);
  const testing = fields.length === 1 && (fields[0]!.text === "[" || fields[0]!.text === "test");
  addArguments(interpreter, command, fields, testing);
  if (interpreter.flow !== undefined) return false;
  if (fields.length === 0) return runNameless(interpreter, command);
  if (fields.length === 1 && fields[0]!.text === "exec") {
    redirectedForGood(interpreter, command.redirects);
    return true;
  }
  return redirected(interpreter, command.redirects, () => runFields(interpreter, command, fields));
}

/** Runs a command whose words are expanded. */
export function runFields(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const first = fields[0]!;
  interpreter.code = undefined;
  if (first.unknown === undefined) {
    const defined = interpreter.state.function(first.text);
    if (defined)
      return withAssignments(interpreter, command, () => callFunction(interpreter, command, defined, fields));
  }
  return runProgram(interpreter, command, withOwnFiles(interpreter, fields));
}

function runProgram(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const first = fields[0]!;
  recordHostCommand(interpreter, command, fields);
  if (interpreter.isDash && first.unknown === undefined && isMissingInDash(first.text))
    return interpreter.notFound();
  const builtin = first.unknown === undefined ? BUILTINS.get(first.text) : undefined;
  if (builtin) return withAssignments(interpreter, command, () => builtin(interpreter, command, fields));
  const recognised = recognise(fields);
  if (recognised) {
    const status = runFirewallCommand(interpreter, command, fields, recognised);
    if (first.text === "exec" && first.unknown === undefined)
      interpreter.flow = { kind: "exit", status: true };
    return status;
  }
  return withAssignments(interpreter, command, () => runExternal(interpreter, command, fields));
}

/** `IFS=, read a b`: set while the command runs. */
function withAssignments(interpreter: Interpreter, command: Command, body: () => Status): Status {
  const assignments = command.prefix.filter((prefix) => prefix.type === "Assignment");
  if (assignments.length === 0) return body();
  const { state } = interpreter;
  const before = assignments.map(
    ({ name }) => [name, state.variable(name), state.option(`exported ${name}`)] as const,
  );
  for (const assignment of assignments) {
    assign(interpreter, assignment);
    state.setOption(`exported ${assignment.name}`, known("on"));
  }
  const status = body();
  for (const [name, value, exported] of before) {
    state.setVariable(name, value);
    state.setOption(`exported ${name}`, exported ?? known("off"));
  }
  return status;
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
    } else if (testing && presumedArgument(interpreter, before, argument) !== undefined) {
      const text = presumedArgument(interpreter, before, argument) ?? "";
      fields.push({ text, start: argument.pos, end: argument.end });
    } else for (const field of expander.fieldsOf([argument])) fields.push(field);
    before = argument.type === "Word" ? argument : undefined;
  }
}

function presumedArgument(
  interpreter: Interpreter,
  before: ShellWord | undefined,
  word: ShellWord,
): string | undefined {
  const asked = before?.text === "-z" || before?.text === "-n";
  return asked ? presumedText(interpreter, word) : undefined;
}

/** Assignments and redirections alone. The status is that of the last `$(…)` in them. */
function runNameless(interpreter: Interpreter, command: Command): Status {
  for (const prefix of command.prefix) {
    if (prefix.type !== "Assignment") continue;
    // dash takes `X+=y` for the name of a command.
    if (interpreter.isDash && prefix.append === true) return interpreter.notFound();
    assign(interpreter, prefix);
  }
  const status = interpreter.substitutionStatus ?? true;
  if (command.redirects.length === 0) return status;
  // `$(<file)` prints the file.
  const reads = command.prefix.every((prefix) => prefix.type !== "Assignment");
  return redirected(interpreter, command.redirects, () => {
    if (reads && interpreter.output !== undefined) catInput(interpreter, command);
    return status;
  });
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
    const given = fields.slice(1);
    // What stands for arguments that are not known is no argument of its own.
    if (open && given.at(-1)?.unknown === ALL_ARGUMENTS) given.pop();
    state.positional = { fields: given, open };
    interpreter.unit = defined.unit;
    const { body } = defined.definition;
    return body.type === "CompoundList"
      ? interpreter.runStatements(body.commands)
      : interpreter.runNode(body);
  });
  interpreter.locals.pop();
  for (const [variable, value] of locals) {
    state.setVariable(variable, value);
    // It is no name of another one any more.
    if (state.option(`name ${variable}`)) state.setOption(`name ${variable}`, known(variable));
  }
  state.positional = positional;
  return status;
}
