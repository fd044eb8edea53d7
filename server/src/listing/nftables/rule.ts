import type { Listed } from "../../model/rule.ts";
import type { Family, Table } from "../../model/ruleset.ts";
import type { RuleNode, RulePart } from "../../syntax/nftables/tree.ts";
import { printAction } from "./actions.ts";
import { printVerdict } from "./data.ts";
import { printSetOperand } from "./maps.ts";
import { readMatch } from "./match.ts";
import { readNat } from "./nat.ts";
import { readOperand } from "./operands.ts";
import { readReject } from "./reject.ts";
import { RuleScope, type Shown } from "./scope.ts";
import { settle } from "./settle.ts";
import {
  readAssignment,
  readForwarding,
  readMeter,
  readObjectRef,
  readQueue,
  readReset,
  readSetUpdate,
  readTproxy,
} from "./statements.ts";
import { NotListed, notListed, quoted } from "./text.ts";
import type { Variables } from "./values.ts";

/** Names of chains by those that the rule was written with, and the table whose sets it looks in. */
export interface RuleSurroundings {
  readonly chain: (written: string) => string;
  readonly table?: Table | undefined;
}

/**
 * The rule as `nft list ruleset` (1.0.6) prints it, in one line; with an inline chain in several, which are indented as
 * in a chain of a table.
 */
export function listNftRule(
  node: RuleNode,
  family: Family,
  variables: Variables,
  { chain, table }: RuleSurroundings,
): Listed {
  try {
    const scope = new RuleScope(family, variables, chain, table);
    const text = printRule(node, scope, "\t\t");
    return scope.doubt === undefined ? { text } : { text, unknown: scope.doubt };
  } catch (error) {
    if (!(error instanceof NotListed)) throw error;
    const text = node.text.slice(node.span.start, node.span.end).replace(/\s+/g, " ");
    return { text, unknown: error.message };
  }
}

/**
 * How many handles the kernel gives out for the rule: its own, and one for each anonymous set, chain and rule in it;
 * undefined where the rule is not understood.
 */
export function countHandles(node: RuleNode, family: Family, variables: Variables): number | undefined {
  try {
    const scope = new RuleScope(family, variables, (written) => written, undefined);
    printRule(node, scope, "");
    return scope.anonymous + 1;
  } catch (error) {
    if (error instanceof NotListed) return undefined;
    throw error;
  }
}

function printRule(node: RuleNode, from: RuleScope, indent: string): string {
  let scope = from;
  readParts(node, scope, indent);
  if (scope.missing.length > 0) {
    const { family, variables, chain, table, front, missing } = scope;
    scope = new RuleScope(family, variables, chain, table, [...missing.reverse(), ...front]);
    readParts(node, scope, indent);
    from.anonymous = scope.anonymous;
    from.doubt = scope.doubt;
  }
  const texts = settle(scope.shown, scope.family).map(({ text }) => text);
  if (node.comment !== undefined) texts.push(`comment ${quoted(node.comment)}`);
  return texts.join(" ");
}

function readParts(node: RuleNode, scope: RuleScope, indent: string): void {
  for (const part of node.parts) {
    const shown = readPart(part, node, scope, indent);
    if (shown) scope.show(shown);
  }
}

function readPart(part: RulePart, node: RuleNode, scope: RuleScope, indent: string): Shown | undefined {
  switch (part.kind) {
    case "match":
      return readMatch(part, scope);
    case "vmap": {
      const key = readOperand(part.key, scope);
      const map = printSetOperand(part.map, key.types, scope, "verdict");
      return { text: `${key.text} vmap ${map}`, fields: key.fields, ends: false };
    }
    case "verdict":
      return { text: readVerdict(part, scope, indent), fields: [], ends: false };
    case "assign":
      return readAssignment(part, scope);
    case "nat":
      return readNat(part, scope);
    case "setUpdate":
      return readSetUpdate(part, scope);
    case "objectRef":
      return readObjectRef(part, scope);
    case "action":
      return readAction(part, node, scope);
    case "comment":
      return undefined;
    case "opaque":
      return notListed("what could not be read of this rule");
  }
}

function readVerdict(
  { verdict }: Extract<RulePart, { kind: "verdict" }>,
  scope: RuleScope,
  indent: string,
): string {
  if (!verdict.block) return printVerdict(verdict, scope, scope.variables);
  const inner = `${indent}\t`;
  scope.anonymous++;
  const lines = verdict.block.map((rule) => {
    const own = new RuleScope(scope.family, scope.variables, scope.chain, scope.table);
    const text = printRule(rule, own, inner);
    scope.doubt ??= own.doubt;
    scope.anonymous += own.anonymous + 1;
    return `\n${inner}${text}`;
  });
  return `${verdict.type} {${lines.join("")}\n${indent}}`;
}

function readAction(part: Extract<RulePart, { kind: "action" }>, node: RuleNode, scope: RuleScope): Shown {
  switch (part.name) {
    case "reject":
      return readReject(part.words, scope);
    case "queue":
      return readQueue(part, scope);
    case "dup":
    case "fwd":
      return readForwarding(part, scope);
    case "tproxy":
      return readTproxy(part, scope);
    case "meter":
      return readMeter(part, scope);
    case "reset":
      return readReset(part, scope);
    default:
      return { text: printAction(part, { variables: scope.variables, node }), fields: [], ends: true };
  }
}
