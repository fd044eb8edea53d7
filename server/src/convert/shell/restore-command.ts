import type { IptablesSaveFile } from "../../syntax/iptables-save/file.ts";
import { parseIptablesSave } from "../../syntax/iptables-save/parse.ts";
import type { Command } from "../../syntax/shell/shell-file.ts";
import type { Frame } from "../../text/origin.ts";
import type { Span } from "../../text/span.ts";
import { convertIptablesSave } from "../iptables/convert-save.ts";
import type { Conversion } from "../result.ts";
import { fileInput } from "./files.ts";
import { noteComments } from "./inline-comment.ts";
import { parseInlineSave } from "./inline-save.ts";
import type { Interpreter } from "./interpreter.ts";
import { standardInput } from "./standard-input.ts";
import type { InputText } from "./streams.ts";
import { excerpt, type Field, type Status } from "./value.ts";

/** Options of iptables-restore that take a value. */
const WITH_VALUE = new Set(["-T", "--table", "-M", "--modprobe", "-w", "--wait", "-W", "--wait-interval"]);

/** `iptables-restore`, from a here-document, a pipe or a file. */
export function runRestore(
  interpreter: Interpreter,
  command: Command,
  fields: readonly Field[],
  program: "iptables" | "ip6tables",
): Status {
  const family = program === "iptables" ? 4 : 6;
  const options = readOptions(fields);
  if (options.test) return true;
  const input = restored(interpreter, command, options.file);
  if (input === undefined) return lost(interpreter, command, `what ${program}-restore reads`);
  if (input.kind === "unknown") return lost(interpreter, command, input.fact);
  const { noflush } = options;
  const { unit } = interpreter;
  if (input.kind === "inline") {
    const { unit: home } = input;
    const file = parseInlineSave(input, home.file, family);
    noteComments({ recorder: interpreter.recorder, unit: home }, input.text, commentLines);
    const conversion = convertIptablesSave(file, { path: home.path, family, noflush });
    return restore(interpreter, file, conversion, options, interpreter.frames);
  }
  const found = interpreter.options.resolve(input.name);
  if (found === "pending") interpreter.recorder.need(input.name);
  if (found === "pending" || found === "missing")
    return lost(interpreter, command, `what the file ${excerpt(input.name)} holds`);
  const frame: Frame = {
    kind: "include",
    name: input.name,
    file: unit.path,
    at: interpreter.placed(command),
  };
  const file = parseIptablesSave(found.text, family);
  interpreter.recorder.included.push({ ...found, dialect: "iptables-save", file, family });
  const conversion = convertIptablesSave(file, { path: found.path, family, noflush });
  return restore(interpreter, file, conversion, options, [...interpreter.frames, frame]);
}

/** Tables before the first line that is refused are restored, its own and those behind it are not. */
function restore(
  interpreter: Interpreter,
  file: IptablesSaveFile,
  conversion: Conversion,
  { table }: RestoreOptions,
  frames: readonly Frame[],
): Status {
  const refused = conversion.problems
    .filter((problem) => problem.refused && problem.severity === "error")
    .map(({ origin }) => origin.statement.start + origin.span.start);
  const first = Math.min(...refused);
  const section = file.statements.findLast(({ node, start }) => node.kind === "table" && start <= first);
  const end = refused.length === 0 ? Number.POSITIVE_INFINITY : (section?.start ?? 0);
  const operations = conversion.operations.filter(
    (one) =>
      one.origin.statement.start < end &&
      (table === undefined || !("table" in one) || one.table === undefined || one.table.name === table),
  );
  record(interpreter, { ...conversion, operations }, frames);
  return refused.length === 0;
}

/** The file that is named, or standard input. */
function restored(
  interpreter: Interpreter,
  command: Command,
  file: RestoreOptions["file"],
): InputText | undefined {
  if (file?.kind !== "file") return file ?? standardInput(interpreter);
  return /^(?:-|\/dev\/stdin)$/.test(file.name)
    ? standardInput(interpreter)
    : fileInput(interpreter, file.name, command);
}

/** For iptables-restore a comment is a line that begins with #. */
function commentLines(text: string): Span[] {
  return [...text.matchAll(/^#.*/gm)].map(({ index, 0: line }) => ({
    start: index,
    end: index + line.length,
  }));
}

interface RestoreOptions {
  readonly noflush: boolean;
  readonly test: boolean;
  /** The only one that is restored. */
  readonly table: string | undefined;
  readonly file: InputText | undefined;
}

function readOptions(fields: readonly Field[]): RestoreOptions {
  let noflush = false;
  let test = false;
  let table: string | undefined;
  let file: InputText | undefined;
  for (let i = 0; i < fields.length; i++) {
    const { text, unknown } = fields[i]!;
    if (unknown !== undefined) file = { kind: "unknown", fact: unknown };
    else if (text === "--noflush" || /^-[a-zA-Z]*n/.test(text)) noflush = true;
    else if (/^(?:-T|--table)$/.test(text)) table = fields[++i]?.text;
    else if (text.startsWith("--table=")) table = text.slice("--table=".length);
    else if (text === "--test" || /^-[a-zA-Z]*t/.test(text)) test = true;
    else if (WITH_VALUE.has(text) && !(/^-w$|wait$/.test(text) && !/^\d+$/.test(fields[i + 1]?.text ?? "")))
      i++;
    else if (!text.startsWith("-")) file = { kind: "file", name: text };
  }
  return { noflush, test, table, file };
}

/** In characters that are expanded. */
export const COST_OF_RULE = 50;

/** Adds what a text loaded by the script does, with the frames and the presence of its place in the script. */
export function record(interpreter: Interpreter, conversion: Conversion, frames: readonly Frame[]): void {
  const { presence, recorder } = interpreter;
  interpreter.expanded(conversion.operations.length * COST_OF_RULE);
  if (recorder.exhausted) return;
  for (const operation of conversion.operations)
    recorder.operation({
      ...operation,
      origin: { ...operation.origin, frames: [...frames, ...operation.origin.frames] },
      presence: presence === "certain" ? operation.presence : presence,
    });
  for (const problem of conversion.problems)
    recorder.problem({
      ...problem,
      origin: { ...problem.origin, frames: [...frames, ...problem.origin.frames] },
    });
  for (const need of conversion.needs) recorder.need(need);
  recorder.included.push(...(conversion.included ?? []));
}

export function lost(interpreter: Interpreter, command: Command, fact: string): Status {
  interpreter.recorder.unknown(interpreter, command, fact);
  return { unknown: fact };
}
