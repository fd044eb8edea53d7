import { IntervalSet } from "../../model/interval-set.ts";
import type { Condition, Field } from "../../model/rule.ts";
import { ALL_V4, ALL_V6, bigints, numbers, type ValueSet, v4Prefix, v6Prefix } from "../../model/values.ts";
import { type AddressValue, parseAddress } from "../../syntax/iptables/address.ts";
import type { Span } from "../../text/span.ts";

const ALL_ONES_V6 = (1n << 128n) - 1n;

/** The addresses of a contiguous mask; undefined for a mask with holes, a name or bad text. */
export function addressSet(value: AddressValue): ValueSet | undefined {
  if (value.kind === "v4") {
    const length = v4Length(value.mask);
    return length === undefined ? undefined : v4Prefix(value.address, length);
  }
  if (value.kind === "v6") {
    const length = v6Length(value.mask);
    return length === undefined ? undefined : v6Prefix(value.address, length);
  }
  return undefined;
}

function v4Length(mask: number): number | undefined {
  const holes = ~mask >>> 0;
  return (holes & (holes + 1)) === 0 ? Math.clz32(holes) : undefined;
}

function v6Length(mask: bigint): number | undefined {
  const holes = mask ^ ALL_ONES_V6;
  if ((holes & (holes + 1n)) !== 0n) return undefined;
  return 128 - (holes === 0n ? 0 : holes.toString(2).length);
}

/**
 * The condition that a field holds one of the addresses in a comma list; undefined when that is all of them.
 * `field` is without its family (`saddr`, `ctorigdaddr`).
 */
export function addressCondition(
  field: "saddr" | "daddr" | "ctorigsaddr" | "ctorigdaddr" | "ctreplsaddr" | "ctrepldaddr",
  text: string,
  family: 4 | 6,
  negated: boolean,
  span: Span,
): Condition | undefined {
  const full: Field = family === 4 ? `${field}4` : `${field}6`;
  const parts = text.split(",").map((part) => parseAddress(part.trim(), family));
  const sets: ValueSet[] = [];
  const others: Condition[] = [];
  for (const part of parts) {
    const set = addressSet(part);
    if (set) sets.push(set);
    else others.push(otherAddress(part, full, span));
  }
  const union = uniteSets(sets);
  if (others.length === 0) {
    const all: ValueSet = family === 4 ? ALL_V4 : ALL_V6;
    const values = negated ? complement(union, all) : union;
    return sameSet(values, all) && !negated ? undefined : { kind: "match", field: full, values, span };
  }
  const conditions: Condition[] =
    sets.length > 0 ? [{ kind: "match", field: full, values: union, span }, ...others] : others;
  const [only] = conditions;
  const any: Condition = conditions.length === 1 && only ? only : { kind: "anyOf", conditions, span };
  return negated ? { kind: "not", condition: any, span } : any;
}

function otherAddress(value: AddressValue, field: Field, span: Span): Condition {
  switch (value.kind) {
    case "v4":
      return {
        kind: "match",
        field,
        values: numbers((value.address & value.mask) >>> 0),
        mask: value.mask,
        span,
      };
    case "v6":
      return { kind: "match", field, values: bigints(value.address & value.mask), mask: value.mask, span };
    case "name":
      return { kind: "opaque", fact: `the address of ${value.name}`, stable: true, span };
    case "bad":
      return { kind: "opaque", fact: "an address that cannot be read", stable: true, span };
  }
}

/** Sets of one kind of value, united. */
export function uniteSets(sets: readonly ValueSet[]): ValueSet {
  return IntervalSet.unionOf(sets as readonly IntervalSet[]) as ValueSet;
}

/** What of `all` is not in `set`; both hold the same kind of value. */
export function complement(set: ValueSet, all: ValueSet): ValueSet {
  return (all as IntervalSet).subtract(set as IntervalSet) as ValueSet;
}

function sameSet(a: ValueSet, b: ValueSet): boolean {
  return (a as IntervalSet).equals(b as IntervalSet);
}

/** `first[-last]` of iprange as a set; empty when reversed, undefined when it is not readable. */
export function addressRange(text: string, family: 4 | 6): ValueSet | undefined {
  const [first, last = first] = text.split("-").map((part) => parseAddress(part, family));
  if (first?.kind === "v4" && last?.kind === "v4") return numbers(first.address, last.address);
  if (first?.kind === "v6" && last?.kind === "v6") return bigints(first.address, last.address);
  return undefined;
}
