import type { CommandNode, NftLeaf } from "../../syntax/nftables/tree.ts";
import { declareChain, loadElements } from "./blocks.ts";
import { chainKey, familyOf, type Loading, type Place } from "./loading.ts";
import type { KnownTable } from "./registry.ts";
import { convertRule } from "./rule.ts";

/** Verbs that only look. */
const READ_ONLY = new Set(["list", "get", "monitor", "describe", "export", "import", "reset"]);

/** Loads a command of one statement at file level. */
export function loadCommand(loading: Loading, leaf: NftLeaf, node: CommandNode, place: Place): void {
  if (READ_ONLY.has(node.verb)) return;
  if (node.noun === "ruleset") {
    loadRuleset(loading, leaf, node, place);
    return;
  }
  const { target } = node;
  const tableName = node.noun === "table" ? target.name?.text : target.table?.text;
  if (tableName === undefined) {
    if (target.handle !== undefined) unknownHandle(loading, leaf, place, "object");
    return;
  }
  const table = loading.registry.table(familyOf(target.family?.text), tableName);
  switch (node.noun) {
    case "table":
      loadTableCommand(loading, table, leaf, node, place);
      return;
    case "chain":
      loadChainCommand(loading, table, leaf, node, place);
      return;
    case "rule":
      loadRuleCommand(loading, table, leaf, node, place);
      return;
    case "element":
      loadElementCommand(loading, table, leaf, node, place);
      return;
    case "set":
    case "map":
      loadSetCommand(loading, table, leaf, node, place);
      return;
    case "ct helper":
      if (isRemoval(node) && target.name) {
        loading.emit(place, leaf, { op: "deleteHelper", table: table.id, name: target.name.text });
      }
      return;
    default:
      if (target.name) table.objects.add(target.name.text);
  }
}

function isRemoval(node: CommandNode): boolean {
  return node.verb === "delete" || node.verb === "destroy";
}

function unknownHandle(
  loading: Loading,
  leaf: NftLeaf,
  place: Place,
  what: string,
  table?: KnownTable,
): void {
  const fact = `which ${what} has the handle that is named here`;
  loading.emit(place, leaf, { op: "unknown", fact, ...(table && { table: table.id }) });
}

function loadRuleset(loading: Loading, leaf: NftLeaf, node: CommandNode, place: Place): void {
  if (node.verb !== "flush") return;
  loading.positions.clear("");
  const family = node.target.family && familyOf(node.target.family.text);
  loading.emit(place, leaf, { op: "flushRuleset", ...(family && { family }) });
}

function loadTableCommand(
  loading: Loading,
  table: KnownTable,
  leaf: NftLeaf,
  node: CommandNode,
  place: Place,
): void {
  const { id } = table;
  if (node.verb === "add" || node.verb === "create") {
    table.declared = true;
    loading.emit(place, leaf, { op: "addTable", table: id, dormant: false });
  } else if (node.verb === "flush") {
    loading.positions.clear(chainKey(id, "").trimEnd());
    loading.emit(place, leaf, { op: "flushTable", table: id });
  } else if (isRemoval(node)) {
    loading.positions.clear(chainKey(id, "").trimEnd());
    loading.emit(place, leaf, { op: "deleteTable", table: id, mustExist: node.verb === "delete" });
  }
}

function loadChainCommand(
  loading: Loading,
  table: KnownTable,
  leaf: NftLeaf,
  node: CommandNode,
  place: Place,
): void {
  const { id } = table;
  const chain = node.target.name?.text;
  if (chain === undefined) {
    unknownHandle(loading, leaf, place, "chain", table);
    return;
  }
  switch (node.verb) {
    case "add":
    case "create":
      declareChain(table, chain, false);
      loading.emit(place, leaf, {
        op: "addChain",
        table: id,
        chain,
        mustBeNew: node.verb === "create",
      });
      return;
    case "flush":
      loading.positions.clear(chainKey(id, chain));
      loading.emit(place, leaf, { op: "flushChain", table: id, chain });
      return;
    case "delete":
    case "destroy":
      loading.positions.clear(chainKey(id, chain));
      loading.emit(place, leaf, {
        op: "deleteChain",
        table: id,
        chain,
        mustExist: node.verb === "delete",
      });
      return;
    case "rename":
      if (!node.to) return;
      declareChain(table, node.to.text, table.chains.get(chain)?.base ?? false);
      loading.emit(place, leaf, { op: "renameChain", table: id, chain, to: node.to.text });
      return;
    default:
      return;
  }
}

/** Where a rule command acts: an index, no place given, or a handle we do not know. */
function indexOf(loading: Loading, key: string, node: CommandNode): number | "none" | "unknown" {
  const { position } = node;
  if (!position) return "none";
  if (position.by === "index") return position.value;
  return loading.positions.find(key, position.value) ?? "unknown";
}

function loadRuleCommand(
  loading: Loading,
  table: KnownTable,
  leaf: NftLeaf,
  node: CommandNode,
  place: Place,
): void {
  const chain = node.target.name?.text;
  if (chain === undefined) return;
  const { id } = table;
  const key = chainKey(id, chain);
  const index = indexOf(loading, key, node);
  const name = node.target.name!;
  loading.registry.refer(
    table,
    { to: "rule-chain", name: chain, span: name.span },
    loading.origin(place, leaf, name.span),
  );
  if (index === "unknown") {
    unknownHandle(loading, leaf, place, "rule", table);
    return;
  }
  if (isRemoval(node)) {
    if (index === "none") return;
    loading.positions.remove(key, index);
    loading.emit(place, leaf, { op: "deleteRule", table: id, chain, which: { index } });
    return;
  }
  if (!node.rule) return;
  const rule = convertRule(node.rule, id.family, place.scope);
  const body = loading.useRule(table, rule, place, leaf);
  if (node.verb === "replace") {
    if (index !== "none") loading.emit(place, leaf, { op: "replace", table: id, chain, index, body });
  } else if (node.verb === "insert" || index !== "none") {
    const at = index === "none" ? 0 : node.verb === "insert" ? index : index + 1;
    loading.positions.insert(key, at, leaf.handle);
    loading.emit(place, leaf, { op: "insert", table: id, chain, index: at, body });
  } else {
    loading.positions.append(key, leaf.handle);
    loading.emit(place, leaf, { op: "append", table: id, chain, body });
  }
}

function loadElementCommand(
  loading: Loading,
  table: KnownTable,
  leaf: NftLeaf,
  node: CommandNode,
  place: Place,
): void {
  const set = node.target.name?.text;
  if (set === undefined || !node.elements) return;
  const span = node.target.name!.span;
  loading.registry.refer(table, { to: "set", name: set, span }, loading.origin(place, leaf, span));
  const types = table.sets.get(set);
  if (!types) {
    // The set stands elsewhere: its types are not known, and so are the elements.
    if (!table.sets.has(set)) {
      loading.emit(place, leaf, {
        op: "unknown",
        fact: `what @${set} holds, which is declared elsewhere`,
        table: table.id,
      });
    }
    return;
  }
  const { elements, unread } = loadElements(loading, table, types, node.elements, leaf, place);
  if (unread !== undefined) {
    loading.emit(place, leaf, { op: "unknown", fact: `what @${set} holds (${unread})`, table: table.id });
  }
  if (node.verb === "add" || node.verb === "create")
    loading.emit(place, leaf, { op: "addElements", table: table.id, set, elements });
  else if (isRemoval(node))
    loading.emit(place, leaf, { op: "deleteElements", table: table.id, set, elements });
}

function loadSetCommand(
  loading: Loading,
  table: KnownTable,
  leaf: NftLeaf,
  node: CommandNode,
  place: Place,
): void {
  const set = node.target.name?.text;
  if (set === undefined) return;
  if (node.verb === "flush") loading.emit(place, leaf, { op: "flushSet", table: table.id, set });
  else if (isRemoval(node)) loading.emit(place, leaf, { op: "deleteSet", table: table.id, set });
}
