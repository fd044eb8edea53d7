import { MappedText } from "./mapped-text.ts";
import type { Unit } from "./state.ts";
import { known, unknown, type Value } from "./value.ts";

/** A part of what a command prints or reads, with the part of the script that it comes from. */
export interface StreamPiece {
  readonly text: string;
  /** Where it stands in the tree's coordinates of its unit. */
  readonly start: number;
  readonly end: number;
  readonly unit: Unit;
  /** Why the piece is not known; its text is then what was written. */
  readonly unknown?: string;
  /** What is not known may be any number of lines, or none. */
  readonly anyLines?: boolean;
  /** It stands in a here document, on lines of its own. */
  readonly isHereDocument?: boolean;
  /** The piece is all of a file that the script did not write. */
  readonly file?: string;
}

/** What a command reads, as far as the script shows it. */
export type InputText =
  | {
      readonly kind: "inline";
      readonly text: MappedText;
      /** Whose positions the text's are. */
      readonly unit: Unit;
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

/** A line that `read` gets, with placeholders for what is not known. `ended`: by a newline, not by the end of all. */
export interface Line {
  readonly text: string;
  readonly unknowns: readonly string[];
  readonly ended: boolean;
}

/** What a program that reads all of the pieces gets. */
export function inputText(pieces: readonly StreamPiece[], fallback: Unit): InputText {
  const [only] = pieces;
  if (pieces.length === 1 && only?.file !== undefined) return { kind: "file", name: only.file };
  if (pieces.length === 1 && only?.unknown !== undefined) return { kind: "unknown", fact: only.unknown };
  return assembled(pieces, fallback);
}

/** Puts pieces together; what comes from another unit stands where the piece before it ends. */
export function assembled(pieces: readonly StreamPiece[], fallback: Unit): InputText & { kind: "inline" } {
  const text = new MappedText();
  const unknowns: string[] = [];
  const unit = pieces.find((piece) => piece.text !== "" && piece.unknown === undefined)?.unit ?? fallback;
  let last = 0;
  for (const piece of pieces) {
    const own = piece.unit === unit;
    const start = own ? piece.start : last;
    const end = own ? piece.end : last;
    last = end;
    if (piece.unknown === undefined) text.append(piece.text, start, end);
    else {
      const code = Math.min(FIRST_PLACEHOLDER + unknowns.length, LAST_PLACEHOLDER);
      unknowns.push(piece.unknown);
      text.append(String.fromCharCode(code), start, end);
    }
  }
  const isHereDocument = pieces.length > 0 && pieces.every((piece) => piece.isHereDocument === true);
  return { kind: "inline", text, unit, unknowns, isHereDocument };
}

/** The pieces as one value; newlines at the end are left out, as `$(…)` does. */
export function outputValue(pieces: readonly StreamPiece[]): Value {
  const missing = pieces.find((piece) => piece.unknown !== undefined);
  if (missing?.unknown !== undefined) return unknown(missing.unknown);
  let text = "";
  for (const piece of pieces) text += piece.text;
  return known(text.replace(/\n+$/, ""));
}

/** Where a command's standard output goes, when that is not the terminal. */
export class Sink {
  #pieces: StreamPiece[] = [];

  get pieces(): readonly StreamPiece[] {
    return this.#pieces;
  }

  get length(): number {
    return this.#pieces.length;
  }

  write(piece: StreamPiece): void {
    if (piece.text !== "" || piece.unknown !== undefined) this.#pieces.push(piece);
  }

  /** Forgets what came after a moment, told by `length` then. */
  truncate(length: number): void {
    this.#pieces.length = length;
  }
}

/** What commands read one after the other: a here document, a pipe, a file. */
export class Source {
  readonly #pieces: readonly StreamPiece[];
  readonly #unit: Unit;
  #at = 0;
  /** Characters of the piece at `#at` that were read already. */
  #within = 0;

  constructor(pieces: readonly StreamPiece[], unit: Unit) {
    this.#pieces = pieces;
    this.#unit = unit;
  }

  /** All that was not read yet. */
  rest(): readonly StreamPiece[] {
    const [first, ...others] = this.#pieces.slice(this.#at);
    this.#at = this.#pieces.length;
    if (first === undefined) return [];
    const { text, start, end } = first;
    if (this.#within === 0) return [first, ...others];
    const verbatim = text.length === end - start;
    const { file: _, ...part } = first;
    const left = { ...part, text: text.slice(this.#within), start: verbatim ? start + this.#within : start };
    this.#within = 0;
    return [left, ...others];
  }

  peekedText(): InputText {
    const { at, within } = { at: this.#at, within: this.#within };
    const text = this.restText();
    this.#at = at;
    this.#within = within;
    return text;
  }

  restText(): InputText {
    return inputText(this.rest(), this.#unit);
  }

  /** The next line without its end; `delimiter` ends it. Unknown from where lines cannot be told apart. */
  line(delimiter: string): Line | { readonly unknown: string } {
    let text = "";
    const unknowns: string[] = [];
    while (this.#at < this.#pieces.length) {
      const piece = this.#pieces[this.#at]!;
      if (piece.unknown !== undefined) {
        if (piece.anyLines === true) return { unknown: piece.unknown };
        text += String.fromCharCode(Math.min(FIRST_PLACEHOLDER + unknowns.length, LAST_PLACEHOLDER));
        unknowns.push(piece.unknown);
        this.#next();
        continue;
      }
      const newline = piece.text.indexOf(delimiter, this.#within);
      if (newline >= 0) {
        text += piece.text.slice(this.#within, newline);
        this.#within = newline + 1;
        if (this.#within >= piece.text.length) this.#next();
        return { text, unknowns, ended: true };
      }
      text += piece.text.slice(this.#within);
      this.#next();
    }
    return { text, unknowns, ended: false };
  }

  #next(): void {
    this.#at++;
    this.#within = 0;
  }
}

/** The reasons behind the placeholders of a word; undefined when it has none. */
export function unknownIn(text: string, unknowns: readonly string[]): string | undefined {
  for (let i = 0; i < text.length; i++) {
    const index = text.charCodeAt(i) - FIRST_PLACEHOLDER;
    if (index >= 0 && index < unknowns.length) return unknowns[index];
  }
  return undefined;
}
