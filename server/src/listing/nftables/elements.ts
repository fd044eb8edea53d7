import type { Expression, SetElementNode } from "../../syntax/nftables/tree.ts";
import { type DataType, IFINDEX } from "./datatypes.ts";
import { notListed } from "./text.ts";
import {
  bytesOf,
  type Interval,
  isLoopback,
  printElement,
  readInterval,
  registerValue,
  unwrap,
  type Variables,
} from "./values.ts";

/** An element of a set or map. */
export interface Element {
  /** One interval for each concatenated part; "any" is the element `*`. */
  readonly key: readonly Interval[] | "any";
  /** What it maps to. */
  readonly data?: string;
  /** `timeout 1h`, `counter packets 0 bytes 0`, `comment "…"`, as they print behind the key. */
  readonly options: string;
}

export interface FoundElement {
  readonly node: SetElementNode;
  readonly variables: Variables;
}

const MAX_DEPTH = 32;

/** The elements of a set expression; variables and braces inside may stand for several. */
export function findElements(written: Expression, scope: Variables, depth = 0): FoundElement[] {
  const { expression, variables } = unwrap(written, scope);
  if (expression.kind !== "set") return notListed("elements that cannot be read");
  return expression.elements.flatMap((node) => {
    const inner = unwrap(node.key, variables);
    if (inner.expression.kind !== "set" || depth > MAX_DEPTH) return [{ node, variables }];
    return findElements(inner.expression, inner.variables, depth + 1);
  });
}

export function readKey(written: Expression, types: readonly DataType[], scope: Variables): Element["key"] {
  const { expression, variables } = unwrap(written, scope);
  if (expression.kind === "any") return "any";
  return readTuple(expression, types, variables);
}

/** The parts of a concatenation; a variable may hold several of them. */
export function readTuple(
  written: Expression,
  types: readonly DataType[],
  scope: Variables,
): readonly Interval[] {
  const parts = tupleParts(written, scope);
  if (parts.length !== types.length) return notListed("a value that has other parts than the set");
  return parts.map((part, i) => readInterval(part.expression, types[i]!, part.variables));
}

function tupleParts(
  written: Expression,
  scope: Variables,
): { expression: Expression; variables: Variables }[] {
  const { expression, variables } = unwrap(written, scope);
  if (expression.kind !== "concat") return [{ expression, variables }];
  return expression.items.flatMap((item) => tupleParts(item, variables));
}

export function printTuple(key: readonly Interval[], types: readonly DataType[]): string {
  return key.map((part, i) => printElement(part, types[i]!)).join(" . ");
}

/** What decides the order in which nft shows the elements, and whether it joins them. */
export interface SetShape {
  readonly types: readonly DataType[];
  /** Ranges, prefixes and wildcards may be elements. */
  readonly interval: boolean;
  /** Elements that touch become one: anonymous sets, `auto-merge`. */
  readonly joins: boolean;
}

export function hasIntervals(elements: readonly Element[]): boolean {
  return elements.some(({ key }) => key !== "any" && key.some(({ form }) => form !== "single"));
}

/**
 * Why the order of the elements is not known. nft sorts flags by their lowest bit; those that share it stay in the
 * order of the kernel's hash, whose seed is random, or, for plain sets of at most two bytes, of a list.
 */
export function orderDoubt(elements: readonly Element[], { types, interval }: SetShape): string | undefined {
  const [type] = types;
  if (interval || !type || elements.length < 2) return undefined;
  if (unnumbered(elements, types) > (types.length > 1 ? 0 : 1)) return "what numbers the interfaces have";
  if (types.length !== 1 || type.form !== "flags") return undefined;
  if (type.bits <= 16 && elements.every(({ data }) => data === undefined)) return undefined;
  const bits = new Set(elements.map((element) => sortValue(element, types)));
  return bits.size < elements.length
    ? "in which order the kernel keeps flags that have a bit in common"
    : undefined;
}

/** How many elements have an interface of which the number is not known. */
function unnumbered(elements: readonly Element[], types: readonly DataType[]): number {
  if (!types.some(({ name }) => name === IFINDEX.name)) return 0;
  return elements.filter(
    ({ key }) =>
      key !== "any" && key.some(({ low }, i) => types[i]!.name === IFINDEX.name && !isLoopback(low)),
  ).length;
}

/** The elements as nft shows them: each once, in its order; the catch-all comes last. */
export function arrange(elements: readonly Element[], shape: SetShape): Element[] {
  const plain: Element[] = elements.filter(({ key }) => key !== "any");
  const catchAll = elements.filter(({ key }) => key === "any").slice(0, 1);
  if (shape.types.length > 1 && shape.interval) return [...unique(plain), ...catchAll];
  if (shape.types.length === 1 && shape.interval) return [...arrangeIntervals(plain, shape), ...catchAll];
  // Elements of which nft compares equal parts only come out in the reverse of their order (expr_msort).
  const sorted = unique(plain)
    .map((element, at) => ({ element, at, value: sortValue(element, shape.types) }))
    .sort((a, b) => compare(a.value, b.value) || b.at - a.at);
  return [...sorted.map(({ element }) => element), ...catchAll];
}

function unique(elements: readonly Element[]): readonly Element[] {
  const seen = new Set<string>();
  return elements.filter(({ key }) => {
    const text = key === "any" ? "*" : key.map(({ low, high }) => `${low}-${high}`).join(".");
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortValue({ key }: Element, types: readonly DataType[]): bigint {
  if (key === "any") return -1n;
  const [first] = key;
  const [type] = types;
  if (types.length === 1 && type!.form === "flags") return first!.low & -first!.low;
  if (types.length === 1) return type!.form === "text" ? registerValue(first!.low, type!) : first!.low;
  let value = 0n;
  let shift = 0n;
  key.forEach((part, i) => {
    const size = Math.ceil(bytesOf(types[i]!) / 4) * 4;
    value |= registerValue(part.low, types[i]!) << shift;
    shift += BigInt(size * 8);
  });
  return value;
}

function arrangeIntervals(elements: readonly Element[], { joins }: SetShape): Element[] {
  const sorted = [...elements].sort((a, b) => compare(intervalOf(a).low, intervalOf(b).low));
  const found: Element[] = [];
  for (const element of sorted) {
    const last = found[found.length - 1];
    if (!last) {
      found.push(element);
      continue;
    }
    const before = intervalOf(last);
    const { low, high } = intervalOf(element);
    if (low === before.low && high === before.high) continue;
    if (!joins || low > before.high + 1n || element.data !== undefined) found.push(element);
    else if (high > before.high) {
      found[found.length - 1] = { ...last, key: [{ low: before.low, high, form: "range" }] };
    }
  }
  return found;
}

function intervalOf({ key }: Element): Interval {
  return key === "any" ? notListed("where * stands in a set") : key[0]!;
}

export function printElementOf({ key, data, options }: Element, types: readonly DataType[]): string {
  const text = `${key === "any" ? "*" : printTuple(key, types)}${options}`;
  return data === undefined ? text : `${text} : ${data}`;
}

/** Whether two elements have the same key, so that the one takes away or replaces the other. */
export function samePlace(a: Element, b: Element): boolean {
  if (a.key === "any" || b.key === "any") return a.key === b.key;
  const other = b.key;
  return (
    a.key.length === other.length &&
    a.key.every((part, i) => part.low === other[i]!.low && part.high === other[i]!.high)
  );
}
