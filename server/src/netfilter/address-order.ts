import { IntervalSet } from "../model/interval-set.ts";
import type { ValueSet } from "../model/values.ts";

type Address = number | bigint;

/** The intervals of addresses that rules test, in order of their lower ends. */
export interface AddressOrder {
  readonly low: readonly Address[];
  readonly high: readonly Address[];
  /** The rule's place in its chain. */
  readonly rule: readonly number[];
}

/** So many intervals can be told apart in the lower bits of a number whose upper bits are an IPv4 address. */
const MOST_PACKED = 2 ** 20;

/** `sets`: what each rule tests; undefined where it tests no address. */
export function orderAddresses(sets: readonly (ValueSet | undefined)[]): AddressOrder {
  const low: Address[] = [];
  const high: Address[] = [];
  const rule: number[] = [];
  for (let i = 0; i < sets.length; i++) {
    const bounds = (sets[i]?.bounds ?? []) as readonly Address[];
    for (let k = 0; k < bounds.length; k += 2) {
      low.push(bounds[k]!);
      high.push(bounds[k + 1]!);
      rule.push(i);
    }
  }
  const order = orderOf(low);
  return {
    low: Array.from(order, (at) => low[at]!),
    high: Array.from(order, (at) => high[at]!),
    rule: Array.from(order, (at) => rule[at]!),
  };
}

function orderOf(low: readonly Address[]): ArrayLike<number> {
  if (typeof low[0] === "number" && low.length < MOST_PACKED) {
    const packed = Float64Array.from(low as number[], (address, i) => address * MOST_PACKED + i);
    return packed.sort().map((one) => one % MOST_PACKED);
  }
  return low.map((_, i) => i).sort((a, b) => (low[a]! < low[b]! ? -1 : low[a]! > low[b]! ? 1 : a - b));
}

/** No label: the rule does not take part. */
export const NO_LABEL = -1;

/**
 * For each label the addresses whose first matching rule has it. `labels` has a label or NO_LABEL for each rule of
 * the chain; rules from `end` on do not take part. One sweep over the addresses in their order.
 */
export function firstMatches(
  order: AddressOrder,
  labels: Int32Array,
  end: number,
): Map<number, IntervalSet<Address>> {
  const found: Address[][] = [];
  const active = new Active(order);
  let at: Address | undefined;
  const advance = (to: Address | undefined) => {
    for (let top = active.first(at); top !== undefined; top = active.first(at)) {
      const high = order.high[top]!;
      const stop = to !== undefined && to < high ? to : high;
      if (at! < stop) add(found, labels[order.rule[top]!]!, at!, stop);
      at = stop;
      if (stop === to) return;
    }
  };
  for (let i = 0; i < order.rule.length; i++) {
    const rule = order.rule[i]!;
    if (rule >= end || labels[rule] === NO_LABEL) continue;
    const low = order.low[i]!;
    if (at !== undefined) advance(low);
    at = low;
    active.add(i);
  }
  if (at !== undefined) advance(undefined);
  return new Map(found.map((bounds, label) => [label, IntervalSet.ofBounds(bounds)] as const));
}

function add(found: Address[][], label: number, low: Address, high: Address): void {
  while (found.length <= label) found.push([]);
  const bounds = found[label]!;
  if (bounds[bounds.length - 1] === low) bounds[bounds.length - 1] = high;
  else bounds.push(low, high);
}

/** The intervals that hold the present address, or held it and are not yet cleared away; first rule first. */
class Active {
  readonly #order: AddressOrder;
  /** A heap by place in the chain. */
  readonly #heap: number[] = [];

  constructor(order: AddressOrder) {
    this.#order = order;
  }

  /** The interval of the first rule that goes on beyond `at`. */
  first(at: Address | undefined): number | undefined {
    const heap = this.#heap;
    while (heap.length > 0 && at !== undefined && this.#order.high[heap[0]!]! <= at) this.#removeFirst();
    return heap[0];
  }

  add(interval: number): void {
    const { high, rule } = this.#order;
    const heap = this.#heap;
    const top = heap[0];
    // An earlier rule that covers it decides everywhere.
    if (top !== undefined && rule[top]! <= rule[interval]! && high[interval]! <= high[top]!) return;
    let at = heap.length;
    heap.push(interval);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (rule[heap[parent]!]! <= rule[interval]!) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = interval;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const { rule } = this.#order;
    const moved = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && rule[heap[child + 1]!]! < rule[heap[child]!]!) child++;
      if (rule[moved]! <= rule[heap[child]!]!) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
  }
}
