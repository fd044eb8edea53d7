import type { BlockMember } from "../../listing/nftables/block-members.ts";
import { ObjectSource } from "../../listing/nftables/objects.ts";
import { SetSource } from "../../listing/nftables/set-source.ts";
import type { NamedSet, SetElement } from "../../model/ruleset.ts";
import type { NftBlock, NftItem, NftLeaf, RuleNode } from "../../syntax/nftables/tree.ts";
import { type Confined, RuleBuilder } from "./builder.ts";
import { convertChainType, misplaced } from "./chains.ts";
import { convertHelper } from "./helpers.ts";
import { familyOf, isFresh, type Loading, type Located, type Place } from "./loading.ts";
import type { KnownTable } from "./registry.ts";
import { convertRule } from "./rule.ts";
import { Scope } from "./scope.ts";
import { convertElements, readSetProperties, type SetTypes } from "./sets.ts";
import { Resolver } from "./values.ts";

/** Stands in for the table of a chain that is written outside of any. */
const NO_TABLE = "(no table)";

/** Loads a block at file level. */
export function loadBlock(loading: Loading, block: NftBlock, place: Place): void {
  const { noun, target, verb } = block.header.node;
  // `delete chain x y { devices … }` only takes devices away
  if (verb === "delete" || verb === "destroy") return;
  if (noun === "table") {
    const table = loading.registry.table(familyOf(target.family?.text), target.name?.text ?? NO_TABLE);
    loading.rulesLast(() => loadTable(loading, table, block, place));
    return;
  }
  const table = target.table
    ? loading.registry.table(familyOf(target.family?.text), target.table.text)
    : loading.registry.table("inet", NO_TABLE);
  loading.rulesLast(() => loadMember(loading, table, { item: block, place }));
}

function inner(place: Place): Place {
  return { ...place, scope: new Scope(place.scope) };
}

function loadTable(loading: Loading, table: KnownTable, block: NftBlock, outer: Place): void {
  const place = inner(outer);
  loading.positions.tableAdded(table.id, isFresh(table));
  table.declared = true;
  const members = loading.expand(block.items, place, "table");
  const dormant = members.some(({ item }) => hasFlag(item, "dormant"));
  const comment = commentOf(members);
  loading.emit(outer, block.header, {
    op: "addTable",
    table: table.id,
    dormant,
    ...(comment !== undefined && { comment }),
  });
  noteHandles(loading, table, members);
  for (const member of members) loadMember(loading, table, member);
}

/** nft makes a table's chains first, then its objects, sets and flow tables, then the rules. */
function noteHandles(loading: Loading, table: KnownTable, members: readonly Located[]): void {
  const names = members.flatMap(({ item }) => {
    if (item.kind !== "block") return [];
    const { noun, target } = item.header.node;
    return target.name ? [{ rank: rankOf(noun), name: handleName(noun, target.name.text) }] : [];
  });
  for (const { name } of names.sort((a, b) => a.rank - b.rank)) loading.positions.added(table.id, name);
}

function rankOf(noun: string): number {
  if (noun === "chain") return 0;
  if (noun === "flowtable") return 3;
  return noun === "set" || noun === "map" ? 2 : 1;
}

/** Sets and maps share their names. */
export function handleName(noun: string, name: string): string {
  return `${noun === "map" ? "set" : noun} ${name}`;
}

function hasFlag(item: NftItem, flag: string): boolean {
  if (item.kind !== "leaf" || item.node.kind !== "property") return false;
  return item.node.name === "flags" && item.node.words.includes(flag);
}

/** The `comment "…"` of a table or chain. */
function commentOf(members: readonly Located[]): string | undefined {
  for (const { item } of members) {
    if (item.kind !== "leaf" || item.node.kind !== "property") continue;
    if (item.node.name === "comment") return item.node.words[0];
  }
  return undefined;
}

function loadMember(loading: Loading, table: KnownTable, { item, place }: Located): void {
  if (item.kind === "leaf") {
    loading.common(item, place);
    return;
  }
  const { noun, target } = item.header.node;
  const name = target.name?.text;
  if (name === undefined) return;
  switch (noun) {
    case "chain":
      loadChain(loading, table, name, item, place);
      return;
    case "set":
    case "map":
      loadSet(loading, table, noun, name, item, place);
      return;
    case "ct helper":
      loadHelper(loading, table, name, item, place);
      return;
    case "table":
      return;
    default:
      table.objects.add(name);
      loadObject(loading, table, noun, name, item, place);
  }
}

function loadObject(
  loading: Loading,
  table: KnownTable,
  kind: string,
  name: string,
  block: NftBlock,
  place: Place,
): void {
  loading.positions.added(table.id, handleName(kind, name));
  const origin = loading.origin(place, block.header, block.header.node.span);
  const listed = objectSource(loading, table, kind, block, place);
  loading.emit(place, block.header, {
    op: "addObject",
    table: table.id,
    object: { kind, name, origin, listed },
  });
}

function objectSource(
  loading: Loading,
  table: KnownTable,
  kind: string,
  block: NftBlock,
  outer: Place,
): ObjectSource {
  const members = loading.expand(block.items, inner(outer), "object");
  return new ObjectSource(kind, table.id.family, blockMembers(members));
}

function blockMembers(members: readonly Located[]): BlockMember[] {
  return members.flatMap(({ item, place }) =>
    item.kind === "leaf" ? [{ node: item.node, variables: place.scope }] : [],
  );
}

// Chains

function loadChain(loading: Loading, table: KnownTable, name: string, block: NftBlock, outer: Place): void {
  const place = inner(outer);
  const resolver = new Resolver();
  let base: ReturnType<typeof convertChainType>["base"];
  let policy: { leaf: NftLeaf; place: Place; verdict: "accept" | "drop" } | undefined;
  let devices: readonly string[] = [];
  const confined: { uses: readonly Confined[]; leaf: NftLeaf; place: Place }[] = [];
  loading.positions.added(table.id, `chain ${name}`);
  const members = loading.expand(block.items, place, "chain");
  for (const { item, place: at } of members) {
    if (item.kind !== "leaf" || loading.common(item, at)) continue;
    const { node } = item;
    if (node.kind === "chainType") {
      const converted = convertChainType(node, table.id.family, resolver, at.scope);
      for (const problem of converted.problems) loading.problem(at, item, problem);
      base = converted.base;
    } else if (node.kind === "policy") {
      const { expression } = resolver.unwrap(node.value, at.scope);
      const verdict = expression.kind === "symbol" || expression.kind === "string" ? expression.text : "";
      if (verdict === "accept" || verdict === "drop") policy = { leaf: item, place: at, verdict };
    } else if (node.kind === "rule") {
      const uses = appendRule(loading, table, name, item, node, at);
      if (uses.length > 0) confined.push({ uses, leaf: item, place: at });
    } else if (node.kind === "property" && node.name === "devices") devices = node.words;
  }
  if (base) {
    for (const { uses, leaf, place: at } of confined) {
      for (const use of uses) {
        const problem = misplaced(use, base);
        if (problem) loading.problem(at, leaf, problem);
      }
    }
  }
  if (base && devices.length > 0) base = { ...base, devices: [...base.devices, ...devices] };
  declareChain(table, name, base !== undefined);
  const mustBeNew = block.header.node.verb === "create";
  const comment = commentOf(members);
  loading.emit(outer, block.header, {
    op: "addChain",
    table: table.id,
    chain: name,
    ...(base && { base }),
    mustBeNew,
    ...(comment !== undefined && { comment }),
    ...(members.some(({ item }) => hasFlag(item, "offload")) && { offload: true }),
  });
  if (policy) {
    loading.emit(policy.place, policy.leaf, {
      op: "setPolicy",
      table: table.id,
      chain: name,
      verdict: policy.verdict,
    });
  }
}

export function declareChain(table: KnownTable, name: string, base: boolean): void {
  const known = table.chains.get(name);
  if (known) known.base ||= base;
  else table.chains.set(name, { base });
}

function appendRule(
  loading: Loading,
  table: KnownTable,
  chain: string,
  leaf: NftLeaf,
  node: RuleNode,
  place: Place,
): readonly Confined[] {
  const rule = convertRule(node, table.id.family, place.scope);
  const body = loading.useRule(table, rule, place, leaf);
  loading.positions.append(table.id, chain, { written: leaf.handle, handles: rule.handles });
  loading.append(place, leaf, node.span, table.id, chain, body);
  return rule.confined;
}

// Sets

function loadSet(
  loading: Loading,
  table: KnownTable,
  noun: "set" | "map",
  name: string,
  block: NftBlock,
  outer: Place,
): void {
  const place = inner(outer);
  loading.positions.added(table.id, handleName(noun, name));
  const items = loading.expand(block.items, place, "set");
  for (const { item, place: at } of items) if (item.kind === "leaf") loading.common(item, at);
  const { types, flags, elements, counts } = readSetProperties(
    noun,
    items.map(({ item }) => item),
  );
  table.sets.set(name, types);
  if (!types) {
    const message = `This ${noun} does not say what it holds: nft refuses it. Add a type, for example: type ipv4_addr;`;
    const { span } = block.header.node;
    loading.problem(outer, block.header, {
      code: "set-without-type",
      severity: "error",
      message,
      span,
      refused: true,
    });
  }
  const filled = flags.has("dynamic") || flags.has("timeout");
  let content: NamedSet["content"] = filled
    ? { unknown: `what fills @${name} while the firewall runs` }
    : "complete";
  const found: SetElement[] = [];
  for (const { value, item } of elements) {
    if (item.kind !== "leaf" || !types) continue;
    const at = items.find((located) => located.item === item)?.place ?? place;
    const read = loadElements(loading, table, types, value, item, at);
    found.push(...read.elements);
    if (read.unread) content = { unknown: `the elements of @${name} (${read.unread})` };
  }
  if (items.some(({ item }) => item.kind === "leaf" && item.node.kind === "opaque")) {
    content = { unknown: `what could not be read of @${name}` };
  }
  if (!types || types.key.includes("other")) content = { unknown: `what @${name} holds` };
  const set: NamedSet = {
    name,
    kind: types?.kind ?? noun,
    elements: found,
    content,
    ...(counts !== undefined && { counts: `the ${counts} of each element of @${name}` }),
    origin: loading.origin(outer, block.header, block.header.node.span),
    listed: new SetSource(noun, blockMembers(items), { created: block.header.node.verb === "create" }),
  };
  loading.emit(outer, block.header, { op: "addSet", table: table.id, set });
}

/** Reads elements, reports their problems and what they refer to. */
export function loadElements(
  loading: Loading,
  table: KnownTable,
  types: SetTypes,
  value: Parameters<typeof convertElements>[1],
  leaf: NftLeaf,
  place: Place,
): { elements: SetElement[]; unread?: string } {
  const builder = new RuleBuilder(table.id.family, place.scope);
  const { elements, unread } = convertElements(builder, value, types);
  // Keys of a kind we do not follow (Ethernet addresses, raw bytes) are nobody's mistake.
  for (const problem of builder.problems) loading.problem(place, leaf, problem);
  for (const reference of builder.references) {
    loading.registry.refer(table, reference, loading.origin(place, leaf, reference.span));
  }
  return { elements, unread: unread?.fact };
}

// Helpers

function loadHelper(loading: Loading, table: KnownTable, name: string, block: NftBlock, place: Place): void {
  table.helpers.add(name);
  loading.positions.added(table.id, handleName("ct helper", name));
  const { helper, problems } = convertHelper(block, table.id.family);
  for (const { item, problem } of problems) loading.problem(place, item, problem);
  if (!helper) return;
  const origin = loading.origin(place, block.header, block.header.node.span);
  const listed = objectSource(loading, table, "ct helper", block, place);
  loading.emit(place, block.header, {
    op: "addHelper",
    table: table.id,
    helper: { name, ...helper, origin, listed },
  });
}
