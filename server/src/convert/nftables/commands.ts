import { ObjectSource } from "../../listing/nftables/objects.ts";
import { ElementSource } from "../../listing/nftables/set-source.ts";
import type { TableId } from "../../model/ruleset.ts";
import { readStatement } from "../../syntax/nftables/statement.ts";
import type { CommandNode, NftLeaf } from "../../syntax/nftables/tree.ts";
import { declareChain, handleName, loadElements } from "./blocks.ts";
import { familyOf, isFresh, type Loading, type Place } from "./loading.ts";
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
      loadObjectCommand(loading, table, leaf, node, place);
  }
}

/** `add counter ip t c packets 1 bytes 2`, `delete quota ip t q` */
function loadObjectCommand(
  loading: Loading,
  table: KnownTable,
  leaf: NftLeaf,
  node: CommandNode,
  place: Place,
): void {
  const { noun: kind, target, verb } = node;
  if (!target.name) return;
  const { text: name, span } = target.name;
  if (isRemoval(node)) {
    loading.positions.removed(table.id, handleName(kind, name));
    loading.emit(place, leaf, { op: "deleteObject", table: table.id, kind, name });
  }
  if (verb !== "add" && verb !== "create") return;
  const members =
    node.properties === undefined
      ? []
      : [{ node: readStatement("object", node.properties, false), variables: place.scope }];
  const listed = new ObjectSource(kind, table.id.family, members);
  loading.positions.added(table.id, handleName(kind, name));
  const origin = loading.origin(place, leaf, span);
  loading.emit(place, leaf, { op: "addObject", table: table.id, object: { kind, name, origin, listed } });
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
  loading.positions.rulesetFlushed();
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
    loading.positions.tableAdded(id, isFresh(table));
    table.declared = true;
    loading.emit(place, leaf, { op: "addTable", table: id, dormant: false });
  } else if (node.verb === "flush") {
    loading.positions.flush(id);
    loading.emit(place, leaf, { op: "flushTable", table: id });
  } else if (isRemoval(node)) {
    loading.positions.tableDeleted(id);
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
      loading.positions.added(id, `chain ${chain}`);
      loading.emit(place, leaf, {
        op: "addChain",
        table: id,
        chain,
        mustBeNew: node.verb === "create",
      });
      return;
    case "flush":
      loading.positions.flush(id, chain);
      loading.emit(place, leaf, { op: "flushChain", table: id, chain });
      return;
    case "delete":
    case "destroy":
      loading.positions.flush(id, chain);
      loading.positions.removed(id, `chain ${chain}`);
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
      loading.positions.chainRenamed(id, chain, node.to.text);
      loading.emit(place, leaf, { op: "renameChain", table: id, chain, to: node.to.text });
      return;
    default:
      return;
  }
}

/** Where a rule command acts: an index, no place given, or a handle we do not know. */
function indexOf(
  loading: Loading,
  table: TableId,
  chain: string,
  node: CommandNode,
): number | "none" | "unknown" {
  const { position } = node;
  if (!position) return "none";
  if (position.by === "index") return position.value;
  // No rule has the number 0: nft leaves it out, and the rule goes where it would without (measured).
  if (position.value === 0 && !isRemoval(node) && node.verb !== "replace") return "none";
  return loading.positions.find(table, chain, position.value) ?? "unknown";
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
  const index = indexOf(loading, id, chain, node);
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
    loading.positions.remove(id, chain, index);
    loading.emit(place, leaf, { op: "deleteRule", table: id, chain, which: { index } });
    return;
  }
  if (!node.rule) return;
  const rule = convertRule(node.rule, id.family, place.scope);
  const body = loading.useRule(table, rule, place, leaf);
  const entry = { written: leaf.handle, handles: rule.handles };
  if (node.verb === "replace") {
    if (index === "none") return;
    loading.positions.replace(id, chain, index, entry);
    loading.emit(place, leaf, { op: "replace", table: id, chain, index, body });
  } else if (node.verb === "insert" || index !== "none") {
    const at = index === "none" ? 0 : node.verb === "insert" ? index : index + 1;
    loading.positions.insert(id, chain, at, entry);
    loading.emit(place, leaf, { op: "insert", table: id, chain, index: at, body });
  } else {
    loading.positions.append(id, chain, entry);
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
  const listed = new ElementSource(node.elements, place.scope);
  if (node.verb === "add" || node.verb === "create")
    loading.emit(place, leaf, { op: "addElements", table: table.id, set, elements, listed });
  else if (isRemoval(node))
    loading.emit(place, leaf, { op: "deleteElements", table: table.id, set, elements, listed });
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
  else if (isRemoval(node)) {
    loading.positions.removed(table.id, `set ${set}`);
    loading.emit(place, leaf, { op: "deleteSet", table: table.id, set });
  }
}
