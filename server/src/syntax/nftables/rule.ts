import { cover } from "../../text/span.ts";
import { actionReader } from "./actions.ts";
import { type Cursor, Unreadable } from "./cursor.ts";
import {
  readChainName,
  readExpression,
  readList,
  readMapOperand,
  readPlainVerdict,
  startsVerdict,
} from "./expression.ts";
import { isNat, readNat } from "./nat.ts";
import { startsSelector } from "./selectors.ts";
import type { Expression, RelationalOp, RuleNode, RulePart, Selector, StatementProblem } from "./tree.ts";

const WORD_OPS: Record<string, RelationalOp> = { eq: "==", ne: "!=", lt: "<", gt: ">", le: "<=", ge: ">=" };
const OPS = new Set<string>(["==", "!=", "<", ">", "<=", ">=", "!"]);

/**
 * The rest of the statement as a rule. What cannot be read is kept as one opaque part behind what could,
 * with the problem on the rule.
 */
export function readRuleNode(cursor: Cursor): RuleNode {
  const from = cursor.at;
  const parts: RulePart[] = [];
  let problem: StatementProblem | undefined;
  try {
    while (!cursor.done) {
      parts.push(readPart(cursor));
      const ended = parts[parts.length - 1]!.kind === "comment" && !cursor.done;
      if (ended)
        throw cursor.error("The comment must be the last part of a rule: nft refuses what follows it.");
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problem = {
      code: error.code,
      severity: "error",
      message: error.message,
      span: error.span,
      refused: true,
    };
    const start = parts[parts.length - 1]?.span.end ?? cursor.tokens[from]!.start;
    const rest = cursor.text.slice(start);
    const skipped = start + rest.length - rest.trimStart().length;
    cursor.at = cursor.tokens.length - 1;
    parts.push({
      kind: "opaque",
      text: cursor.text.slice(skipped),
      span: { start: skipped, end: cursor.text.length },
    });
  }
  const variables = cursor.variablesFrom(from);
  // slice() gives back the room that push() took in advance; there are many rules.
  const node: RuleNode = {
    kind: "rule",
    text: cursor.text,
    parts: parts.slice(),
    span: cursor.spanFrom(from),
  };
  const comment = commentOf(parts);
  if (comment === undefined && !problem && !variables) return node;
  return { ...node, comment, problem, variables };
}

/** The parts of one rule, to the end of the statement (or, in an inline block, of its line). */
export function readRuleParts(cursor: Cursor, inBlock = false): RulePart[] {
  const parts: RulePart[] = [];
  const from = cursor.at;
  while (!atRuleEnd(cursor, from, inBlock)) parts.push(readPart(cursor));
  return parts;
}

function atRuleEnd(cursor: Cursor, from: number, inBlock: boolean): boolean {
  if (cursor.done) return true;
  if (!inBlock) return false;
  return cursor.isOp("}") || cursor.isOp(";") || (cursor.at > from && cursor.token.newlineBefore);
}

export function commentOf(parts: readonly RulePart[]): string | undefined {
  for (const part of parts) if (part.kind === "comment") return part.text;
  return undefined;
}

function readPart(cursor: Cursor): RulePart {
  const from = cursor.at;
  if (startsVerdict(cursor)) return readVerdict(cursor);
  const { kind, text } = cursor.token;
  if (kind === "word") {
    if (isNat(text)) return readNat(cursor);
    if (text === "comment") return readComment(cursor);
    if ((text === "add" || text === "update" || text === "delete") && cursor.peek().kind === "at") {
      return readSetUpdate(cursor);
    }
    if (text === "set") return readOldSetUpdate(cursor);
    const action = actionReader(cursor);
    if (action) {
      const part = action(cursor);
      return { ...part, span: cursor.spanFrom(from) };
    }
  }
  if (startsSelector(cursor) || cursor.isOp("(")) return readTest(cursor);
  throw cursor.unexpected("a match or a statement");
}

function readVerdict(cursor: Cursor): RulePart {
  const from = cursor.at;
  const { text } = cursor.token;
  const next = cursor.peek();
  if ((text === "jump" || text === "goto") && next.kind === "op" && next.text === "{") {
    cursor.next();
    const block = readBlock(cursor);
    return { kind: "verdict", verdict: { type: text, block }, span: cursor.spanFrom(from) };
  }
  if (text === "jump" || text === "goto") {
    cursor.next();
    const chain = readChainName(cursor);
    return { kind: "verdict", verdict: { type: text, chain }, span: cursor.spanFrom(from) };
  }
  return { kind: "verdict", verdict: readPlainVerdict(cursor), span: cursor.spanFrom(from) };
}

/** `{ rule … }` behind jump or goto. */
function readBlock(cursor: Cursor): RuleNode[] {
  cursor.enter();
  cursor.next();
  const rules: RuleNode[] = [];
  while (!cursor.isOp("}")) {
    if (cursor.done) throw cursor.unexpected('"}"');
    if (cursor.takeOp(";")) continue;
    const from = cursor.at;
    const parts = readRuleParts(cursor, true);
    const variables = cursor.variablesFrom(from);
    const span = cursor.spanFrom(from);
    rules.push({ kind: "rule", text: cursor.text, parts, comment: commentOf(parts), span, variables });
  }
  cursor.next();
  cursor.leave();
  return rules;
}

function readComment(cursor: Cursor): RulePart {
  const from = cursor.at;
  cursor.next();
  const { text } = cursor.nameOrString("the comment in quotes");
  return { kind: "comment", text, span: cursor.spanFrom(from) };
}

function readSetUpdate(cursor: Cursor): RulePart {
  const from = cursor.at;
  const op = cursor.next().text;
  const token = cursor.next();
  const set = { text: token.text, span: { start: token.start, end: token.end } };
  if (!cursor.isOp("{")) throw cursor.unexpected('"{" and what to put into the set');
  const element = readExpression(cursor, "computed");
  return { kind: "setUpdate", op, set, element, span: cursor.spanFrom(from) };
}

/** nft before 0.9: `set add ip saddr timeout 5s @name`. */
function readOldSetUpdate(cursor: Cursor): RulePart {
  const from = cursor.at;
  cursor.next();
  if (!cursor.isOneOf("add", "update", "delete")) throw cursor.unexpected('"add" or "update"');
  const op = cursor.next().text;
  const element = readExpression(cursor, "computed");
  while (!cursor.done && cursor.token.kind !== "at") cursor.next();
  const token = cursor.token;
  if (token.kind !== "at") throw cursor.unexpected('the set, "@name"');
  cursor.next();
  const set = { text: token.text, span: { start: token.start, end: token.end } };
  if (cursor.takeOp(":")) readExpression(cursor, "computed");
  return { kind: "setUpdate", op, set, element, span: cursor.spanFrom(from) };
}

/** A match, a verdict map or an assignment: they all begin with what is looked at. */
function readTest(cursor: Cursor): RulePart {
  const left = readExpression(cursor, "computed");
  if (cursor.takeWord("vmap")) {
    const map = readMapOperand(cursor);
    return { kind: "vmap", key: left, map, span: cover(left.span, map.span) };
  }
  if (cursor.isWord("set") && left.kind === "selector") return readAssign(cursor, left);
  const op = readOp(cursor);
  if (op === "" && cannotBeValue(cursor)) throw cursor.unexpected(`a value for ${describe(cursor, left)}`);
  const right = readRightSide(cursor);
  return { kind: "match", left, op, right, span: cover(left.span, right.span) };
}

function describe(cursor: Cursor, left: Expression): string {
  const text = cursor.text.slice(left.span.start, left.span.end).replace(/\s+/g, " ");
  return text.length > 40 ? "this" : `"${text}"`;
}

function cannotBeValue(cursor: Cursor): boolean {
  const { kind, text } = cursor.token;
  if (kind === "op") return text !== "{" && text !== "*" && text !== "(";
  return kind === "end" || kind === "foreign";
}

function readAssign(cursor: Cursor, target: Selector): RulePart {
  cursor.next();
  const value = readList(cursor, "computed");
  return { kind: "assign", target, value, span: cover(target.span, value.span) };
}

function readOp(cursor: Cursor): RelationalOp {
  const { kind, text } = cursor.token;
  if (kind === "op" && OPS.has(text)) {
    cursor.next();
    return text as RelationalOp;
  }
  if (kind === "word" && Object.hasOwn(WORD_OPS, text)) {
    cursor.next();
    return WORD_OPS[text]!;
  }
  return "";
}

function readRightSide(cursor: Cursor): Expression {
  const value = readList(cursor, "value");
  if (!cursor.takeOp("/")) return value;
  const mask = readList(cursor, "value");
  return { kind: "masked", value, mask, span: cover(value.span, mask.span) };
}
