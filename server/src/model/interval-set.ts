/** What can be ordered with `<`: ports and IPv4 addresses are numbers, IPv6 bigints, names strings. */
export type Ordered = number | bigint | string;

/**
 * A set of values as sorted, disjoint, half-open intervals `[lo, hi)`, flat: lo0, hi0, lo1, hi1 …
 * One set never mixes kinds of value. Immutable.
 */
export class IntervalSet<T extends Ordered = Ordered> {
  readonly bounds: readonly T[];

  private constructor(bounds: readonly T[]) {
    this.bounds = bounds;
  }

  static readonly EMPTY: IntervalSet<never> = new IntervalSet<never>([]);

  static empty<T extends Ordered>(): IntervalSet<T> {
    return IntervalSet.EMPTY as unknown as IntervalSet<T>;
  }

  /** `[lo, hi)`; empty when lo ≥ hi. */
  static interval<T extends Ordered>(lo: T, hi: T): IntervalSet<T> {
    return lo < hi ? new IntervalSet<T>([lo, hi]) : IntervalSet.empty<T>();
  }

  /** Of bounds that are sorted and disjoint already. */
  static ofBounds<T extends Ordered>(bounds: readonly T[]): IntervalSet<T> {
    return bounds.length === 0 ? IntervalSet.empty<T>() : new IntervalSet<T>(bounds);
  }

  static unionOf<T extends Ordered>(sets: readonly IntervalSet<T>[]): IntervalSet<T> {
    const distinct = [...new Set(sets)].filter((set) => !set.isEmpty);
    if (distinct.length < 2) return distinct[0] ?? IntervalSet.empty<T>();
    const total = distinct.reduce((sum, set) => sum + set.bounds.length, 0);
    return total > LONG * distinct.length ? mergeAll(distinct) : IntervalSet.#ofPieces(distinct);
  }

  static #ofPieces<T extends Ordered>(sets: readonly IntervalSet<T>[]): IntervalSet<T> {
    const pieces: [T, T][] = [];
    for (const set of sets) {
      for (let i = 0; i < set.bounds.length; i += 2) pieces.push([set.bounds[i]!, set.bounds[i + 1]!]);
    }
    pieces.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    const bounds: T[] = [];
    for (const [lo, hi] of pieces) {
      const last = bounds.length - 1;
      if (last >= 0 && lo <= bounds[last]!) {
        if (bounds[last]! < hi) bounds[last] = hi;
      } else bounds.push(lo, hi);
    }
    return new IntervalSet<T>(bounds);
  }

  get isEmpty(): boolean {
    return this.bounds.length === 0;
  }

  get intervalCount(): number {
    return this.bounds.length / 2;
  }

  /** The least value; undefined when empty. */
  get min(): T | undefined {
    return this.bounds[0];
  }

  /** The exclusive upper end; undefined when empty. */
  get end(): T | undefined {
    return this.bounds[this.bounds.length - 1];
  }

  has(value: T): boolean {
    const at = this.#above(value);
    return at % 2 === 1;
  }

  equals(other: IntervalSet<T>): boolean {
    if (this === other) return true;
    if (this.bounds.length !== other.bounds.length) return false;
    for (let i = 0; i < this.bounds.length; i++) if (this.bounds[i] !== other.bounds[i]) return false;
    return true;
  }

  isSubsetOf(other: IntervalSet<T>): boolean {
    return this.subtract(other).isEmpty;
  }

  intersects(other: IntervalSet<T>): boolean {
    return !this.intersect(other).isEmpty;
  }

  intersect(other: IntervalSet<T>): IntervalSet<T> {
    const a = this.bounds;
    const b = other.bounds;
    if (a.length === 0 || b.length === 0) return IntervalSet.empty<T>();
    const out: T[] = [];
    // Start at the first interval that can overlap: long sets meet short ones all the time.
    let i = a.length > 8 ? this.#above(b[0]!) & ~1 : 0;
    let j = b.length > 8 ? other.#above(a[0]!) & ~1 : 0;
    while (i < a.length && j < b.length) {
      const lo = a[i]! < b[j]! ? b[j]! : a[i]!;
      const hi = a[i + 1]! < b[j + 1]! ? a[i + 1]! : b[j + 1]!;
      if (lo < hi) out.push(lo, hi);
      if (a[i + 1]! < b[j + 1]!) i += 2;
      else j += 2;
    }
    return this.#reuse(other, out);
  }

  subtract(other: IntervalSet<T>): IntervalSet<T> {
    const a = this.bounds;
    const b = other.bounds;
    if (a.length === 0 || b.length === 0) return this;
    if (b[b.length - 1]! <= a[0]! || a[a.length - 1]! <= b[0]!) return this;
    // Only the intervals between other's ends can change; the rest is copied in bulk.
    const from = this.#above(b[0]!) & ~1;
    const to = Math.min(a.length, (this.#above(b[b.length - 1]!) + 1) & ~1);
    const middle: T[] = [];
    let j = 0;
    for (let i = from; i < to; i += 2) {
      let lo = a[i]!;
      const hi = a[i + 1]!;
      while (j < b.length && b[j + 1]! <= lo) j += 2;
      for (let k = j; k < b.length && b[k]! < hi && lo < hi; k += 2) {
        if (lo < b[k]!) middle.push(lo, b[k]!);
        lo = b[k + 1]!;
      }
      if (lo < hi) middle.push(lo, hi);
    }
    if (middle.length === to - from && middle.every((bound, i) => bound === a[from + i])) return this;
    if (middle.length === 0 && to - from === a.length) return IntervalSet.empty<T>();
    return new IntervalSet<T>(a.slice(0, from).concat(middle, a.slice(to)));
  }

  union(other: IntervalSet<T>): IntervalSet<T> {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    return IntervalSet.ofBounds(merged(this.bounds, other.bounds));
  }

  /** Keeps object identity when nothing changed, so that callers can compare cheaply. */
  #reuse(other: IntervalSet<T>, bounds: T[]): IntervalSet<T> {
    if (bounds.length === 0) return IntervalSet.empty<T>();
    for (const candidate of [this as IntervalSet<T>, other]) {
      if (candidate.bounds.length === bounds.length && bounds.every((b, i) => b === candidate.bounds[i]))
        return candidate;
    }
    return new IntervalSet<T>(bounds);
  }

  /** How many bounds are ≤ value; odd means that value is inside. */
  #above(value: T): number {
    let low = 0;
    let high = this.bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.bounds[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The coarsest division of the union of some sets of which no set holds only a part of a class. Once it has more than
 * `enough` classes, what no class has so far is the last one.
 */
export function divided<T extends Ordered>(
  sets: readonly IntervalSet<T>[],
  enough = Number.POSITIVE_INFINITY,
): IntervalSet<T>[] {
  let classes: IntervalSet<T>[] = [];
  const lacking = (set: IntervalSet<T>) => classes.reduce((left, one) => left.subtract(one), set);
  for (const [at, set] of sets.entries()) {
    const next = classes.flatMap((one) => [one.intersect(set), one.subtract(set)]);
    classes = [...next, lacking(set)].filter((one) => !one.isEmpty);
    if (classes.length <= enough) continue;
    const others = lacking(IntervalSet.unionOf(sets.slice(at + 1)));
    return others.isEmpty ? classes : [...classes, others];
  }
  return classes;
}

/** Sets with more bounds than this on average are merged two by two, others sorted at once. */
const LONG = 16;

function mergeAll<T extends Ordered>(sets: readonly IntervalSet<T>[]): IntervalSet<T> {
  let left = sets.map((set) => set.bounds);
  while (left.length > 1) {
    const next: (readonly T[])[] = [];
    for (let i = 0; i < left.length; i += 2) {
      next.push(i + 1 < left.length ? merged(left[i]!, left[i + 1]!) : left[i]!);
    }
    left = next;
  }
  return IntervalSet.ofBounds(left[0]!);
}

/** The bounds of the union of two sets. */
function merged<T extends Ordered>(a: readonly T[], b: readonly T[]): readonly T[] {
  const bounds: T[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const fromA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const low = fromA ? a[i]! : b[j]!;
    const high = fromA ? a[i + 1]! : b[j + 1]!;
    if (fromA) i += 2;
    else j += 2;
    const last = bounds.length - 1;
    if (last >= 0 && low <= bounds[last]!) {
      if (bounds[last]! < high) bounds[last] = high;
    } else bounds.push(low, high);
  }
  return bounds;
}
