import type { IntervalSet } from "../../model/interval-set.ts";
import type { TableId } from "../../model/ruleset.ts";
import { tableKey } from "../../model/ruleset.ts";
import type { ValueSet } from "../../model/values.ts";
import { describeValues, listInWords } from "../describe-values.ts";
import { code, type HoverInput, plain } from "./topic.ts";

const MOST_ELEMENTS = 8;

/** A named set or map of a table: how many elements it has, and which. */
export function describeSet(input: HoverInput, id: TableId | undefined, name: string): string {
  const table = id && input.host.ruleset.tables.get(tableKey(id));
  const set = table?.sets.get(name);
  if (!set) return `**${code(`@${name}`)}** – this table has no such set.`;
  const kind = { set: "a set", map: "a map", vmap: "a verdict map" }[set.kind];
  const count = set.elements.length === 1 ? "1 element" : `${set.elements.length} elements`;
  const shown = set.elements.slice(0, MOST_ELEMENTS).map(({ values, verdict }) => {
    const key = values.map(valueInWords).join(" . ");
    return verdict
      ? `${key} → ${"chain" in verdict ? `${verdict.type} ${verdict.chain}` : verdict.type}`
      : key;
  });
  if (set.elements.length > MOST_ELEMENTS) shown.push("…");
  const list = shown.length > 0 ? `: ${plain(shown.join(", "))}` : "";
  const open =
    set.content === "complete"
      ? ""
      : ` The file does not show all of it: ${plain(set.content.unknown)}. Verdicts that need it say “unknown”.`;
  return `**${code(`@${name}`)}** – ${kind} of this table with ${count}${list}.${open}`;
}

/** Without knowing the field: numbers that fit in 16 bits are taken for ports. */
function valueInWords(values: ValueSet): string {
  const { min, end } = values as IntervalSet;
  if (typeof min === "bigint") return describeValues("saddr6", values).text;
  if (typeof min === "string") return describeValues("iif", values).text;
  if (typeof end === "number" && end <= 65536) return describeValues("dport", values).text;
  return listInWords([describeValues("saddr4", values).text]);
}
