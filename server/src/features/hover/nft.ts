import type { Family, TableId } from "../../model/ruleset.ts";
import { tableKey } from "../../model/ruleset.ts";
import { type AreaName, lookUp } from "../../reference/lookup.ts";
import type {
  ChainTypeNode,
  CommandNode,
  HeaderNode,
  NftBlock,
  NftFile,
  ObjectName,
} from "../../syntax/nftables/tree.ts";
import { contains, type Span, shift } from "../../text/span.ts";
import { chainTopic, priorityNote } from "./chains.ts";
import { describeSet } from "./nft-objects.ts";
import { expressionTopic, notUnderstood, type RulePlace, ruleTopic } from "./nft-topic.ts";
import { type NftSpot, spotAt } from "./nft-tree.ts";
import { code, explain, type HoverInput, pieceAt, type Topic, topic } from "./topic.ts";

/** What is under the cursor in an nft file; "comment" on a comment. */
export function nftTopic(input: HoverInput, file: NftFile, offset: number): Topic | "comment" | undefined {
  if (file.comments.some((comment) => comment.start < offset && offset <= comment.end)) return "comment";
  const spot = spotAt(file.items, offset);
  if (!spot) return undefined;
  const { leaf, blocks } = spot;
  const { node } = leaf;
  const around = spot.header ? blocks.slice(0, -1) : blocks;
  const table = tableAround(around);
  const place: RulePlace = { input, file, start: leaf.start, table };
  const span = shift(node.span, leaf.start);
  switch (node.kind) {
    case "rule":
      return ruleTopic(place, node, offset);
    case "header":
      return headerTopic(place, node, spot, offset);
    case "command":
      return commandTopic(place, node, offset);
    case "chainType":
      return chainTypeTopic(place, node, blocks, offset);
    case "policy":
      return chainOf(place, blocks, span) ?? wordTopic(place, span, offset, ["policy", "structure"]);
    case "elements":
      return expressionTopic(place, node.value, setKey(blocks), offset) ?? setOf(place, blocks, span);
    case "setType":
      return setOf(place, blocks, span);
    case "define":
      return (
        expressionTopic(place, node.value, undefined, offset) ?? wordTopic(place, span, offset, ["structure"])
      );
    case "include":
    case "undefine":
      return topic(span, node.kind, lookUp("structure", node.kind));
    case "property":
      return propertyTopic(place, node.name, span, blocks, offset);
    case "opaque": {
      const why = node.problem?.message;
      return { span, text: notUnderstood(node.text || "This statement", why) };
    }
  }
}

function tableAround(blocks: readonly NftBlock[]): TableId | undefined {
  const table = blocks.find((block) => block.header.node.noun === "table");
  const target = table?.header.node.target;
  return target?.name ? tableId(target, target.name.text) : undefined;
}

function tableId(target: ObjectName, name: string): TableId {
  return { backend: "nftables", family: (target.family?.text ?? "ip") as Family, name };
}

/** The first area that knows the word under the cursor, else the statement's first word. */
function wordTopic(
  place: RulePlace,
  span: Span,
  offset: number,
  areas: readonly AreaName[],
): Topic | undefined {
  const word = pieceAt(place.file.text, span, offset);
  for (const area of areas) {
    const entry = lookUp(area, word.text);
    if (entry) return { span: word.span, text: explain(word.text, entry) };
  }
  return undefined;
}

function chainOf(place: RulePlace, blocks: readonly NftBlock[], span: Span): Topic | undefined {
  const chain = blocks.find((block) => block.header.node.noun === "chain")?.header.node.target.name;
  return chain && place.table ? chainTopic(place.input, place.table, chain.text, span) : undefined;
}

function setOf(place: RulePlace, blocks: readonly NftBlock[], span: Span): Topic | undefined {
  const block = blocks[blocks.length - 1]?.header.node;
  if (!block?.target.name || (block.noun !== "set" && block.noun !== "map")) return undefined;
  return { span, text: describeSet(place.input, place.table, block.target.name.text) };
}

/** What the elements of the set around are compared with, as far as its type says. */
function setKey(blocks: readonly NftBlock[]): RuleKey {
  for (const item of blocks[blocks.length - 1]?.items ?? []) {
    if (item.kind !== "leaf" || item.node.kind !== "setType") continue;
    const { key, by } = item.node;
    if (by === "typeof") return key;
    const types = key.kind === "concat" ? key.items : [key];
    const selectors = types.map((type) => ({
      kind: "selector" as const,
      key: type.kind === "symbol" && type.text === "inet_service" ? "th dport" : "other",
      span: type.span,
    }));
    return selectors.length === 1 ? selectors[0] : { kind: "concat", items: selectors, span: key.span };
  }
  return undefined;
}

type RuleKey = Parameters<typeof expressionTopic>[2];

function headerTopic(place: RulePlace, node: HeaderNode, spot: NftSpot, offset: number): Topic | undefined {
  const { noun, target } = node;
  const span = shift(node.span, place.start);
  const at = offset - place.start;
  if (target.family && contains(target.family.span, at)) {
    const { text } = target.family;
    return topic(shift(target.family.span, place.start), text, lookUp("family", text));
  }
  if (noun === "chain" && target.name && place.table) {
    const found = chainTopic(place.input, place.table, target.name.text, span);
    if (found) return found;
  }
  if ((noun === "set" || noun === "map") && target.name)
    return { span, text: describeSet(place.input, place.table, target.name.text) };
  if (noun === "table" && target.name) return tableTopic(place, tableId(target, target.name.text), span);
  const helper = noun === "ct helper" && isFtpHelper(spot);
  return topic(span, noun, lookUp("structure", noun), helper);
}

function isFtpHelper(spot: NftSpot): boolean {
  const block = spot.blocks[spot.blocks.length - 1];
  return (block?.items ?? []).some(
    (item) => item.kind === "leaf" && item.node.kind === "property" && item.node.words.includes("ftp"),
  );
}

function tableTopic(place: RulePlace, id: TableId, span: Span): Topic {
  const table = place.input.host.ruleset.tables.get(tableKey(id));
  const chains = [...(table?.chains.values() ?? [])];
  const rules = chains.reduce((sum, chain) => sum + chain.rules.length, 0);
  const asleep = table?.dormant ? " It is dormant: its chains see no packets." : "";
  const family = lookUp("family", id.family)?.text ?? "";
  const text = `**Table ${code(id.name)}** of family ${code(id.family)} – ${chains.length} chains, ${rules} rules.${asleep}\n\n${family}`;
  return { span, text };
}

function chainTypeTopic(
  place: RulePlace,
  node: ChainTypeNode,
  blocks: readonly NftBlock[],
  offset: number,
): Topic | undefined {
  const at = offset - place.start;
  const move = (span: Span) => shift(span, place.start);
  if (contains(node.type.span, at))
    return topic(move(node.type.span), `type ${node.type.text}`, lookUp("chain type", node.type.text));
  if (contains(node.hook.span, at))
    return topic(move(node.hook.span), `hook ${node.hook.text}`, lookUp("hook", node.hook.text));
  if (contains(node.priority.span, at)) return priorityTopic(place, node, blocks, move(node.priority.span));
  const span = move(node.span);
  return wordTopic(place, span, offset, ["structure", "priority rule"]) ?? chainOf(place, blocks, span);
}

function priorityTopic(
  place: RulePlace,
  node: ChainTypeNode,
  blocks: readonly NftBlock[],
  span: Span,
): Topic | undefined {
  const { base, offset } = node.priority;
  const general = lookUp("priority rule", "priority");
  if (!general) return undefined;
  const name = base?.kind === "symbol" ? base.text : undefined;
  const named = name === undefined ? undefined : lookUp("priority", name);
  const number = chainPriority(place, blocks) ?? (base ? undefined : offset);
  const meaning = number === undefined ? "" : priorityNote(number);
  const written = place.file.text.slice(span.start, span.end);
  const parts = [
    `**${code(`priority ${written}`)}** – ${named ? named.text : number === undefined ? "" : `${number}.`}`,
    meaning,
    `${general.text} *(${general.source})*`,
  ];
  return {
    span,
    text: parts.filter(Boolean).join("\n\n"),
    ftp: number !== undefined && number <= -200 && setsHelper(place, blocks),
  };
}

function chainAround(place: RulePlace, blocks: readonly NftBlock[]) {
  const name = blocks.find((block) => block.header.node.noun === "chain")?.header.node.target.name?.text;
  const table = place.table && place.input.host.ruleset.tables.get(tableKey(place.table));
  return name === undefined ? undefined : table?.chains.get(name);
}

function chainPriority(place: RulePlace, blocks: readonly NftBlock[]): number | undefined {
  return chainAround(place, blocks)?.base?.priority;
}

/** Whether a rule of the chain assigns a helper, which a priority up to -200 defeats. */
function setsHelper(place: RulePlace, blocks: readonly NftBlock[]): boolean {
  const rules = chainAround(place, blocks)?.rules ?? [];
  return rules.some(({ body }) =>
    body.items.some((item) => item.item === "statement" && item.statement.kind === "setHelper"),
  );
}

function commandTopic(place: RulePlace, node: CommandNode, offset: number): Topic | undefined {
  const at = offset - place.start;
  const { target } = node;
  const id = target.table ? tableId(target, target.table.text) : place.table;
  if (node.rule && contains(node.rule.span, at)) {
    const found = ruleTopic({ ...place, table: id }, node.rule, offset);
    if (found) return found;
  }
  const { family, name } = target;
  if (family && contains(family.span, at))
    return topic(shift(family.span, place.start), family.text, lookUp("family", family.text));
  if (name && id && contains(name.span, at) && (node.noun === "chain" || node.noun === "rule"))
    return chainTopic(place.input, id, name.text, shift(name.span, place.start));
  const span = node.rule
    ? { start: place.start, end: place.start + node.rule.span.start }
    : shift(node.span, place.start);
  if (!contains(span, offset)) return undefined;
  const heading = `${node.verb} ${node.noun}`;
  return topic(span, heading, lookUp("command", node.verb));
}

function propertyTopic(
  place: RulePlace,
  name: string,
  span: Span,
  blocks: readonly NftBlock[],
  offset: number,
): Topic | undefined {
  const noun = blocks[blocks.length - 1]?.header.node.noun;
  const helper = noun === "ct helper";
  if (helper && name === "type") {
    const word = pieceAt(place.file.text, span, offset);
    const entry = lookUp("helper", word.text);
    if (entry) return topic(word.span, word.text, entry, word.text === "ftp");
  }
  const found = wordTopic(place, span, offset, ["set flag", "protocol", "structure"]);
  if (found) return { ...found, ftp: helper };
  return topic(span, name, lookUp("structure", name), helper);
}
