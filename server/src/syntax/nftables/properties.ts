import type { Cursor } from "./cursor.ts";
import { readExpression, readList } from "./expression.ts";
import type {
  ChainTypeNode,
  DefineNode,
  ElementsNode,
  Expression,
  IncludeNode,
  PolicyNode,
  PropertyNode,
  SetTypeNode,
  UndefineNode,
} from "./tree.ts";

/*
 * Statements that describe a chain, set, object or the file itself. Each reader starts on the
 * statement's first word.
 */

export function readDefine(cursor: Cursor): DefineNode {
  const from = cursor.at;
  const verb = cursor.next().text as "define" | "redefine";
  const name = cursor.name("the variable's name, without $");
  cursor.expectOp("=", "and the variable's value");
  cursor.emptySets = true;
  const value = readInitialiser(cursor);
  return { kind: "define", verb, name, value, span: cursor.spanFrom(from) };
}

function readInitialiser(cursor: Cursor): Expression {
  const from = cursor.at;
  if (!cursor.takeOp("-")) return readList(cursor, "value");
  const value = cursor.number("a number");
  return { kind: "symbol", text: `-${value}`, span: cursor.spanFrom(from) };
}

export function readUndefine(cursor: Cursor): UndefineNode {
  const from = cursor.at;
  cursor.next();
  const name = cursor.name("the variable's name, without $");
  return { kind: "undefine", name, span: cursor.spanFrom(from) };
}

export function readInclude(cursor: Cursor): IncludeNode {
  const from = cursor.at;
  cursor.next();
  const token = cursor.token;
  if (token.kind !== "string") throw cursor.unexpected("the file to include, in double quotes");
  cursor.next();
  const pathSpan = { start: token.start, end: token.end };
  return { kind: "include", path: token.text, pathSpan, span: cursor.spanFrom(from) };
}

/** `type filter hook ingress devices = { a, b } priority filter - 10` */
export function readChainType(cursor: Cursor): ChainTypeNode {
  const from = cursor.at;
  cursor.next();
  const type = cursor.name("filter, nat or route");
  if (!cursor.takeWord("hook")) throw cursor.unexpected('"hook" and the hook\'s name');
  const hook = cursor.name("the hook (prerouting, input, forward, output, postrouting, ingress, egress)");
  const devices = readDevices(cursor);
  if (!cursor.takeWord("priority")) throw cursor.unexpected('"priority" and a number or name');
  const priority = readPriority(cursor);
  return { kind: "chainType", type, hook, devices, priority, span: cursor.spanFrom(from) };
}

function readDevices(cursor: Cursor): Expression | undefined {
  if (cursor.takeWord("device")) return readExpression(cursor, "value");
  if (!cursor.takeWord("devices")) return undefined;
  cursor.expectOp("=", 'after "devices"');
  return readExpression(cursor, "value");
}

function readPriority(cursor: Cursor): ChainTypeNode["priority"] {
  const from = cursor.at;
  if (cursor.takeOp("-")) {
    const offset = -cursor.number("a number");
    return { offset, span: cursor.spanFrom(from) };
  }
  const { kind, text } = cursor.token;
  if (kind === "word" && /^\d/.test(text)) {
    const offset = cursor.number("a number");
    return { offset, span: cursor.spanFrom(from) };
  }
  if (kind !== "word" && kind !== "variable" && kind !== "template")
    throw cursor.unexpected("a number or the name of a priority");
  const base = readName(cursor);
  const sign = cursor.takeOp("+") ? 1 : cursor.takeOp("-") ? -1 : 0;
  const offset = sign === 0 ? 0 : sign * cursor.number("a number");
  return { base, offset, span: cursor.spanFrom(from) };
}

function readName(cursor: Cursor): Expression {
  const { kind, text, start, end } = cursor.next();
  const span = { start, end };
  if (kind === "variable") return { kind: "variable", name: text, span };
  return { kind: kind === "template" ? "opaque" : "symbol", text, span };
}

export function readPolicy(cursor: Cursor): PolicyNode {
  const from = cursor.at;
  cursor.next();
  const { kind, text } = cursor.token;
  const known = kind === "word" && (text === "accept" || text === "drop");
  if (!known && kind !== "variable" && kind !== "template") {
    throw cursor.unexpected('"accept" or "drop" (a chain has no other policy)');
  }
  return { kind: "policy", value: readName(cursor), span: cursor.spanFrom(from) };
}

export function readSetType(cursor: Cursor): SetTypeNode {
  const from = cursor.at;
  const by = cursor.next().text as "type" | "typeof";
  const mode = by === "typeof" ? "computed" : "value";
  const key = readExpression(cursor, mode);
  let value: Expression | undefined;
  let interval = false;
  if (cursor.takeOp(":")) {
    interval = cursor.takeWord("interval");
    value = cursor.isOneOf("counter", "quota", "limit", "verdict", "synproxy")
      ? readName(cursor)
      : readExpression(cursor, mode);
  }
  const span = cursor.spanFrom(from);
  return { kind: "setType", by, key, value, ...(interval && { interval }), span };
}

export function readElements(cursor: Cursor): ElementsNode {
  const from = cursor.at;
  cursor.next();
  cursor.expectOp("=", 'after "elements"');
  const value = readExpression(cursor, "value");
  return { kind: "elements", value, span: cursor.spanFrom(from) };
}

/** Any other property: its name and its words; a `= value` is read as an expression. */
export function readProperty(cursor: Cursor): PropertyNode {
  const from = cursor.at;
  const name = cursor.next().text;
  const words: string[] = [];
  let value: Expression | undefined;
  while (!cursor.done) {
    if (cursor.takeOp("="))
      value = cursor.isOp("{") && name === "policy" ? skipBraces(cursor) : readExpression(cursor, "value");
    else if (cursor.token.kind === "op") cursor.next();
    else words.push(cursor.next().text);
  }
  return { kind: "property", name, text: cursor.textFrom(from), words, value, span: cursor.spanFrom(from) };
}

/** `policy = { established : 2m, close : 20s }` of a ct timeout: of no concern to us. */
function skipBraces(cursor: Cursor): Expression {
  const from = cursor.at;
  while (!cursor.done && !cursor.isOp("}")) cursor.next();
  if (!cursor.takeOp("}")) throw cursor.unexpected('"}"');
  return { kind: "opaque", text: cursor.textFrom(from), span: cursor.spanFrom(from) };
}
