import type { ProblemCode } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";
import type { Token } from "./lexer.ts";
import type { NamePart } from "./tree.ts";

/** Raised inside one statement's parser and caught at its edge; never leaves parseStatement. */
export class Unreadable extends Error {
  readonly span: Span;
  readonly code: ProblemCode;

  constructor(message: string, span: Span, code: ProblemCode = "syntax-error") {
    super(message);
    this.span = span;
    this.code = code;
  }
}

/** How deep brackets and inline blocks may nest before the parser gives up on a statement. */
const MAX_DEPTH = 64;

/** Reads the tokens of one statement. */
export class Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  at = 0;
  depth = 0;
  /** `{ }` is a value only in a definition. */
  emptySets = false;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
  }

  get token(): Token {
    return this.tokens[this.at]!;
  }

  get done(): boolean {
    return this.token.kind === "end";
  }

  peek(ahead = 1): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.token;
    if (token.kind !== "end") this.at++;
    return token;
  }

  isOp(text: string): boolean {
    return this.token.kind === "op" && this.token.text === text;
  }

  isWord(text: string): boolean {
    return this.token.kind === "word" && this.token.text === text;
  }

  isOneOf(...texts: string[]): boolean {
    return this.token.kind === "word" && texts.includes(this.token.text);
  }

  takeOp(text: string): boolean {
    if (!this.isOp(text)) return false;
    this.at++;
    return true;
  }

  takeWord(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.at++;
    return true;
  }

  expectOp(text: string, where: string): void {
    if (!this.takeOp(text)) throw this.unexpected(`"${text}" ${where}`);
  }

  name(what: string): NamePart {
    const token = this.token;
    if (token.kind !== "word") throw this.unexpected(what);
    this.at++;
    return { text: token.text, span: { start: token.start, end: token.end } };
  }

  nameOrString(what: string): NamePart {
    const token = this.token;
    if (token.kind !== "string") return this.name(what);
    this.at++;
    return { text: token.text, span: { start: token.start, end: token.end } };
  }

  number(what: string): number {
    const token = this.token;
    const value =
      token.kind === "word" && /^(0[xX][0-9a-fA-F]+|\d+)$/.test(token.text) ? Number(token.text) : -1;
    if (value < 0) throw this.unexpected(what);
    this.at++;
    return value;
  }

  enter(): void {
    if (++this.depth > MAX_DEPTH) throw this.error("This is nested too deeply to be read.");
  }

  leave(): void {
    this.depth--;
  }

  /** From the token at index `from` to the last one taken. */
  spanFrom(from: number): Span {
    const first = this.tokens[from]!;
    const last = this.tokens[Math.max(from, this.at - 1)]!;
    return { start: first.start, end: last.end };
  }

  /** The variables among the tokens from index `from` to the last one taken. */
  variablesFrom(from: number): NamePart[] | undefined {
    let found: NamePart[] | undefined;
    for (let i = from; i < this.at; i++) {
      const { kind, text, start, end } = this.tokens[i]!;
      if (kind !== "variable") continue;
      found ??= [];
      found.push({ text, span: { start, end } });
    }
    return found;
  }

  textFrom(from: number): string {
    const span = this.spanFrom(from);
    return this.text.slice(span.start, span.end);
  }

  unexpected(expected: string): Unreadable {
    const token = this.token;
    if (token.kind === "end") {
      const end = this.tokens[Math.max(0, this.at - 1)]!;
      return new Unreadable(`The statement ends too early: ${expected} is missing here.`, {
        start: end.start,
        end: end.end,
      });
    }
    return this.error(
      `Expected ${expected} but found "${shorten(this.text.slice(token.start, token.end))}".`,
    );
  }

  error(message: string, code: ProblemCode = "syntax-error"): Unreadable {
    const token = this.done ? this.tokens[Math.max(0, this.at - 1)]! : this.token;
    return new Unreadable(message, { start: token.start, end: token.end }, code);
  }
}

export function shorten(text: string): string {
  const flat = text.replace(/\s+/g, " ");
  return flat.length > 40 ? `${flat.slice(0, 37)}…` : flat;
}
