import type { Command, CommandNode, HereDoc, Redirection } from "../../syntax/shell/shell-file.ts";
import type { TextPiece } from "./expand.ts";
import type { Interpreter } from "./interpreter.ts";
import { MappedText } from "./mapped-text.ts";
import { excerpt, type Field } from "./value.ts";

/** What a command reads, as far as the script shows it. */
export type InputText =
  | {
      readonly kind: "inline";
      readonly text: MappedText;
      readonly unknowns: readonly string[];
      /** Its lines stand in the script as lines of their own, which quotes do not end. */
      readonly isHereDocument: boolean;
    }
  | { readonly kind: "file"; readonly name: string }
  /** `fact` completes "it depends on …". */
  | { readonly kind: "unknown"; readonly fact: string };

/** Stands for the unknown value `unknowns[code - FIRST_PLACEHOLDER]` in an inline text. */
export const FIRST_PLACEHOLDER = 0xe000;
const LAST_PLACEHOLDER = 0xf8ff;

/** What the command's standard input is: its own redirection, that of a group around it, or a pipe. */
export function standardInput(interpreter: Interpreter, command: Command): InputText | undefined {
  const own = fromRedirects(interpreter, command.redirects);
  if (own !== undefined) return own;
  const { input } = interpreter;
  if (input === undefined) return undefined;
  return "redirects" in input
    ? fromRedirects(interpreter, input.redirects)
    : fromPipe(interpreter, input.pipedFrom);
}

function fromRedirects(interpreter: Interpreter, redirects: readonly Redirection[]): InputText | undefined {
  for (let i = redirects.length - 1; i >= 0; i--) {
    const redirect = redirects[i]!;
    const { descriptor } = redirect;
    if (descriptor && !(descriptor.type === "FileDescriptor" && descriptor.value === 0)) continue;
    if (redirect.type === "HereDoc") return fromHeredoc(interpreter, redirect);
    if (redirect.type === "HereString") {
      if (redirect.target === undefined) return undefined;
      return fromFields([...interpreter.expander.fieldsOf([redirect.target])], interpreter);
    }
    if (redirect.operator === "<" && redirect.target) {
      const value = interpreter.expander.value(redirect.target);
      if (value.kind === "known") return { kind: "file", name: value.text };
      return {
        kind: "unknown",
        fact: value.kind === "unknown" ? value.reason : excerpt(redirect.target.text),
      };
    }
  }
  return undefined;
}

function fromPipe(interpreter: Interpreter, node: CommandNode): InputText {
  const written = excerpt(interpreter.unit.file.source.slice(node.pos, node.end));
  const nothing: InputText = { kind: "unknown", fact: `the output of "${written}"` };
  if (node.type !== "Command" || node.name === undefined || node.name.parts !== undefined) return nothing;
  const words = node.args.filter((argument) => argument.type === "Word");
  if (words.length !== node.args.length) return nothing;
  const fields = interpreter.expander.fieldsOf(words);
  const name = node.name.value;
  if (name === "cat") {
    const files = fields.filter((field) => field.text !== "-");
    if (files.length === 0) return fromRedirects(interpreter, node.redirects) ?? nothing;
    const [file] = files;
    return files.length === 1 && file && file.unknown === undefined
      ? { kind: "file", name: file.text }
      : nothing;
  }
  if (name === "echo" && !/^-[eE]/.test(fields[0]?.text ?? "")) return fromFields(fields, interpreter);
  return nothing;
}

/** The words of `echo`, or of a here-string. */
function fromFields(fields: readonly Field[], interpreter: Interpreter): InputText {
  const pieces: TextPiece[] = [];
  fields.forEach((field, index) => {
    if (index > 0) pieces.push({ text: " ", start: field.start, end: field.start });
    const { source } = interpreter.unit.file;
    const inner = source.slice(field.start + 1, field.end - 1) === field.text;
    pieces.push(inner ? { ...field, start: field.start + 1, end: field.end - 1 } : field);
  });
  const last = fields[fields.length - 1];
  if (last) pieces.push({ text: "\n", start: last.end, end: last.end });
  return { ...assemble(pieces, false), isHereDocument: false };
}

function fromHeredoc(interpreter: Interpreter, heredoc: HereDoc): InputText {
  const pieces = interpreter.expander.heredocPieces(heredoc);
  return { ...assemble(pieces, heredoc.operator === "<<-"), isHereDocument: true };
}

/** `dedent`: tabs at the start of each line are not part of the text. */
function assemble(
  pieces: readonly TextPiece[],
  dedent: boolean,
): Omit<InputText & { readonly kind: "inline" }, "isHereDocument"> {
  const text = new MappedText();
  const unknowns: string[] = [];
  let lineStart = true;
  for (const piece of pieces) {
    if (piece.unknown !== undefined) {
      const code = Math.min(FIRST_PLACEHOLDER + unknowns.length, LAST_PLACEHOLDER);
      unknowns.push(piece.unknown);
      text.append(String.fromCharCode(code), piece.start, piece.end);
      lineStart = false;
    } else if (!dedent || piece.text.length !== piece.end - piece.start) {
      text.append(piece.text, piece.start, piece.end);
      lineStart = piece.text.endsWith("\n");
    } else lineStart = appendDedented(text, piece, lineStart);
  }
  return { kind: "inline", text, unknowns };
}

function appendDedented(text: MappedText, piece: TextPiece, lineStart: boolean): boolean {
  let atStart = lineStart;
  let from = 0;
  while (from < piece.text.length) {
    const newline = piece.text.indexOf("\n", from);
    const end = newline < 0 ? piece.text.length : newline + 1;
    let at = from;
    while (atStart && piece.text.charAt(at) === "\t") at++;
    text.append(piece.text.slice(at, end), piece.start + at, piece.start + end);
    atStart = newline >= 0;
    from = end;
  }
  return atStart;
}

/** The reasons behind the placeholders of a word; undefined when it has none. */
export function unknownIn(text: string, unknowns: readonly string[]): string | undefined {
  for (let i = 0; i < text.length; i++) {
    const index = text.charCodeAt(i) - FIRST_PLACEHOLDER;
    if (index >= 0 && index < unknowns.length) return unknowns[index];
  }
  return undefined;
}
