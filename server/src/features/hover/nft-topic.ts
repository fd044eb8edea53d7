import type { TableId } from "../../model/ruleset.ts";
import { tableKey } from "../../model/ruleset.ts";
import { lookUp } from "../../reference/lookup.ts";
import type {
  Expression,
  NftFile,
  RuleNode,
  RulePart,
  Selector,
  VerdictNode,
} from "../../syntax/nftables/tree.ts";
import { contains, type Span, shift } from "../../text/span.ts";
import { chainTopic } from "./chains.ts";
import { findDefine } from "./nft-define.ts";
import { describeSet } from "./nft-objects.ts";
import { expressionAt } from "./nft-tree.ts";
import { code, type HoverInput, pieceAt, type Topic, topic } from "./topic.ts";
import { type ValueKind, valueTopic } from "./value-topics.ts";

/** Where a rule's syntax stands. */
export interface RulePlace {
  readonly input: HoverInput;
  readonly file: NftFile;
  /** Start of the rule's statement in the text. */
  readonly start: number;
  readonly table: TableId | undefined;
  /** Why a part was not understood, if the parser said so. */
  readonly problem?: string;
}

/** The keyword, name or value of an nft rule under the cursor. */
export function ruleTopic(place: RulePlace, rule: RuleNode, offset: number): Topic | undefined {
  const at = offset - place.start;
  const here = rule.parts.filter((part) => contains(part.span, at));
  const part = here.find((one) => at < one.span.end) ?? here[0];
  if (!part) return undefined;
  const problem = rule.problem?.message;
  return partTopic(problem === undefined ? place : { ...place, problem }, part, offset);
}

function partTopic(place: RulePlace, part: RulePart, offset: number): Topic | undefined {
  const span = shift(part.span, place.start);
  const word = pieceAt(place.file.text, span, offset);
  switch (part.kind) {
    case "match":
      return (
        expressionTopic(place, part.left, undefined, offset) ??
        expressionTopic(place, part.right, part.left, offset)
      );
    case "vmap":
      return (
        expressionTopic(place, part.key, undefined, offset) ??
        expressionTopic(place, part.map, part.key, offset) ??
        topic(span, "vmap", lookUp("statement", "vmap"))
      );
    case "verdict":
      return verdictTopic(place, part.verdict, span, offset);
    case "assign":
      return assignTopic(place, part, offset);
    case "nat":
      return natTopic(place, part, word, offset);
    case "setUpdate":
      return (
        expressionTopic(place, part.element, undefined, offset) ??
        setTopic(place, part.set.text, part.set.span, offset) ??
        topic(word.span, part.op, lookUp("statement", part.op))
      );
    case "objectRef":
      return topic(span, `${part.object} name`, lookUp("structure", part.object));
    case "comment":
      return topic(span, "comment", lookUp("statement", "comment"));
    case "action":
      return actionTopic(place, part, word, offset);
    case "opaque":
      return { span, text: notUnderstood(part.text, place.problem) };
  }
}

/** Says that a text is not understood, and why that matters. */
export function notUnderstood(text: string, problem?: string): string {
  const why = problem ? ` ${problem}` : "";
  return `${code(text)} is **not understood** here.${why} It may change what the rule does, so it counts as unknown: no verdict rests on it.`;
}

function actionTopic(
  place: RulePlace,
  part: Extract<RulePart, { kind: "action" }>,
  word: { text: string; span: Span },
  offset: number,
): Topic | undefined {
  for (const inner of part.inner ?? []) {
    const found = expressionTopic(place, inner, undefined, offset);
    if (found) return found;
  }
  const about = lookUp("statement word", `${part.name} ${word.text}`);
  if (about && word.text !== part.name) return topic(word.span, `${part.name} ${word.text}`, about);
  return topic(shift(part.span, place.start), part.name, lookUp("statement", part.name));
}

function natTopic(
  place: RulePlace,
  part: Extract<RulePart, { kind: "nat" }>,
  word: { text: string; span: Span },
  offset: number,
): Topic | undefined {
  const port: Selector = { kind: "selector", key: "th dport", span: part.span };
  const inner =
    (part.port && expressionTopic(place, part.port, port, offset)) ??
    (part.addr && expressionTopic(place, part.addr, undefined, offset));
  if (inner) return inner;
  const about = lookUp("statement word", `${part.nat} ${word.text}`);
  if (about) return topic(word.span, `${part.nat} ${word.text}`, about);
  return topic(shift(part.span, place.start), part.nat, lookUp("statement", part.nat));
}

function verdictTopic(place: RulePlace, verdict: VerdictNode, span: Span, offset: number): Topic | undefined {
  const { chain, block } = verdict;
  if (chain && contains(chain.span, offset - place.start)) {
    if (chain.kind === "variable") return expressionTopic(place, chain, undefined, offset);
    const name = chain.kind === "symbol" || chain.kind === "string" ? chain.text : "";
    const found =
      place.table && chainTopic(place.input, place.table, name, shift(chain.span, place.start), true);
    if (found) return found;
  }
  for (const rule of block ?? []) {
    const found = ruleTopic(place, rule, offset);
    if (found) return found;
  }
  return topic(span, verdict.type, lookUp("statement", verdict.type));
}

function assignTopic(
  place: RulePlace,
  part: Extract<RulePart, { kind: "assign" }>,
  offset: number,
): Topic | undefined {
  const { target, value } = part;
  if (contains(value.span, offset - place.start)) {
    const spot = expressionAt(value, offset - place.start, target);
    if (target.key === "ct helper" && spot) {
      const found = helperTopic(place, spot.expression);
      if (found) return found;
    }
    const found = expressionTopic(place, value, target, offset);
    if (found) return found;
  }
  const key = `${target.key} set`;
  const entry = lookUp("ct", key) ?? lookUp("meta", key) ?? lookUp("statement", "set");
  return topic(shift(part.span, place.start), key, entry, target.key === "ct helper");
}

/** The `ct helper` object that a rule assigns. */
function helperTopic(place: RulePlace, expression: Expression): Topic | undefined {
  if (expression.kind !== "string" && expression.kind !== "symbol") return undefined;
  const table = place.table && place.input.host.ruleset.tables.get(tableKey(place.table));
  const object = table?.helpers.get(expression.text);
  const span = shift(expression.span, place.start);
  if (!object) {
    const text = `This table has no ${code("ct helper")} object ${code(expression.text)}, so nft refuses the rule.`;
    return { span, text, ftp: true };
  }
  const families = object.families.map((family) => `IPv${family}`).join(" and ");
  const about = lookUp("helper", object.type)?.text ?? "";
  const text = `**${code(expression.text)}** – a ${code("ct helper")} object of this table: the kernel's helper ${code(object.type)} for ${object.protocol}, ${families}. ${about}`;
  return { span, text, ftp: object.type === "ftp" };
}

function setTopic(place: RulePlace, name: string, span: Span, offset: number): Topic | undefined {
  if (!contains(span, offset - place.start)) return undefined;
  return { span: shift(span, place.start), text: describeSet(place.input, place.table, name) };
}

/** What a part of an expression means; `key` is what it is compared with. */
export function expressionTopic(
  place: RulePlace,
  expression: Expression,
  key: Expression | undefined,
  offset: number,
): Topic | undefined {
  const spot = expressionAt(expression, offset - place.start, key);
  if (!spot) return undefined;
  const found = spot.expression;
  const span = shift(found.span, place.start);
  switch (found.kind) {
    case "selector":
      return selectorTopic(found, span);
    case "variable":
      return variableTopic(place, found.name, span);
    case "setRef":
      return setTopic(place, found.name, found.span, offset);
    case "verdict":
      return verdictTopic(place, found.verdict, span, offset);
    case "map":
      return topic(span, "map", lookUp("statement", "map"));
    case "opaque":
      return { span, text: notUnderstood(found.text) };
    case "symbol":
    case "string":
      return compared(spot.selector, found.text, span);
    case "range":
      return compared(spot.selector, place.file.text.slice(span.start, span.end).replace(/\s+/g, ""), span);
    default:
      return undefined;
  }
}

function selectorTopic(selector: Selector, span: Span): Topic | undefined {
  const { key, direction } = selector;
  const entry = lookUp("ct", key) ?? lookUp("meta", key) ?? lookUp("selector", key);
  const heading = direction ? key.replace("ct ", `ct ${direction} `) : key;
  return topic(span, heading, entry, key === "ct helper");
}

function variableTopic(place: RulePlace, name: string, span: Span): Topic {
  const value = findDefine(place.file, name, span.start);
  const text =
    value === undefined
      ? `${code(`$${name}`)} is **not known**: this file has no ${code(`define ${name}`)} before this place. What depends on it counts as unknown.`
      : `${code(`$${name}`)} is ${code(value)}`;
  return { span, text };
}

const VALUE_KINDS: Readonly<Record<string, ValueKind>> = {
  "ct state": "connection state",
  "ct status": "connection status",
  "ct helper": "helper",
  "ct protocol": "protocol",
  "meta l4proto": "protocol",
  "ip protocol": "protocol",
  "ip6 nexthdr": "protocol",
  "icmp type": "ICMP type",
  "icmpv6 type": "ICMPv6 type",
  "tcp flags": "TCP flag",
};

function kindOf(selector: Selector): ValueKind | undefined {
  const { key } = selector;
  if (/ (sport|dport|proto-src|proto-dst)$/.test(key)) return "port";
  if (key === "fib" && selector.argument?.endsWith(" type")) return "address type";
  return Object.hasOwn(VALUE_KINDS, key) ? VALUE_KINDS[key] : undefined;
}

function compared(selector: Selector | undefined, text: string, span: Span): Topic | undefined {
  if (!selector) return undefined;
  const kind = kindOf(selector);
  return (kind && valueTopic(kind, text, span)) ?? addressFamilies(selector, text, span);
}

function addressFamilies(selector: Selector, text: string, span: Span): Topic | undefined {
  if (selector.key !== "meta nfproto") return undefined;
  return topic(span, text, lookUp("family", text === "ipv4" ? "ip" : text === "ipv6" ? "ip6" : text));
}
