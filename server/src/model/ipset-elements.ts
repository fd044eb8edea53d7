import type { IntervalSet } from "./interval-set.ts";
import type { IpsetElement } from "./ipset.ts";
import type { ValueSet } from "./values.ts";

/** What of `element` is in none of `other`: at most one piece for each part of the key. */
function without(element: IpsetElement, other: IpsetElement): readonly IpsetElement[] {
  const pieces: IpsetElement[] = [];
  let values = [...element.values];
  for (const [i, value] of element.values.entries()) {
    const taken = other.values[i];
    if (taken === undefined) return [element];
    const outside = minus(value, taken);
    if (!isEmpty(outside))
      pieces.push({ ...element, values: values.map((one, at) => (at === i ? outside : one)) });
    const inside = minus(value, outside);
    if (isEmpty(inside)) return [element];
    values = values.map((one, at) => (at === i ? inside : one));
  }
  return pieces;
}

/** `elements` without what `gone` names. A net is an entry of its own: only the very same one goes. */
export function withoutElement(elements: readonly IpsetElement[], gone: IpsetElement): IpsetElement[] {
  return elements.flatMap((one) => (isSameKind(one, gone) ? without(one, gone) : [one]));
}

/** Whether some of what `added` names is there already. */
export function holdsSome(elements: readonly IpsetElement[], added: IpsetElement): boolean {
  return elements.some((one) => isSameKind(one, added) && overlaps(one, added));
}

function isSameKind(one: IpsetElement, other: IpsetElement): boolean {
  return (
    one.member === other.member &&
    one.icmp === other.icmp &&
    one.prefixes.length === other.prefixes.length &&
    one.prefixes.every((prefix, i) => prefix === other.prefixes[i])
  );
}

function overlaps(one: IpsetElement, other: IpsetElement): boolean {
  return one.values.every((value, i) => {
    const same = other.values[i];
    return same !== undefined && !isEmpty(minus(value, minus(value, same)));
  });
}

/**
 * The products of values that are in the set, where the longest prefix decides (`nomatch`); `exceptions`: those that
 * `nomatch` takes out instead. Undefined where two nets compete in one entry.
 */
export function decided(
  elements: readonly IpsetElement[],
  exceptions: boolean,
): readonly IpsetElement[] | undefined {
  const some = elements.some((one) => one.nomatch);
  if (!some) return exceptions ? [] : elements;
  if (elements.some((one) => one.prefixes.length > 1)) return undefined;
  const widestFirst = [...elements].sort((a, b) => (a.prefixes[0] ?? 0) - (b.prefixes[0] ?? 0));
  let left: IpsetElement[] = [];
  for (const element of widestFirst) {
    left = left.flatMap((one) => without(one, element));
    if (element.nomatch === exceptions) left.push(element);
  }
  return left;
}

function minus(set: ValueSet, other: ValueSet): ValueSet {
  return (set as IntervalSet).subtract(other as IntervalSet) as ValueSet;
}

function isEmpty({ bounds }: ValueSet): boolean {
  return bounds.length === 0;
}
