import { IntervalSet } from "../model/interval-set.ts";
import type { ValueSet } from "../model/values.ts";

type AnySet = IntervalSet<number | bigint | string>;

/** A quantity that stays the same through a session although the file does not fix it ("client", "passive"). */
export type Variable = string;

/**
 * A packet's field: a variable of the session, or a value that a rule or the protocol fixes. `shift`: this much more
 * than the variable's value, where NAT maps one network onto another.
 */
export type Ref =
  | { readonly variable: Variable; readonly shift?: number | bigint }
  | { readonly value: number | bigint | string };

export function variable(name: Variable): Ref {
  return { variable: name };
}

export function constant(value: number | bigint | string): Ref {
  return { value };
}

export function sameRef(a: Ref, b: Ref): boolean {
  if ("variable" in a) return "variable" in b && a.variable === b.variable && a.shift === b.shift;
  return "value" in b && a.value === b.value;
}

/** The field's value plus `by`, which is of the value's kind. */
export function shifted(ref: Ref, by: number | bigint): Ref {
  if ("value" in ref) return constant(plus(ref.value as number, by as number));
  const shift = plus((ref.shift ?? (typeof by === "bigint" ? 0n : 0)) as number, by as number);
  return shift ? { variable: ref.variable, shift } : variable(ref.variable);
}

/** Of two numbers or of two bigints. */
function plus<T extends number | bigint>(a: T, b: T): T {
  return ((a as number) + (b as number)) as T;
}

function moveSet(set: ValueSet, by: number | bigint): ValueSet {
  return IntervalSet.ofBounds((set.bounds as number[]).map((bound) => plus(bound, by as number)));
}

function minus(by: number | bigint): number | bigint {
  return -by;
}

/**
 * A product of value sets, one per variable: all sessions whose variables lie in these sets. A set of packets
 * is a box together with a packet whose fields refer to its variables; a union is a list of boxes.
 */
export class Box {
  readonly #sets: Readonly<Record<Variable, ValueSet>>;
  #ids: readonly number[] | undefined;

  constructor(sets: Readonly<Record<Variable, ValueSet>>) {
    this.#sets = sets;
  }

  variables(): readonly Variable[] {
    return Object.keys(this.#sets);
  }

  get(name: Variable): ValueSet {
    const set = this.#sets[name];
    if (!set) throw new Error(`no variable ${name} in this box`);
    return set;
  }

  has(name: Variable): boolean {
    return name in this.#sets;
  }

  with(name: Variable, set: ValueSet): Box {
    return this.#sets[name] === set ? this : new Box({ ...this.#sets, [name]: set });
  }

  /** The values a field can have in this box. */
  values(ref: Ref): ValueSet {
    if ("value" in ref) return singleton(ref.value);
    const set = this.get(ref.variable);
    return ref.shift === undefined ? set : moveSet(set, ref.shift);
  }

  /** Splits by `ref ∈ set`; a part that is empty is undefined. */
  split(ref: Ref, set: ValueSet): { inside?: Box; outside?: Box } {
    if ("value" in ref) {
      return (set as AnySet).has(ref.value) ? { inside: this } : { outside: this };
    }
    const present = this.get(ref.variable) as AnySet;
    const wanted = ref.shift === undefined ? set : moveSet(set, minus(ref.shift));
    const parts = splitSet(present, wanted as AnySet);
    if (!parts.inside) return { outside: this };
    if (!parts.outside) return { inside: this };
    return {
      inside: this.with(ref.variable, parts.inside as ValueSet),
      outside: this.with(ref.variable, parts.outside as ValueSet),
    };
  }

  /** Splits by `a = b`. `open`: two variables of which more than one value is left, so that nobody can tell. */
  compare(a: Ref, b: Ref): { equal?: Box; different?: Box; open?: Box } {
    if (sameRef(a, b)) return { equal: this };
    const [left, right] = [this.values(a) as AnySet, this.values(b) as AnySet];
    for (const [one, other] of [
      [left, b],
      [right, a],
    ] as const) {
      if (!isSingle(one as ValueSet)) continue;
      const { inside, outside } = this.split(other, one as ValueSet);
      return { equal: inside, different: outside };
    }
    return left.intersects(right) ? { open: this } : { different: this };
  }

  intersect(other: Box): Box | undefined {
    let result: Box = this;
    for (const name of other.variables()) {
      if (!result.has(name)) {
        result = result.with(name, other.get(name));
        continue;
      }
      const common = (result.get(name) as AnySet).intersect(other.get(name) as AnySet);
      if (common.isEmpty) return undefined;
      result = result.with(name, common as ValueSet);
    }
    return result;
  }

  /** What is in this box but not in `other`, as disjoint boxes. */
  subtract(other: Box): Box[] {
    const rest: Box[] = [];
    let inner: Box = this;
    for (const name of other.variables()) {
      if (!inner.has(name)) continue;
      const { inside, outside } = inner.split({ variable: name }, other.get(name));
      if (outside) rest.push(outside);
      if (!inside) return [this];
      inner = inside;
    }
    return rest;
  }

  /** A number per variable, in their order: equal for equal sets. */
  setIds(): readonly number[] {
    this.#ids ??= Object.values(this.#sets).map(setId);
    return this.#ids;
  }

  /** Grows with the number of sessions in the box, on a logarithmic scale. Names count by their intervals. */
  size(): number {
    let size = 0;
    for (const set of Object.values(this.#sets)) {
      let count = 0;
      const { bounds } = set;
      for (let i = 0; i < bounds.length; i += 2) {
        const [low, high] = [bounds[i]!, bounds[i + 1]!];
        count += typeof low === "string" ? 1 : Number(high) - Number(low);
      }
      size += Math.log2(1 + count);
    }
    return size;
  }

  equals(other: Box): boolean {
    if (this === other) return true;
    const names = this.variables();
    return (
      names.length === other.variables().length &&
      names.every((name) => other.has(name) && (this.get(name) as AnySet).equals(other.get(name) as AnySet))
    );
  }

  /** The union when it is again one box: equal in all variables but at most one. */
  merge(other: Box): Box | undefined {
    const names = this.variables();
    if (names.length !== other.variables().length) return undefined;
    let different: Variable | undefined;
    for (const name of names) {
      if (!other.has(name)) return undefined;
      if ((this.get(name) as AnySet).equals(other.get(name) as AnySet)) continue;
      if (different !== undefined) return undefined;
      different = name;
    }
    if (different === undefined) return this;
    return this.with(
      different,
      (this.get(different) as AnySet).union(other.get(different) as AnySet) as ValueSet,
    );
  }
}

/** The set that holds just this value. */
export function singleton(value: number | bigint | string): ValueSet {
  if (typeof value === "number") return IntervalSet.interval(value, value + 1);
  if (typeof value === "bigint") return IntervalSet.interval(value, value + 1n);
  return IntervalSet.interval(value, `${value}\0`);
}

/** Whether the set has just one value. */
export function isSingle(set: ValueSet): boolean {
  const { min } = set;
  return min !== undefined && set.bounds.length === 2 && singleton(min).bounds[1] === set.bounds[1];
}

export function unionOfSets(sets: readonly ValueSet[]): ValueSet {
  return IntervalSet.unionOf(sets as AnySet[]) as ValueSet;
}

interface SplitSet {
  readonly inside?: AnySet;
  readonly outside?: AnySet;
}

/** Fewer bounds are quicker to compare than to look up. */
const LONG_SET = 64;
const SPLITS = new WeakMap<AnySet, WeakMap<AnySet, SplitSet>>();

/** The parts of `present` inside and outside of `set`; remembered for long lists, which every packet meets anew. */
function splitSet(present: AnySet, set: AnySet): SplitSet {
  if (present.bounds.length + set.bounds.length < LONG_SET) return computeSplit(present, set);
  let known = SPLITS.get(set);
  if (!known) {
    known = new WeakMap();
    SPLITS.set(set, known);
  }
  let parts = known.get(present);
  if (!parts) {
    parts = computeSplit(present, set);
    known.set(present, parts);
  }
  return parts;
}

function computeSplit(present: AnySet, set: AnySet): SplitSet {
  const inside = present.intersect(set);
  if (inside.isEmpty) return { outside: present };
  if (inside === present) return { inside };
  return { inside, outside: present.subtract(inside) };
}

const SET_IDS = new WeakMap<ValueSet, number>();
/** Sets by content. Cleared now and then: ids only have to agree within one merge. */
const CONTENT_IDS = new Map<string, number>();
let nextId = 1;

/** Equal for equal sets, unless they are very long. */
export function setId(set: ValueSet): number {
  let id = SET_IDS.get(set);
  if (id === undefined) {
    const content = set.bounds.length > 200 ? "" : `${typeof set.min} ${set.bounds.join(",")}`;
    id = content === "" ? nextId++ : (CONTENT_IDS.get(content) ?? nextId++);
    if (CONTENT_IDS.size > 100_000) CONTENT_IDS.clear();
    if (content !== "") CONTENT_IDS.set(content, id);
    SET_IDS.set(set, id);
  }
  return id;
}
