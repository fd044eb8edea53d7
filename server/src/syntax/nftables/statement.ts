import type { ProblemCode } from "../../text/problem.ts";
import { readCommand } from "./command.ts";
import { Cursor, Unreadable } from "./cursor.ts";
import { readTarget, takeBlockNoun } from "./header.ts";
import { COMMAND_VERBS } from "./keywords.ts";
import { lex } from "./lexer.ts";
import {
  readChainType,
  readDefine,
  readElements,
  readInclude,
  readPolicy,
  readProperty,
  readSetType,
  readUndefine,
} from "./properties.ts";
import { readRuleNode } from "./rule.ts";
import type { HeaderNode, LeafNode, StatementContext, StatementProblem } from "./tree.ts";

/** Longer statements are kept as text: a list of so many elements is no firewall rule. */
const MAX_LENGTH = 4_000_000;

/** Reads one statement's text. Never fails: what cannot be read is an opaque node with its problem. */
export function readStatement(context: StatementContext, text: string, template: boolean): LeafNode {
  const span = { start: 0, end: text.length };
  if (text.length > MAX_LENGTH) {
    return {
      kind: "opaque",
      text: "",
      span,
      problem: problem("This statement is too long to be read.", span),
    };
  }
  const cursor = new Cursor(text, lex(text, template));
  try {
    const node = readLeaf(context, cursor);
    if (!cursor.done) throw cursor.unexpected("the end of the statement");
    const variables = cursor.variablesFrom(0);
    return variables ? { ...node, variables } : node;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { kind: "opaque", text, span, problem: problem(error.message, error.span, error.code) };
  }
}

/** Reads what stands before a block's `{`. */
export function readHeader(context: StatementContext, text: string, template: boolean): HeaderNode {
  const cursor = new Cursor(text, lex(text, template));
  const span = { start: 0, end: text.length };
  let verb = "add";
  if (cursor.token.kind === "word" && COMMAND_VERBS.has(cursor.token.text)) verb = cursor.next().text;
  const noun = takeBlockNoun(cursor) ?? "table";
  try {
    const target = readTarget(cursor, noun, context === "table");
    if (!cursor.done) throw cursor.unexpected('"{"');
    return { kind: "header", verb, noun, target, span };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return {
      kind: "header",
      verb,
      noun,
      target: guessTarget(cursor, noun),
      span,
      problem: problem(error.message, error.span, error.code),
    };
  }
}

/** The last word is the name, whatever else is wrong: its rules can still be read. */
function guessTarget(cursor: Cursor, noun: string): HeaderNode["target"] {
  const words = cursor.tokens.filter((token) => token.kind === "word" || token.kind === "template");
  const last = words[words.length - 1];
  if (!last || last.text === noun) return {};
  return { name: { text: last.text, span: { start: last.start, end: last.end } } };
}

export function problem(
  message: string,
  span: StatementProblem["span"],
  code: ProblemCode = "syntax-error",
): StatementProblem {
  return { code, severity: "error", message, span, refused: true };
}

function readLeaf(context: StatementContext, cursor: Cursor): LeafNode {
  const { kind, text } = cursor.token;
  if (kind === "word") {
    if (text === "define" || text === "redefine") return readDefine(cursor);
    if (text === "undefine") return readUndefine(cursor);
    if (text === "include") return readInclude(cursor);
  }
  switch (context) {
    case "file":
      return readCommand(cursor);
    case "chain":
      return readInChain(cursor);
    case "set":
      return readInSet(cursor);
    case "table":
      if (cursor.isOneOf("flags", "comment", "policy")) return readProperty(cursor);
      throw cursor.error(
        `A table holds chains, sets, maps and objects, each with a block of its own; "${text}" is none of these.`,
      );
    default:
      return readProperty(cursor);
  }
}

function readInChain(cursor: Cursor): LeafNode {
  if (cursor.isWord("type")) return readChainType(cursor);
  if (cursor.isWord("policy")) return readPolicy(cursor);
  if (cursor.isOneOf("flags", "devices")) return readProperty(cursor);
  if (cursor.isWord("comment") && cursor.peek(2).kind === "end") return readProperty(cursor);
  return readRuleNode(cursor);
}

const SET_PROPERTIES = [
  "flags",
  "timeout",
  "gc-interval",
  "size",
  "policy",
  "auto-merge",
  "comment",
  "counter",
  "quota",
  "limit",
  "last",
  "ct",
];

function readInSet(cursor: Cursor): LeafNode {
  if (cursor.isOneOf("type", "typeof")) return readSetType(cursor);
  if (cursor.isWord("elements")) return readElements(cursor);
  if (cursor.isOneOf(...SET_PROPERTIES)) return readProperty(cursor);
  throw cursor.unexpected("a property of the set (type, flags, elements, …)");
}
