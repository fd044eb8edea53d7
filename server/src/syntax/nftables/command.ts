import type { Cursor } from "./cursor.ts";
import { readExpression } from "./expression.ts";
import { readIdentifier, readTarget, takeBlockNoun, takeFamily } from "./header.ts";
import { COMMAND_VERBS } from "./keywords.ts";
import { readRuleNode } from "./rule.ts";
import type { CommandNode } from "./tree.ts";

/** One command of a file or of nft's command line, without a block. */
export function readCommand(cursor: Cursor): CommandNode {
  const from = cursor.at;
  const verb = readVerb(cursor);
  const command = READ_ONLY.has(verb) ? readRest(cursor, verb) : readChange(cursor, verb);
  if (!cursor.done) throw cursor.unexpected("the end of the command");
  return { ...command, span: cursor.spanFrom(from) };
}

type Bare = Omit<CommandNode, "span">;

const READ_ONLY = new Set(["list", "get", "monitor", "describe", "export", "import"]);

function readVerb(cursor: Cursor): string {
  const { kind, text } = cursor.token;
  if (kind !== "word" || !COMMAND_VERBS.has(text)) return "add";
  cursor.next();
  return text;
}

/** Commands that change nothing need no more than their words. */
function readRest(cursor: Cursor, verb: string): Bare {
  const noun = cursor.done ? "" : cursor.next().text;
  while (!cursor.done) cursor.next();
  return { kind: "command", verb, noun, target: {} };
}

function readChange(cursor: Cursor, verb: string): Bare {
  if (cursor.takeWord("ruleset"))
    return { kind: "command", verb, noun: "ruleset", target: { family: takeFamily(cursor) } };
  if (cursor.takeWord("rule")) return readRuleCommand(cursor, verb);
  if (cursor.takeWord("element")) return readElementCommand(cursor, verb);
  if (verb === "reset" || cursor.isOneOf("rules", "counters", "quotas", "limits", "meters"))
    return readRest(cursor, verb);
  const noun = cursor.takeWord("meter") ? "set" : takeBlockNoun(cursor);
  if (!noun) {
    if (verb === "add" || verb === "insert" || verb === "replace") return readRuleCommand(cursor, verb);
    throw cursor.unexpected("what to change (ruleset, table, chain, rule, set, element, …)");
  }
  const target = readTarget(cursor, noun, false);
  if (verb === "rename")
    return { kind: "command", verb, noun, target, to: readIdentifier(cursor, "the name of a chain") };
  const properties = readInlineObject(cursor, noun);
  return properties === ""
    ? { kind: "command", verb, noun, target }
    : { kind: "command", verb, noun, target, properties };
}

/** `add counter ip t c packets 0 bytes 0`: an object's properties without braces. */
function readInlineObject(cursor: Cursor, noun: string): string {
  if (noun === "table" || noun === "chain" || noun === "set" || noun === "map") return "";
  const from = cursor.at;
  while (!cursor.done) cursor.next();
  return cursor.at > from ? cursor.textFrom(from) : "";
}

function readRuleCommand(cursor: Cursor, verb: string): Bare {
  const family = takeFamily(cursor);
  const table = readIdentifier(cursor, "the name of a table");
  const name = readIdentifier(cursor, "the name of a chain");
  const position = readPosition(cursor);
  const target = { family, table, name };
  if (verb === "delete" || verb === "destroy")
    return { kind: "command", verb, noun: "rule", target, position };
  if (cursor.done) throw cursor.unexpected("the rule");
  const rule = readRuleNode(cursor);
  return { kind: "command", verb, noun: "rule", target, position, rule, problem: rule.problem };
}

function readPosition(cursor: Cursor): CommandNode["position"] {
  if (!cursor.isOneOf("handle", "index", "position")) return undefined;
  const by = cursor.next().text as "handle" | "index" | "position";
  return { by, value: cursor.number(`the number of the ${by}`) };
}

function readElementCommand(cursor: Cursor, verb: string): Bare {
  const target = readTarget(cursor, "set", false);
  if (!cursor.isOp("{") && cursor.token.kind !== "variable") throw cursor.unexpected('"{" and the elements');
  const elements = readExpression(cursor, "value");
  return { kind: "command", verb, noun: "element", target, elements };
}
