import type { HereDoc, Redirect, Redirection } from "../../syntax/shell/shell-file.ts";
import { fileNameOf, readFile, wasWritten } from "./files.ts";
import { hereDocumentText, type TextPiece } from "./here-document-text.ts";
import type { Interpreter } from "./interpreter.ts";
import { fieldPieces } from "./printing.ts";
import { type InputText, type Line, Source, type StreamPiece } from "./streams.ts";
import { excerpt } from "./value.ts";

/** What the commands that run now read, one after the other. */
export type StandardInput = Source | { readonly unknown: string };

/** All that a command can still read; undefined: what the user types. */
export function standardInput({ input }: Interpreter): InputText | undefined {
  if (input === undefined) return undefined;
  return "unknown" in input ? { kind: "unknown", fact: input.unknown } : input.restText();
}

/** As `standardInput`, but it can be read again. */
export function peekedInput({ input }: Interpreter): InputText | undefined {
  if (input === undefined) return undefined;
  return "unknown" in input ? { kind: "unknown", fact: input.unknown } : input.peekedText();
}

/** The next line, or why it is not known; `descriptor`: another one than 0. */
export function nextLine(
  { input: standard, descriptors }: Interpreter,
  delimiter: string,
  descriptor = 0,
): Line | { readonly unknown: string } {
  const input = descriptor === 0 ? standard : descriptors.get(descriptor);
  if (input === undefined) return { unknown: "what the script reads" };
  return "unknown" in input ? input : input.line(delimiter);
}

/** What redirections make of descriptors that are read, by their numbers; the last one of each counts. */
export function redirectedInputs(
  interpreter: Interpreter,
  redirects: readonly Redirection[],
): ReadonlyMap<number, StandardInput> {
  const inputs = new Map<number, StandardInput>();
  for (const redirect of redirects) {
    const { descriptor } = redirect;
    const number =
      descriptor === undefined ? 0 : descriptor.type === "FileDescriptor" ? descriptor.value : -1;
    const input = number < 0 ? undefined : inputFrom(interpreter, redirect);
    if (input !== undefined) inputs.set(number, input);
  }
  return inputs;
}

function inputFrom(interpreter: Interpreter, redirect: Redirection): StandardInput | undefined {
  if (redirect.type === "HereDoc") return source(interpreter, heredocPieces(interpreter, redirect));
  if (redirect.type === "Redirect") return fromRedirect(interpreter, redirect);
  return redirect.target && source(interpreter, hereString(interpreter, redirect.target));
}

function source({ unit }: Interpreter, pieces: readonly StreamPiece[]): Source {
  return new Source(pieces, unit);
}

function fromRedirect(interpreter: Interpreter, { operator, target }: Redirect): StandardInput | undefined {
  if (target === undefined) return undefined;
  if (operator === "<&" && /^\d+$/.test(target.text) && interpreter.descriptors.has(Number(target.text)))
    return interpreter.descriptors.get(Number(target.text));
  if (operator === "<&") return { unknown: `what is read from descriptor ${excerpt(target.text)}` };
  if (operator !== "<") return undefined;
  const value = interpreter.expander.value(target);
  const name = fileNameOf(value);
  const isOwn = name !== undefined && wasWritten(interpreter, name);
  if (value.kind === "unknown" && !isOwn) return { unknown: value.reason };
  const content = readFile(interpreter, name ?? "", target);
  return "unknown" in content ? content : source(interpreter, content.pieces);
}

/** `<<< word`: not split, and a newline behind it. */
function hereString(
  interpreter: Interpreter,
  target: NonNullable<Redirect["target"]>,
): readonly StreamPiece[] {
  const value = interpreter.expander.value(target);
  const { pos: start, end } = target;
  const field =
    value.kind === "unknown"
      ? { text: target.text, unknown: value.reason, start, end }
      : { text: value.kind === "known" ? value.text : "", start, end };
  const newline: StreamPiece = { text: "\n", start: end, end, unit: interpreter.unit };
  const pieces = fieldPieces([field], interpreter.unit);
  // What a program prints may be several lines.
  const isOutput = value.kind === "unknown" && value.reason.startsWith("the output of ");
  return [...(isOutput ? pieces.map((piece) => ({ ...piece, anyLines: true })) : pieces), newline];
}

function heredocPieces({ expander, unit }: Interpreter, heredoc: HereDoc): StreamPiece[] {
  const pieces = hereDocumentText(expander, heredoc);
  const placed = (piece: TextPiece): StreamPiece => ({ ...piece, unit, isHereDocument: true });
  return heredoc.operator === "<<-" ? dedented(pieces).map(placed) : pieces.map(placed);
}

/** Tabs at the start of each line are not part of the text. */
function dedented(pieces: readonly TextPiece[]): TextPiece[] {
  const found: TextPiece[] = [];
  let atStart = true;
  for (const piece of pieces) {
    const isLiteral = piece.unknown === undefined && piece.text.length === piece.end - piece.start;
    if (isLiteral) {
      found.push(...withoutTabs(piece, atStart));
      atStart = piece.text.endsWith("\n");
    } else {
      found.push(piece);
      atStart = piece.unknown === undefined && piece.text.endsWith("\n");
    }
  }
  return found;
}

function withoutTabs(piece: TextPiece, lineStart: boolean): TextPiece[] {
  const found: TextPiece[] = [];
  let atStart = lineStart;
  let from = 0;
  while (from < piece.text.length) {
    const newline = piece.text.indexOf("\n", from);
    const end = newline < 0 ? piece.text.length : newline + 1;
    let at = from;
    while (atStart && piece.text.charAt(at) === "\t") at++;
    found.push({ text: piece.text.slice(at, end), start: piece.start + at, end: piece.start + end });
    atStart = newline >= 0;
    from = end;
  }
  return found;
}
