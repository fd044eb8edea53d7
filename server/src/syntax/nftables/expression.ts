import { cover } from "../../text/span.ts";
import type { Cursor } from "./cursor.ts";
import { STATEMENT_WORDS } from "./keywords.ts";
import { readSelector, startsSelector } from "./selectors.ts";
import type { Expression, NamePart, SetElementNode, VerdictNode } from "./tree.ts";

/**
 * How words read: in a "value" (the right side of a comparison) `tcp` is a protocol's name, in a
 * "computed" expression it begins `tcp dport`.
 */
export type Mode = "value" | "computed";

type BinaryOp = "&" | "|" | "^" | "<<" | ">>";

const BINARY = new Map<string, { op: BinaryOp; level: number }>(
  Object.entries({
    "|": { op: "|", level: 1 },
    or: { op: "|", level: 1 },
    "^": { op: "^", level: 2 },
    xor: { op: "^", level: 2 },
    "&": { op: "&", level: 3 },
    and: { op: "&", level: 3 },
    "<<": { op: "<<", level: 4 },
    lshift: { op: "<<", level: 4 },
    ">>": { op: ">>", level: 4 },
    rshift: { op: ">>", level: 4 },
  }),
);

/** A concatenation, perhaps looked up in a map: `ip saddr . tcp dport map { … }`. */
export function readExpression(cursor: Cursor, mode: Mode): Expression {
  const key = readConcat(cursor, mode);
  if (!cursor.takeWord("map")) return key;
  const map = readMapOperand(cursor);
  return { kind: "map", key, map, span: cover(key.span, map.span) };
}

/** What follows `map` or `vmap`: an inline set, `@name` or `$name`. */
export function readMapOperand(cursor: Cursor): Expression {
  if (cursor.isOp("{") || cursor.token.kind === "at" || cursor.token.kind === "variable") {
    return readPrimary(cursor, "value");
  }
  throw cursor.unexpected('"{", "@name" or "$name"');
}

/** `a,b,c` or one expression. */
export function readList(cursor: Cursor, mode: Mode): Expression {
  const first = readExpression(cursor, mode);
  if (!cursor.isOp(",")) return first;
  const items = [first];
  while (cursor.takeOp(",")) items.push(readExpression(cursor, mode));
  return { kind: "list", items, span: cover(first.span, items[items.length - 1]!.span) };
}

function readConcat(cursor: Cursor, mode: Mode): Expression {
  const first = readBinary(cursor, mode, 1);
  if (!cursor.isOp(".")) return first;
  const items = [first];
  while (cursor.takeOp(".")) items.push(readBinary(cursor, mode, 1));
  return { kind: "concat", items, span: cover(first.span, items[items.length - 1]!.span) };
}

/** Each operation deepens the tree by one. */
const MAX_OPERATIONS = 200;

function binaryAt(cursor: Cursor): { op: BinaryOp; level: number } | undefined {
  const { kind, text } = cursor.token;
  if (kind !== "op" && kind !== "word") return undefined;
  return BINARY.get(text);
}

function readBinary(cursor: Cursor, mode: Mode, level: number): Expression {
  let left = readOperand(cursor, mode);
  for (let operations = 0; ; operations++) {
    const found = binaryAt(cursor);
    if (!found || found.level < level) return left;
    if (operations > MAX_OPERATIONS) throw cursor.error("This expression is too long to be read.");
    cursor.next();
    cursor.enter();
    const right = readBinary(cursor, mode, found.level + 1);
    cursor.leave();
    left = { kind: "binary", op: found.op, left, right, span: cover(left.span, right.span) };
  }
}

function readOperand(cursor: Cursor, mode: Mode): Expression {
  let base = readPrimary(cursor, mode);
  const next = cursor.peek();
  if (cursor.isOp("/") && (/^\d+$/.test(next.text) || (next.kind === "variable" && base.kind !== "set"))) {
    cursor.next();
    const length = readPrimary(cursor, "value");
    base = { kind: "prefix", base, length, span: cover(base.span, length.span) };
  }
  if (!cursor.takeOp("-")) return base;
  const high = readPrimary(cursor, mode);
  return { kind: "range", low: base, high, span: cover(base.span, high.span) };
}

function readPrimary(cursor: Cursor, mode: Mode): Expression {
  if (mode === "computed" && startsSelector(cursor)) {
    return readSelector(cursor, (inner) => readConcat(inner, "computed"));
  }
  const token = cursor.token;
  const span = { start: token.start, end: token.end };
  switch (token.kind) {
    case "word":
      return readWord(cursor);
    case "template":
      cursor.next();
      return { kind: "opaque", text: token.text, span };
    case "bracket":
      cursor.next();
      return { kind: "symbol", text: token.text, span };
    case "string":
      cursor.next();
      return { kind: "string", text: token.text, span };
    case "variable":
      cursor.next();
      return { kind: "variable", name: token.text, span };
    case "at":
      cursor.next();
      return { kind: "setRef", name: token.text, span };
    case "op":
      if (token.text === "{") return readSet(cursor, mode);
      if (token.text === "(") return readParenthesis(cursor, mode);
      if (token.text === "*") {
        cursor.next();
        return { kind: "any", span };
      }
      break;
    default:
  }
  throw cursor.unexpected("a value");
}

function readWord(cursor: Cursor): Expression {
  const token = cursor.token;
  if (STATEMENT_WORDS.has(token.text)) throw cursor.unexpected("a value");
  cursor.next();
  const span = { start: token.start, end: token.end };
  if (token.text === "*") return { kind: "any", span };
  return { kind: "symbol", text: token.text, span };
}

function readParenthesis(cursor: Cursor, mode: Mode): Expression {
  const from = cursor.at;
  cursor.enter();
  cursor.next();
  const inner = readExpression(cursor, mode);
  cursor.expectOp(")", "to close the parenthesis");
  cursor.leave();
  return { ...inner, span: cursor.spanFrom(from) };
}

/** `{ … }`; the cursor stands on the brace. */
export function readSet(cursor: Cursor, mode: Mode): Expression {
  const from = cursor.at;
  const open = cursor.token;
  cursor.enter();
  cursor.next();
  const elements: SetElementNode[] = [];
  while (!cursor.isOp("}")) {
    if (cursor.done) {
      const span = { start: open.start, end: open.end };
      throw Object.assign(cursor.error('This "{" is never closed: the "}" is missing.'), { span });
    }
    elements.push(readElement(cursor, mode));
    if (cursor.isOp("}") || cursor.done) continue;
    if (!cursor.takeOp(",")) throw cursor.unexpected('"," or "}"');
  }
  if (elements.length === 0 && !cursor.emptySets) throw cursor.unexpected("at least one element");
  cursor.next();
  cursor.leave();
  return { kind: "set", elements: elements.slice(), span: cursor.spanFrom(from) };
}

const ELEMENT_OPTIONS = new Set([
  "timeout",
  "expires",
  "counter",
  "limit",
  "quota",
  "comment",
  "last",
  "ct",
  "meter",
]);

function readElement(cursor: Cursor, mode: Mode): SetElementNode {
  const from = cursor.at;
  const key = readExpression(cursor, mode);
  if (cursor.isOp(",") || cursor.isOp("}")) return { key, options: NO_OPTIONS, span: key.span };
  const options: NamePart[] = [];
  let value: Expression | undefined;
  readElementOptions(cursor, options);
  if (cursor.takeOp(":")) {
    value = readElementValue(cursor, mode);
    readElementOptions(cursor, options);
  }
  const comment = options.find((option) => option.text.startsWith("comment"))?.text.slice("comment".length);
  return { key, value, comment: comment?.trim().replace(/^"|"$/g, ""), options, span: cursor.spanFrom(from) };
}

/** Most elements have none: one array for all of them. */
const NO_OPTIONS: readonly NamePart[] = [];

function readElementOptions(cursor: Cursor, options: NamePart[]): void {
  while (cursor.token.kind === "word" && ELEMENT_OPTIONS.has(cursor.token.text)) {
    const from = cursor.at;
    cursor.next();
    while (!cursor.done && !endsOption(cursor)) cursor.next();
    options.push({ text: cursor.textFrom(from), span: cursor.spanFrom(from) });
  }
}

function endsOption(cursor: Cursor): boolean {
  const { kind, text } = cursor.token;
  if (kind === "op") return text === "," || text === "}" || text === ":";
  return kind === "word" && ELEMENT_OPTIONS.has(text);
}

function readElementValue(cursor: Cursor, mode: Mode): Expression {
  if (startsVerdict(cursor)) {
    const from = cursor.at;
    const verdict = readPlainVerdict(cursor);
    return { kind: "verdict", verdict, span: cursor.spanFrom(from) };
  }
  return readConcat(cursor, mode);
}

const VERDICTS = new Set(["accept", "drop", "return", "continue", "jump", "goto"]);

export function startsVerdict(cursor: Cursor): boolean {
  return cursor.token.kind === "word" && VERDICTS.has(cursor.token.text);
}

/** A verdict as a value: without an inline block behind `jump`. */
export function readPlainVerdict(cursor: Cursor): VerdictNode {
  const type = cursor.next().text as VerdictNode["type"];
  if (type !== "jump" && type !== "goto") return { type };
  return { type, chain: readChainName(cursor) };
}

export function readChainName(cursor: Cursor): Expression {
  const token = cursor.token;
  const span = { start: token.start, end: token.end };
  if (token.kind === "template") {
    cursor.next();
    return { kind: "opaque", text: token.text, span };
  }
  if (token.kind !== "word" && token.kind !== "variable") throw cursor.unexpected("the name of a chain");
  cursor.next();
  if (token.kind === "variable") return { kind: "variable", name: token.text, span };
  return { kind: "symbol", text: token.text, span };
}
