import { append } from "../model/append.ts";
import { IntervalSet } from "../model/interval-set.ts";
import type { Condition, Field } from "../model/rule.ts";
import type { NamedSet, SetElement, Table } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { sizeOf } from "../model/values.ts";
import type { Box, Ref } from "./box.ts";
import { singleton } from "./box.ts";
import { fieldValue } from "./field.ts";
import type { State } from "./state.ts";

/** A part of a box for which a condition cannot be decided, and why. */
export interface Maybe {
  readonly box: Box;
  readonly fact: string;
  /** The same answer for all packets of one direction of a connection. */
  readonly stable: boolean;
  /** Names the question: equal keys have equal answers where `stable`. */
  readonly key: string;
}

/** Three disjoint parts that together are the box tested. */
export interface Partition {
  readonly yes: readonly Box[];
  readonly no: readonly Box[];
  readonly maybe: readonly Maybe[];
}

const NOTHING: readonly never[] = [];

const YES = (box: Box): Partition => ({ yes: [box], no: NOTHING, maybe: NOTHING });
const NO = (box: Box): Partition => ({ yes: NOTHING, no: [box], maybe: NOTHING });

/** Splits `box` by a condition on the packet under way. Kleene logic: unknown parts stay apart. */
export function partition(condition: Condition, box: Box, state: State, table: Table): Partition {
  switch (condition.kind) {
    case "match":
      return matchField(condition, box, state);
    case "tuple": {
      const any = partitionElements(condition.fields, condition.elements, box, state);
      return condition.negated ? negateWherePresent(any, condition.fields, box, state) : any;
    }
    case "lookup":
      return lookup(condition, box, state, table);
    case "allOf":
      return conjunction(condition.conditions, box, state, table);
    case "anyOf":
      return negate(
        conjunction(
          condition.conditions.map((inner) => ({ kind: "not", condition: inner, span: inner.span })),
          box,
          state,
          table,
        ),
      );
    case "not":
      return negate(partition(condition.condition, box, state, table));
    case "opaque":
      return {
        yes: NOTHING,
        no: NOTHING,
        maybe: [
          {
            box,
            fact: condition.fact,
            stable: condition.stable,
            key: `${identity(condition)} ${state.slot} ${state.sender}`,
          },
        ],
      };
  }
}

function negate(parts: Partition): Partition {
  return { yes: parts.no, no: parts.yes, maybe: parts.maybe };
}

function conjunction(conditions: readonly Condition[], box: Box, state: State, table: Table): Partition {
  let yes: readonly Box[] = [box];
  const no: Box[] = [];
  let maybe: readonly Maybe[] = NOTHING;
  for (const condition of conditions) {
    const nextYes: Box[] = [];
    const nextMaybe: Maybe[] = [];
    for (const part of yes) {
      const split = partition(condition, part, state, table);
      append(nextYes, split.yes);
      append(no, split.no);
      append(nextMaybe, split.maybe);
    }
    for (const open of maybe) {
      const split = partition(condition, open.box, state, table);
      for (const inner of split.yes) nextMaybe.push({ ...open, box: inner });
      for (const inner of split.maybe) nextMaybe.push({ ...open, box: inner.box });
      append(no, split.no);
    }
    yes = nextYes;
    maybe = nextMaybe;
  }
  return { yes, no, maybe };
}

function matchField(condition: Condition & { kind: "match" }, box: Box, state: State): Partition {
  const value = fieldValue(state, condition.field);
  if (value === "absent") return NO(box);
  if ("unknown" in value) {
    const likely = value.arbitrary && almostCertain(condition.values);
    if (likely) return likely === "yes" ? YES(box) : NO(box);
    const key = unknownKey(condition, state);
    return { yes: NOTHING, no: NOTHING, maybe: [{ box, fact: value.unknown, stable: true, key }] };
  }
  return condition.mask === undefined
    ? splitBox(box, value, condition.values)
    : matchMasked(condition, condition.mask, box, value, state);
}

/** What kind of address one is does not change from one packet to the next. */
function unknownKey(condition: Condition & { kind: "match" }, { packet, slot, sender }: State): string {
  if (condition.field !== "daddrtype") return `${condition.field} ${slot} ${sender} ${identity(condition)}`;
  const { daddr } = packet;
  const address = "variable" in daddr ? `${daddr.variable} ${daddr.shift ?? ""}` : daddr.value;
  return `daddrtype of ${address} in ${condition.values.bounds.join(",")}`;
}

/** Whether nearly all or nearly none of 65536 values are in a set. */
function almostCertain(values: ValueSet): "yes" | "no" | undefined {
  const count = sizeOf(values as IntervalSet<number>);
  if (count < 256) return "no";
  return count > 65536 - 256 ? "yes" : undefined;
}

function splitBox(box: Box, ref: Ref, values: ValueSet): Partition {
  const { inside, outside } = box.split(ref, values);
  if (!outside) return YES(box);
  if (!inside) return NO(box);
  return { yes: [inside], no: [outside], maybe: NOTHING };
}

function matchMasked(
  condition: Condition & { kind: "match" },
  mask: number | bigint,
  box: Box,
  ref: Ref,
  state: State,
): Partition {
  const values = box.values(ref) as IntervalSet<number | bigint>;
  const only = values.min;
  const isOne = only !== undefined && values.equals(singleton(only) as IntervalSet<number | bigint>);
  if (!isOne) {
    const fact = `the bits of ${FIELD_NAMES[condition.field] ?? condition.field} under a mask`;
    const key = `${identity(condition)} ${state.slot} ${state.sender}`;
    return { yes: NOTHING, no: NOTHING, maybe: [{ box, fact, stable: true, key }] };
  }
  const masked =
    typeof only === "bigint" ? only & BigInt(mask) : Number(BigInt(only as number) & BigInt(mask));
  const hit = (condition.values as IntervalSet<number | bigint>).has(masked);
  return hit ? YES(box) : NO(box);
}

/** An inline or named set of (concatenated) values: the union of products. */
export function partitionElements(
  fields: readonly Field[],
  elements: readonly (readonly ValueSet[])[],
  box: Box,
  state: State,
): Partition {
  const refs: Ref[] = [];
  for (const field of fields) {
    const value = fieldValue(state, field);
    if (value === "absent") return NO(box);
    if ("unknown" in value) {
      const key = `${field} ${state.slot} ${state.sender}`;
      return { yes: NOTHING, no: NOTHING, maybe: [{ box, fact: value.unknown, stable: true, key }] };
    }
    refs.push(value);
  }
  const yes: Box[] = [];
  let rest: Box[] = [box];
  for (const element of elements) {
    if (rest.length === 0) break;
    const next: Box[] = [];
    for (const part of rest) {
      let inner: Box | undefined = part;
      for (const [i, ref] of refs.entries()) {
        const values = element[i];
        if (!inner || !values) break;
        const split: { inside?: Box; outside?: Box } = inner.split(ref, values);
        if (split.outside) next.push(split.outside);
        inner = split.inside;
      }
      if (inner) yes.push(inner);
    }
    rest = next;
  }
  return { yes, no: rest, maybe: NOTHING };
}

/** `!= { … }` of a concatenation: fails as well when a field is not there. */
function negateWherePresent(parts: Partition, fields: readonly Field[], box: Box, state: State): Partition {
  return fields.some((field) => fieldValue(state, field) === "absent") ? NO(box) : negate(parts);
}

function lookup(condition: Condition & { kind: "lookup" }, box: Box, state: State, table: Table): Partition {
  const set = table.sets.get(condition.set);
  const fact = set
    ? set.content === "complete"
      ? undefined
      : set.content.unknown
    : `the content of set ${condition.set}, which is not in this file`;
  const found = set
    ? partitionElements(condition.fields, setValues(set), box, state)
    : { yes: NOTHING, no: [box], maybe: NOTHING };
  // A set that counts lets through what is within its limit only.
  const hit = set?.counts === undefined ? found : uncertain(found, set.counts, condition, state);
  const parts =
    fact === undefined
      ? hit
      : {
          yes: hit.yes,
          no: NOTHING,
          maybe: [
            ...hit.maybe,
            ...hit.no.map((open) => ({
              box: open,
              fact,
              stable: true,
              key: `@${condition.set} ${condition.fields.join(".")} ${state.slot} ${state.sender}`,
            })),
          ],
        };
  return condition.negated ? negateWherePresent(parts, condition.fields, box, state) : parts;
}

function uncertain(
  { yes, no, maybe }: Partition,
  fact: string,
  condition: Condition & { kind: "lookup" },
  state: State,
): Partition {
  const key = `${identity(condition)} ${state.slot} ${state.sender}`;
  return { yes: NOTHING, no, maybe: [...maybe, ...yes.map((box) => ({ box, fact, stable: false, key }))] };
}

const SET_VALUES = new WeakMap<readonly SetElement[], readonly (readonly ValueSet[])[]>();

/** A set's elements ready to match; a set of single values becomes one interval set. */
function setValues(set: NamedSet): readonly (readonly ValueSet[])[] {
  let values = SET_VALUES.get(set.elements);
  if (!values) {
    values = set.elements.map((element) => element.values);
    if (values.length > 1 && values.every((value) => value.length === 1)) {
      values = [[unionOf(values.map((value) => value[0]!))]];
    }
    SET_VALUES.set(set.elements, values);
  }
  return values;
}

function unionOf(sets: readonly ValueSet[]): ValueSet {
  const [first, ...others] = sets as IntervalSet<number | bigint | string>[];

  return IntervalSet.unionOf([first!, ...others]) as ValueSet;
}

const IDENTITIES = new WeakMap<object, number>();
let nextIdentity = 1;

/** A number that names an object for as long as it lives. */
export function identity(object: object): number {
  let id = IDENTITIES.get(object);
  if (id === undefined) {
    id = nextIdentity++;
    IDENTITIES.set(object, id);
  }
  return id;
}

const FIELD_NAMES: Partial<Record<Field, string>> = {
  saddr4: "the source address",
  saddr6: "the source address",
  daddr4: "the destination address",
  daddr6: "the destination address",
  sport: "the source port",
  dport: "the destination port",
};
