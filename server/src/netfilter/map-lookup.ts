import { append } from "../model/append.ts";
import type { Field, MapEntries, MappedEntry, NatPart } from "../model/rule.ts";
import { catchAllLast, isLookup } from "../model/rule.ts";
import type { Table } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import type { Box } from "./box.ts";
import { unionOfSets } from "./box.ts";
import { partitionElements } from "./condition.ts";
import type { State } from "./state.ts";

/** What a map gives for the packets of a box; the three parts are disjoint and cover it. */
export interface LookedUp {
  readonly hits: readonly { readonly box: Box; readonly mapped: MappedEntry["mapped"] }[];
  /** No entry: the rule ends, and the next one goes on (NFT_BREAK). */
  readonly missed: readonly Box[];
  /** The files do not say what the entry is, or whether there is one. */
  readonly open: readonly { readonly box: Box; readonly fact: string }[];
}

/** Looks the packet's fields up in a map of values or objects, inline or named. */
export function lookUp(fields: readonly Field[], entries: MapEntries, state: State, table: Table): LookedUp {
  const named = isInline(entries) ? undefined : entries.map;
  const map = named === undefined ? undefined : table.sets.get(named);
  const known = isInline(entries) ? entries : catchAllLast(map?.elements ?? []);
  const hits: { box: Box; mapped: MappedEntry["mapped"] }[] = [];
  const open: { box: Box; fact: string }[] = [];
  let left: Box[] = [state.box];
  for (const { values, mapped } of known) {
    const rest: Box[] = [];
    for (const box of left) {
      const parts = partitionElements(fields, [values], box, state);
      for (const hit of parts.yes) hits.push({ box: hit, mapped });
      append(open, parts.maybe);
      append(rest, parts.no);
    }
    left = rest;
  }
  if (named === undefined || map?.content === "complete") return { hits, missed: left, open };
  const fact = map?.content.unknown ?? `the content of map ${named}, which is not in this file`;
  return { hits, missed: [], open: [...open, ...left.map((box) => ({ box, fact }))] };
}

/** The entries that the files show. */
export function knownEntries(entries: MapEntries, table: Table | undefined): readonly MappedEntry[] {
  return isInline(entries) ? entries : (table?.sets.get(entries.map)?.elements ?? []);
}

/** All that an address or port may become by a NAT statement, as far as the files show it. */
export function natCandidates(part: NatPart | undefined, table: Table): ValueSet | undefined {
  if (part === undefined || part === "unknown" || !isLookup(part))
    return part === "unknown" ? undefined : part;
  const { column } = part;
  const sets = knownEntries(part.entries, table).flatMap(({ mapped }) => {
    const values = mapped && "values" in mapped ? mapped.values[column] : undefined;
    return values ? [values] : [];
  });
  return sets.length === 0 ? undefined : unionOfSets(sets);
}

function isInline(entries: MapEntries): entries is readonly MappedEntry[] {
  return Array.isArray(entries);
}
