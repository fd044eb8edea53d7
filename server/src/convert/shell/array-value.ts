import { EMPTY, UNSET, type Value } from "./value.ts";

export type ArrayValue = Value & { readonly kind: "array" };

/** An array numbered from 0. */
export function arrayOf(values: readonly Value[]): ArrayValue {
  return {
    kind: "array",
    items: new Map(values.map((value, index) => [String(index), value])),
    keyed: false,
  };
}

export const NO_KEYS: ArrayValue = { kind: "array", items: new Map(), keyed: true };

/** A variable as an array: a plain one is its element 0. */
export function asArray(value: Value | undefined): ArrayValue | undefined {
  if (value === undefined || value.kind === "unset") return arrayOf([]);
  if (value.kind === "array") return value;
  return value.kind === "unknown" ? undefined : arrayOf([value]);
}

export function withElement(array: ArrayValue, key: string, value: Value): ArrayValue {
  return { ...array, items: new Map(array.items).set(key, value) };
}

export function withoutElement(array: ArrayValue, key: string): ArrayValue {
  const items = new Map(array.items);
  items.delete(key);
  return { ...array, items };
}

/** `a+=(x y)`: behind the highest index. */
export function appendElements(array: ArrayValue, values: readonly Value[]): ArrayValue {
  const items = new Map(array.items);
  let next = nextIndex(array);
  for (const value of values) items.set(String(next++), value);
  return { ...array, items };
}

export function nextIndex({ items }: ArrayValue): number {
  let next = 0;
  for (const key of items.keys()) next = Math.max(next, Number(key) + 1);
  return next;
}

/** Keys in the order in which bash expands them. */
export function keysOf(array: ArrayValue): string[] {
  const keys = [...array.items.keys()];
  return array.keyed ? inHashOrder(keys) : keys.sort((a, b) => Number(a) - Number(b));
}

export function elementsOf(array: ArrayValue): Value[] {
  return keysOf(array).map((key) => array.items.get(key) ?? EMPTY);
}

export function elementAt(array: ArrayValue, key: string): Value {
  return array.items.get(key) ?? UNSET;
}

const BUCKETS = 1024;

/**
 * The keys of an associative array stand in the buckets of a hash table (bash 5.2, `assoc.c` and `hashlib.c`: FNV-1,
 * 1024 buckets at first, new keys in front), which is gone through from the first bucket on.
 */
function inHashOrder(keys: readonly string[]): string[] {
  const buckets = bucketsFor(keys.length);
  const placed = keys.map((key, index) => ({ key, index, bucket: hash(key) & (buckets - 1) }));
  placed.sort((a, b) => a.bucket - b.bucket || b.index - a.index);
  return placed.map(({ key }) => key);
}

/** The table grows fourfold when there are twice as many keys as buckets. */
function bucketsFor(count: number): number {
  let buckets = BUCKETS;
  while (count >= buckets * 2) buckets *= 4;
  return buckets;
}

const bytes = new TextEncoder();

function hash(key: string): number {
  let value = 2166136261;
  for (const byte of bytes.encode(key)) value = (Math.imul(value, 16777619) ^ byte) >>> 0;
  return value;
}
