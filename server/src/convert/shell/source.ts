import { parseShell } from "../../syntax/shell/parse.ts";
import type { Command, ShellFile } from "../../syntax/shell/shell-file.ts";
import { type FileContent, readFile } from "./files.ts";
import type { Interpreter } from "./interpreter.ts";
import { runMade } from "./made-commands.ts";
import { isForDash } from "./options.ts";
import { excerpt, type Field, type Status, unknown } from "./value.ts";

const DEEPEST_SOURCES = 10;

/** They define functions for starting and stopping services, nothing about the firewall. */
const KNOWN_LIBRARIES =
  /^(?:\/etc\/rc\.d\/init\.d\/functions|\/etc\/init\.d\/functions|\/lib\/lsb\/init-functions|\/etc\/rc\.conf|\/etc\/rc\.subr)$/;

/** `. file`: runs a file of the workspace in place; any other may set anything. */
export function runSource(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const file = fields[1];
  if (file === undefined) return false;
  if (file.unknown !== undefined) return notFollowed(interpreter, command, file.text, file.unknown);
  const path = file.text;
  if (KNOWN_LIBRARIES.test(path)) return true;
  const content = readFile(interpreter, path, command);
  const depth = interpreter.calls.filter((call) => call.command.name?.text === fields[0]!.text).length;
  if ("unknown" in content || depth >= DEEPEST_SOURCES)
    return notFollowed(interpreter, command, path, undefined);
  return runFileText(interpreter, command, fields.slice(1), path, content);
}

/** Runs what a file holds in place; `words`: its name and what it is given as arguments. */
export function runFileText(
  interpreter: Interpreter,
  command: Command,
  words: readonly Field[],
  path: string,
  { pieces }: Extract<FileContent, { readonly pieces: unknown }>,
): Status {
  const missing = pieces.find((piece) => piece.unknown !== undefined)?.unknown;
  if (missing !== undefined) return notFollowed(interpreter, command, path, missing);
  const text = pieces.map((piece) => piece.text).join("");
  const [only] = pieces;
  if (only?.file === undefined || pieces.length > 1) return runMade(interpreter, command, text);
  const found = interpreter.options.resolve(only.file);
  return typeof found === "string"
    ? notFollowed(interpreter, command, path, undefined)
    : runText(interpreter, command, words, found);
}

/** The first line counts for nothing where bash reads a file in which sh is named. */
export function parsedBy({ isDash }: Interpreter, text: string): ShellFile {
  return parseShell(!isDash && isForDash(text) ? text.replace("#!", "# ") : text);
}

function runText(
  interpreter: Interpreter,
  command: Command,
  fields: readonly Field[],
  { path, text }: { readonly path: string; readonly text: string },
): Status {
  const { unit, frames } = interpreter;
  const frame = { kind: "include", name: path, file: unit.path, at: interpreter.placed(command) } as const;
  return interpreter.insideCall({ unit, command, fields, frames }, frame, () => {
    const file = parsedBy(interpreter, text);
    interpreter.recorder.included.push({ path, text, dialect: "shell", file });
    interpreter.unit = { path, file };
    interpreter.options.assumed.addComments(file);
    const { positional } = interpreter.state;
    const given = fields.slice(1);
    if (given.length > 0) interpreter.state.positional = { fields: given, open: false };
    const status = interpreter.runFile(file);
    if (given.length > 0) interpreter.state.positional = positional;
    return status;
  });
}

function notFollowed(
  interpreter: Interpreter,
  command: Command,
  path: string,
  reason: string | undefined,
): Status {
  const name = excerpt(path);
  interpreter.recorder.unknown(
    interpreter,
    command,
    reason === undefined ? `what the file ${name} does` : `what the file ${name} does (${reason})`,
  );
  interpreter.state.forgetVariables((variable) =>
    unknown(`the variable ${variable}, perhaps set in ${name}`),
  );
  interpreter.expander.outsideVariables ??= name;
  return { unknown: `what the file ${name} does` };
}
