import type { Condition, RuleBody, RuleItem, Statement } from "../../model/rule.ts";
import type { Span } from "../../text/span.ts";

interface Piece {
  /** Offsets in the new text. */
  readonly from: number;
  readonly to: number;
  /** Where it came from. */
  readonly start: number;
  readonly end: number;
}

/** A text put together from pieces of another (a here-document, the words of a command), and the way back. */
export class MappedText {
  readonly #texts: string[] = [];
  readonly #pieces: Piece[] = [];
  #length = 0;

  /** `start` and `end` say where the piece stands in the original; pieces of equal length map 1:1. */
  append(text: string, start: number, end: number): void {
    this.#texts.push(text);
    this.#pieces.push({ from: this.#length, to: this.#length + text.length, start, end });
    this.#length += text.length;
  }

  get text(): string {
    return this.#texts.join("");
  }

  get length(): number {
    return this.#length;
  }

  /** Whether all of `[from, to)` stands in the original just so, at one distance. */
  isVerbatim(from: number, to: number): boolean {
    const piece = this.#pieces[this.#pieceAt(from)];
    return piece === undefined || (to <= piece.to && piece.to - piece.from === piece.end - piece.start);
  }

  start(offset: number): number {
    const piece = this.#pieces[this.#pieceAt(offset)];
    if (piece === undefined) return 0;
    const verbatim = piece.to - piece.from === piece.end - piece.start;
    return verbatim ? piece.start + Math.min(offset - piece.from, piece.end - piece.start) : piece.start;
  }

  /** For the end of a span, which belongs to the piece before it. */
  end(offset: number): number {
    if (offset <= 0) return this.start(0);
    const piece = this.#pieces[this.#pieceAt(offset - 1)];
    if (piece === undefined) return 0;
    const verbatim = piece.to - piece.from === piece.end - piece.start;
    return verbatim ? piece.start + Math.min(offset - piece.from, piece.end - piece.start) : piece.end;
  }

  /** Index of the piece that holds an offset; the last one for the end of the text. */
  #pieceAt(offset: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#pieces[middle]!.from <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

export type MapSpan = (span: Span) => Span;

/** The same rule body with its spans moved. */
export function moveBody(body: RuleBody, move: MapSpan): RuleBody {
  return { ...body, items: body.items.map((item) => moveItem(item, move)) };
}

function moveItem(item: RuleItem, move: MapSpan): RuleItem {
  return item.item === "condition"
    ? { item: "condition", condition: moveCondition(item.condition, move) }
    : { item: "statement", statement: moveStatement(item.statement, move) };
}

function moveStatement(statement: Statement, move: MapSpan): Statement {
  return { ...statement, span: move(statement.span) };
}

function moveCondition(condition: Condition, move: MapSpan): Condition {
  const span = move(condition.span);
  switch (condition.kind) {
    case "anyOf":
    case "allOf":
      return {
        ...condition,
        span,
        conditions: condition.conditions.map((inner) => moveCondition(inner, move)),
      };
    case "not":
      return { ...condition, span, condition: moveCondition(condition.condition, move) };
    default:
      return { ...condition, span };
  }
}
