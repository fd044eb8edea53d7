import type { Family } from "../../model/ruleset.ts";
import type { RuleNode, RulePart } from "../../syntax/nftables/tree.ts";
import { type ConvertedRule, RuleBuilder } from "./builder.ts";
import { convertMatch } from "./match.ts";
import { convertNat } from "./nat.ts";
import type { Variables } from "./scope.ts";
import {
  convertAction,
  convertAssign,
  convertObjectRef,
  convertSetUpdate,
  convertVmap,
} from "./statements.ts";

/** Conversions of one node: rarely more than one. */
interface Memo {
  readonly family: Family;
  /** The values of its variables. */
  readonly key: string;
  readonly rule: ConvertedRule;
  readonly next: Memo | undefined;
}

const memos = new WeakMap<RuleNode, Memo>();

/**
 * A rule's conditions and statements; the same object for the same node, family and values of the
 * variables it uses, so that everything computed from a body can be kept by it.
 */
export function convertRule(node: RuleNode, family: Family, variables: Variables): ConvertedRule {
  const key =
    node.variables?.map(({ text }) => `${text}=${variables.lookup(text)?.key ?? "?"}`).join("|") ?? "";
  const first = memos.get(node);
  for (let memo = first; memo; memo = memo.next) {
    if (memo.family === family && memo.key === key) return memo.rule;
  }
  const rule = buildRule(node, family, variables);
  memos.set(node, { family, key, rule, next: first });
  return rule;
}

function buildRule(node: RuleNode, family: Family, variables: Variables): ConvertedRule {
  const builder = new RuleBuilder(family, variables);
  for (const part of node.parts) convertPart(builder, part);
  checkOrder(builder, node);
  return builder.finish(node);
}

function convertPart(builder: RuleBuilder, part: RulePart): void {
  switch (part.kind) {
    case "match":
      convertMatch(builder, part);
      return;
    case "vmap":
      convertVmap(builder, part);
      return;
    case "verdict":
      convertVerdict(builder, part);
      return;
    case "assign":
      convertAssign(builder, part);
      return;
    case "nat":
      convertNat(builder, part);
      return;
    case "setUpdate":
      convertSetUpdate(builder, part);
      return;
    case "objectRef":
      convertObjectRef(builder, part);
      return;
    case "action":
      convertAction(builder, part);
      return;
    case "comment":
      return;
    case "opaque":
      builder.opaque("what could not be read of this rule", false, part.span);
      return;
  }
}

/** A name that no chain of a file can have. */
let inlineChains = 0;

function convertVerdict(builder: RuleBuilder, part: Extract<RulePart, { kind: "verdict" }>): void {
  const { verdict: node, span } = part;
  if (node.block && (node.type === "jump" || node.type === "goto")) {
    const name = `(inline chain ${++inlineChains})`;
    const rules = node.block.map((rule) => convertRule(rule, builder.family, builder.variables));
    builder.inline.push({ name, rules });
    builder.statement({ kind: "verdict", verdict: { type: node.type, chain: name }, span });
    return;
  }
  const verdict = builder.verdict(node, span);
  if (verdict) builder.statement({ kind: "verdict", verdict, span });
  else builder.statement({ kind: "opaque", fact: "the chain that is jumped to", span });
}

function isTerminal(part: RulePart): boolean {
  if (part.kind === "verdict" || part.kind === "nat") return true;
  return part.kind === "action" && (part.name === "reject" || part.name === "queue");
}

/** nft: "Statement after terminal statement has no effect". */
function checkOrder(builder: RuleBuilder, node: RuleNode): void {
  let ended: RulePart | undefined;
  for (const part of node.parts) {
    if (ended && part.kind !== "comment") {
      builder.problem(
        "statement-after-verdict",
        "Nothing may follow the verdict of a rule, except its comment: nft refuses the rule. Move this before the verdict or into a rule of its own.",
        part.span,
      );
      return;
    }
    if (isTerminal(part)) ended = part;
  }
}
