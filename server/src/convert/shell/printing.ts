import type { Command } from "../../syntax/shell/shell-file.ts";
import { readFile } from "./files.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Unit } from "./state.ts";
import { Source, type StreamPiece } from "./streams.ts";
import { excerpt, type Field, known, type Status, unknown } from "./value.ts";

/** Words as pieces of text; what stands in quotes is placed within these. */
export function fieldPieces(fields: readonly Field[], unit: Unit): StreamPiece[] {
  const { source } = unit.file;
  return fields.map(({ text, unknown, start, end }) => {
    const inner = source.slice(start + 1, end - 1) === text;
    const place = inner ? { start: start + 1, end: end - 1 } : { start, end };
    return unknown === undefined ? { text, ...place, unit } : { text, unknown, ...place, unit };
  });
}

/** In characters. */
const COST_OF_PIECE = 8;

/** Writes where somebody reads it; the terminal nobody does. */
function print(interpreter: Interpreter, pieces: readonly StreamPiece[]): void {
  if (interpreter.output === undefined) return;
  for (const piece of pieces) {
    interpreter.expanded(piece.text.length + COST_OF_PIECE);
    interpreter.output.write(piece);
  }
}

/** What is printed at a command, and stands nowhere else. */
export function printText(interpreter: Interpreter, command: Command, text: string): void {
  const { unit, output } = interpreter;
  interpreter.expanded(text.length);
  output?.write({ text, start: command.pos, end: command.end, unit });
}

/** A command prints something that we cannot tell. */
export function printUnknown(
  interpreter: Interpreter,
  command: { readonly pos: number; readonly end: number },
  reason?: string,
): void {
  const { unit, output } = interpreter;
  if (output === undefined) return;
  const { pos: start, end } = command;
  const written = unit.file.source.slice(start, end);
  const fact = reason ?? `the output of ${excerpt(written)}`;
  output.write({ text: written, start, end, unit, unknown: fact, anyLines: true });
}

/** dash's echo reads escapes always, bash's after `-e`. */
export function runEcho(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  const { output, unit, isDash } = interpreter;
  if (output === undefined) return true;
  let escapes = isDash;
  let newline = true;
  let at = 1;
  for (; at < fields.length; at++) {
    const { text, unknown } = fields[at]!;
    if (unknown !== undefined || !(isDash ? /^-n$/ : /^-[neE]+$/).test(text)) break;
    if (text.includes("n")) newline = false;
    if (!isDash && /[eE]/.test(text)) escapes = text.lastIndexOf("e") > text.lastIndexOf("E");
  }
  const words = fields.slice(at);
  const last = words.at(-1) ?? fields[0]!;
  for (const [index, piece] of fieldPieces(words, unit).entries()) {
    if (index > 0) print(interpreter, [{ text: " ", start: piece.start, end: piece.start, unit }]);
    const { text, ended } =
      escapes && piece.unknown === undefined ? unescaped(piece.text) : { text: piece.text };
    print(interpreter, [{ ...piece, text }]);
    if (ended) return true;
  }
  if (newline) print(interpreter, [{ text: "\n", start: last.end, end: last.end, unit }]);
  return true;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  v: "\v",
  "\\": "\\",
};

/** `\n`, `\t`, `\0101`, `\x41`; `ended`: at `\c` the text and the printing stop. */
function unescaped(text: string, octalZero = true): { text: string; ended?: boolean } {
  if (!text.includes("\\")) return { text };
  let result = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character !== "\\" || at + 1 >= text.length) {
      result += character;
      continue;
    }
    const rest = text.slice(at + 1, at + 6);
    const code =
      (octalZero ? /^0([0-7]{0,3})/ : /^([0-7]{1,3})/).exec(rest) ?? /^x([\da-fA-F]{1,2})/.exec(rest);
    if (code) {
      result += String.fromCharCode(Number.parseInt(code[1] || "0", rest.startsWith("x") ? 16 : 8) & 0xff);
      at += code[0].length;
    } else if (rest.startsWith("c")) return { text: result, ended: true };
    else {
      result += ESCAPES[rest.charAt(0)] ?? `\\${rest.charAt(0)}`;
      at++;
    }
  }
  return { text: result };
}

/** `printf FORMAT ARGUMENT…`; the format is used again while there are arguments left. */
export function runPrintf(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  let at = 1;
  const isVariable = !interpreter.isDash && fields[1]?.text === "-v";
  const variable = isVariable ? fields[2] : undefined;
  if (isVariable) at = 3;
  if (fields[at]?.text === "--") at++;
  const format = fields[at];
  if (format === undefined) return false;
  const pieces =
    format.unknown === undefined
      ? formatted(format, fields.slice(at + 1), interpreter.unit)
      : fieldPieces([format], interpreter.unit);
  if (variable === undefined) print(interpreter, pieces);
  else if (variable.unknown === undefined) {
    const missing = pieces.find((piece) => piece.unknown !== undefined)?.unknown;
    const text = pieces.map((piece) => piece.text).join("");
    interpreter.expander.variables.write(
      variable.text,
      missing === undefined ? known(text) : unknown(missing),
    );
  }
  return command.name !== undefined;
}

const DIRECTIVE = /%(?:%|([-+ 0#]*)(\*|\d*)(?:\.(\*|\d*))?([sdiuxXocbq]))/g;
const MOST_ROUNDS = 10_000;

function formatted(format: Field, args: readonly Field[], unit: Unit): StreamPiece[] {
  const [place] = fieldPieces([format], unit);
  const rest = [...args];
  const pieces: StreamPiece[] = [];
  const literal = (text: string) => {
    const { text: plain } = unescaped(text, false);
    pieces.push({ text: plain, start: place!.start, end: place!.end, unit });
  };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = rest.length;
    let from = 0;
    for (const match of format.text.matchAll(DIRECTIVE)) {
      literal(format.text.slice(from, match.index));
      from = match.index + match[0].length;
      if (match[0] === "%%") literal("%");
      else pieces.push(...converted(match, rest, format, unit));
    }
    literal(format.text.slice(from));
    if (rest.length === 0 || rest.length === before) break;
  }
  return pieces;
}

function converted(match: RegExpExecArray, rest: Field[], format: Field, unit: Unit): StreamPiece[] {
  const [, flags = "", written = "", precision, kind = "s"] = match;
  const width = written === "*" ? (rest.shift()?.text ?? "") : written;
  const most = precision === "*" ? rest.shift()?.text : precision;
  const field = rest.shift() ?? { text: "", start: format.end, end: format.end };
  const [piece] = fieldPieces([field], unit);
  if (field.unknown !== undefined) return [piece!];
  const text = padded(asPrinted(field.text, kind, flags, most), width, flags);
  return [{ ...piece!, text }];
}

function asPrinted(text: string, kind: string, flags: string, most: string | undefined): string {
  switch (kind) {
    case "s":
      return most === undefined || most === "" ? text : text.slice(0, Number(most));
    case "b":
      return unescaped(text).text;
    case "c":
      return text.slice(0, 1);
    case "q":
      return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
    default:
      return numeral(text, kind, flags);
  }
}

function numeral(text: string, kind: string, flags: string): string {
  const trimmed = text.trim();
  const quoted = /^["']/.test(trimmed) ? String(trimmed.charCodeAt(1)) : trimmed;
  const octal = /^0[0-7]+$/.test(quoted) ? `0o${quoted.slice(1)}` : quoted;
  const number = Number(octal === "" ? "0" : octal);
  if (!Number.isFinite(number)) return "0";
  if (kind === "x") return number.toString(16);
  if (kind === "X") return number.toString(16).toUpperCase();
  if (kind === "o") return number.toString(8);
  return flags.includes("+") && number >= 0 ? `+${number}` : String(number);
}

function padded(text: string, width: string, flags: string): string {
  const wanted = Math.min(Math.abs(Number(width)) || 0, 1000);
  if (flags.includes("-") || width.startsWith("-")) return text.padEnd(wanted);
  return text.padStart(wanted, flags.includes("0") && /^[-+]?[\da-fA-F]+$/.test(text) ? "0" : " ");
}

/** `cat`, `cat FILE… -`: what it reads, as it stands there. */
export function runCat(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const names = fields.slice(1).filter(({ text, unknown }) => unknown !== undefined || !/^-./.test(text));
  const numbered = fields.slice(1).some(({ text }) => /^-[a-zA-Z]*[nbsvETA]/.test(text));
  if (numbered) printUnknown(interpreter, command);
  else if (names.length === 0) printInput(interpreter, command);
  else for (const name of names) catFile(interpreter, command, name);
  return true;
}

function catFile(interpreter: Interpreter, command: Command, name: Field): void {
  if (name.unknown !== undefined) printUnknown(interpreter, command, name.unknown);
  else if (name.text === "-") printInput(interpreter, command);
  else {
    const content = readFile(interpreter, name.text, { pos: name.start, end: name.end });
    if ("unknown" in content) printUnknown(interpreter, command, content.unknown);
    else print(interpreter, content.pieces);
  }
}

/** `$(<file)`: only what is redirected there, never what the commands around read. */
export function catInput(interpreter: Interpreter, command: Command): void {
  if (command.redirects.some(({ type, operator }) => type !== "Redirect" || operator === "<"))
    printInput(interpreter, command);
}

function printInput(interpreter: Interpreter, command: Command): void {
  const { input } = interpreter;
  if (input instanceof Source) print(interpreter, input.rest());
  else printUnknown(interpreter, command, input?.unknown);
}
