import type { IpsetChange } from "../../model/ipset.ts";
import type { Command } from "../../syntax/shell/shell-file.ts";
import type { Origin, Placed } from "../../text/origin.ts";
import {
  type IpsetCommand,
  type IpsetOutcome,
  type IpsetWord,
  ipsetOutcome,
  readIpset,
} from "../ipset/command.ts";
import { type IpsetShape, readCreate } from "../ipset/type.ts";
import { fileInput } from "./files.ts";
import type { Interpreter } from "./interpreter.ts";
import { standardInput } from "./standard-input.ts";
import { type InputText, unknownIn } from "./streams.ts";
import { excerpt, type Field, known, type Status, UNSET } from "./value.ts";

/**
 * `ipset create …`, `ipset add …`, `ipset restore < FILE`. Which sets the script has made is remembered among the
 * variables, as it is for iptables' chains: it starts without any.
 */
export function runIpset(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const read = readIpset(fields);
  if (read === undefined) return { unknown: "what ipset answers" };
  const place = interpreter.placed(command);
  if (read.verb !== "restore") return run(interpreter, read, place);
  const { file } = read;
  if (file?.unknown !== undefined) return lost(interpreter, place, file.unknown);
  const input: InputText | undefined = file
    ? fileInput(interpreter, file.text, command)
    : standardInput(interpreter);
  return restore(interpreter, place, read.exist, input);
}

function restore(
  interpreter: Interpreter,
  place: Placed,
  exist: boolean,
  input: InputText | undefined,
): Status {
  if (input === undefined) return lost(interpreter, place, "what ipset restore reads");
  if (input.kind === "unknown") return lost(interpreter, place, input.fact);
  if (input.kind === "inline") {
    const { text, unknowns } = input;
    const { file } = input.unit;
    return runLines(interpreter, text.text, exist, unknowns, (start, end) => {
      const from = file.offset(text.start(start));
      return { start: from, end: Math.max(from, file.offset(text.end(end))) };
    });
  }
  const found = interpreter.options.resolve(input.name);
  if (found === "pending") interpreter.recorder.need(input.name);
  if (found === "pending" || found === "missing")
    return lost(interpreter, place, `what the file ${excerpt(input.name)} holds`);
  return runLines(interpreter, found.text, exist, [], () => place);
}

/** The first line that ipset refuses ends it. */
function runLines(
  interpreter: Interpreter,
  text: string,
  exist: boolean,
  unknowns: readonly string[],
  placeOf: (start: number, end: number) => Placed,
): Status {
  for (const { 0: line, index } of text.matchAll(/[^\n]+/g)) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const words = [...line.matchAll(/"[^"]*"|\S+/g)].map(({ 0: word }): IpsetWord => {
      const unknown = unknownIn(word, unknowns);
      return unknown === undefined ? { text: word } : { text: word, unknown };
    });
    const read = readIpset(words);
    if (read === undefined) continue;
    const place = placeOf(index, index + line.length);
    const status = run(interpreter, { ...read, exist: read.exist || exist }, place);
    if (status === false) return false;
  }
  return true;
}

function run(interpreter: Interpreter, command: IpsetCommand, place: Placed): Status {
  const status = statusOf(interpreter, command);
  const outcome = ipsetOutcome(command, (set) => shapeOf(interpreter, set));
  for (const change of outcome.changes) recordChange(interpreter, change, place);
  if (outcome.refused) {
    const { code, message } = outcome.refused;
    interpreter.recorder.problem({
      ...{ code, message, severity: "error", refused: true },
      origin: originOf(interpreter, place),
    });
    return false;
  }
  if (status !== false) remember(interpreter, command, outcome);
  return status;
}

function lost(interpreter: Interpreter, place: Placed, fact: string): Status {
  recordChange(interpreter, { do: "unknown", fact, adds: false }, place);
  return { unknown: fact };
}

function recordChange(interpreter: Interpreter, change: IpsetChange, place: Placed): void {
  const { presence } = interpreter;
  interpreter.recorder.operation({ op: "ipset", change, origin: originOf(interpreter, place), presence });
}

function originOf({ unit, frames }: Interpreter, statement: Placed): Origin {
  return { file: unit.path, statement, span: { start: 0, end: statement.end - statement.start }, frames };
}

/** No variable of the shell has a blank in its name. */
const keyOf = (set: string) => `ipset ${set}`;

function remembered(interpreter: Interpreter, set: IpsetWord | undefined): Status {
  if (set === undefined) return true;
  if (set.unknown !== undefined) return { unknown: set.unknown };
  const value = interpreter.state.variable(keyOf(set.text));
  if (value?.kind === "unknown") return { unknown: value.reason };
  return value?.kind === "known";
}

function statusOf(interpreter: Interpreter, { verb, words, exist }: IpsetCommand): Status {
  const exists = remembered(interpreter, words[0]);
  switch (verb) {
    case "create":
      if (exist) return true;
      return typeof exists === "boolean" ? !exists : exists;
    case "test":
      return exists === false ? false : { unknown: "what the ipset holds" };
    default:
      return exists;
  }
}

function remember(
  { state }: Interpreter,
  { verb, words: [first, second] }: IpsetCommand,
  { created }: IpsetOutcome,
): void {
  if (first === undefined || first.unknown !== undefined) return;
  const key = keyOf(first.text);
  const other = second && second.unknown === undefined ? keyOf(second.text) : undefined;
  const before = state.variable(key);
  if (verb === "create") state.setVariable(key, known(created ?? ""));
  else if (verb === "destroy") state.setVariable(key, UNSET);
  else if (other !== undefined && (verb === "swap" || verb === "rename")) {
    state.setVariable(key, verb === "swap" ? state.variable(other) : UNSET);
    state.setVariable(other, before);
  }
}

function shapeOf({ state }: Interpreter, set: string): IpsetShape | undefined {
  const value = state.variable(keyOf(set));
  if (value?.kind !== "known" || value.text === "") return undefined;
  const read = readCreate(set, value.text.split(" "), false);
  return typeof read === "string" ? undefined : read.shape;
}
