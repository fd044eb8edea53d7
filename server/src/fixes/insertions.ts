import type { FileEdit } from "./fix.ts";

/**
 * Collects insertions that are made one after the other, each into the text that the earlier ones left, and
 * gives them back as edits of the original text.
 */
export class Insertions {
  readonly path: string;
  readonly original: string;
  readonly #made: { at: number; text: string }[];

  constructor(path: string, original: string, made: readonly { at: number; text: string }[] = []) {
    this.path = path;
    this.original = original;
    this.#made = made.map((one) => ({ ...one }));
  }

  get isEmpty(): boolean {
    return this.#made.length === 0;
  }

  /** The text with everything inserted so far. */
  text(): string {
    let result = "";
    let from = 0;
    for (const { at, text } of this.#made) {
      result += this.original.slice(from, at) + text;
      from = at;
    }
    return result + this.original.slice(from);
  }

  /** A copy with one more insertion, at an offset of the current text. */
  with(offset: number, text: string): Insertions {
    const next = new Insertions(this.path, this.original, this.#made);
    next.#insert(offset, text);
    return next;
  }

  edits(): FileEdit[] {
    return this.#made.map(({ at, text }) => ({
      path: this.path,
      span: { start: at, end: at },
      newText: text,
    }));
  }

  #insert(wanted: number, text: string): void {
    // Nothing may stand before a byte-order mark.
    const offset = wanted === 0 && this.original.startsWith("\ufeff") ? 1 : wanted;
    let grown = 0;
    for (const [i, one] of this.#made.entries()) {
      const start = one.at + grown;
      if (offset < start) {
        this.#made.splice(i, 0, { at: offset - grown, text });
        return;
      }
      if (offset <= start + one.text.length) {
        const inside = offset - start;
        one.text = one.text.slice(0, inside) + text + one.text.slice(inside);
        return;
      }
      grown += one.text.length;
    }
    this.#made.push({ at: offset - grown, text });
  }
}
