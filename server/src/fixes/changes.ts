import type { FileEdit } from "./fix.ts";

/** A part of the present text: as it was in the original, or new. */
type Piece = { readonly start: number; readonly end: number } | { readonly text: string };

/**
 * Collects changes that are made one after the other, each of the text that the earlier ones left, and gives them
 * back as edits of the original text. Immutable.
 */
export class Changes {
  readonly path: string;
  readonly original: string;
  readonly #pieces: readonly Piece[];

  constructor(path: string, original: string, pieces?: readonly Piece[]) {
    this.path = path;
    this.original = original;
    this.#pieces = pieces ?? [{ start: 0, end: original.length }];
  }

  /** The text with everything changed so far. */
  text(): string {
    return this.#pieces.map((piece) => this.#textOf(piece)).join("");
  }

  /** A copy with one more insertion, at an offset of the current text. */
  insert(offset: number, text: string): Changes {
    return this.replace(offset, offset, text);
  }

  /** A copy with a stretch of the current text replaced. */
  replace(from: number, to: number, text: string): Changes {
    // Nothing may stand before a byte-order mark.
    const start = from === 0 && this.original.startsWith("\ufeff") ? 1 : from;
    const end = Math.max(start, to);
    const before: Piece[] = [];
    const after: Piece[] = [];
    let at = 0;
    for (const piece of this.#pieces) {
      const { length } = this.#textOf(piece);
      if (at < start) before.push(part(piece, 0, Math.min(length, start - at)));
      if (at + length > end) after.push(part(piece, Math.max(0, end - at), length));
      at += length;
    }
    return new Changes(this.path, this.original, [...before, { text }, ...after]);
  }

  edits(): FileEdit[] {
    const edits: FileEdit[] = [];
    let at = 0;
    let added = "";
    const changed = (upTo: number) => {
      if (added !== "" || upTo > at)
        edits.push({ path: this.path, span: { start: at, end: upTo }, newText: added });
      added = "";
    };
    for (const piece of this.#pieces) {
      if ("text" in piece) {
        added += piece.text;
        continue;
      }
      if (piece.start === piece.end) continue;
      changed(piece.start);
      at = piece.end;
    }
    changed(this.original.length);
    return edits;
  }

  #textOf(piece: Piece): string {
    return "text" in piece ? piece.text : this.original.slice(piece.start, piece.end);
  }
}

function part(piece: Piece, from: number, to: number): Piece {
  if ("text" in piece) return { text: piece.text.slice(from, to) };
  return { start: piece.start + from, end: piece.start + to };
}
