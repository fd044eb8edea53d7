import type { Span } from "../text/span.ts";
import { IntervalSet } from "./interval-set.ts";
import type { IpsetElement, IpsetTest, IpsetType } from "./ipset.ts";
import { decided } from "./ipset-elements.ts";
import type { Condition, Field } from "./rule.ts";
import { numbers, type ValueSet } from "./values.ts";

/** An ipset as far as it is known. */
export interface KnownIpset {
  readonly type: IpsetType;
  readonly elements: readonly IpsetElement[];
  /** Why `elements` says nothing. */
  readonly doubt?: string;
  /** Why there may be more than `elements`. */
  readonly more?: string;
}

/** Lists in lists: the kernel goes no deeper either. */
const DEEPEST = 4;

/**
 * The test of an ipset as one of the packet's fields. As in the kernel (`ip_set_test`) a set of the other family, or
 * one whose key has more parts than the rule gives directions, holds no packet.
 */
export function ipsetCondition(
  test: IpsetTest,
  find: (set: string) => KnownIpset | undefined,
  span: Span,
): Condition {
  const holds = member(test, test.set, find, span, DEEPEST);
  return test.negated ? { kind: "not", condition: holds, span } : holds;
}

function member(
  test: IpsetTest,
  name: string,
  find: (set: string) => KnownIpset | undefined,
  span: Span,
  depth: number,
): Condition {
  const set = find(name);
  const opaque = (why?: string): Condition => ({
    kind: "opaque",
    fact: `the content of the ipset ${name}${why === undefined ? "" : ` (${why})`}`,
    stable: true,
    span,
  });
  if (set === undefined || depth === 0) return opaque();
  const { type, doubt, more } = set;
  if (doubt !== undefined) return opaque(doubt);
  if (type.family !== undefined && type.family !== test.family) return never(span);
  if (test.directions.length < type.parts.length) return never(span);
  if (type.parts.includes("mac")) return opaque("the sender's MAC address");
  const conditions = type.parts.includes("set")
    ? set.elements.map((one) => member(test, one.member ?? "", find, span, depth - 1))
    : products(test, type, set.elements, span);
  if (conditions === undefined) return opaque("which of two nets is the narrower one");
  return anyOf(more === undefined ? conditions : [...conditions, opaque(more)], span);
}

function products(
  test: IpsetTest,
  type: IpsetType,
  all: readonly IpsetElement[],
  span: Span,
): readonly Condition[] | undefined {
  const elements = decided(
    all.filter((one) => one.icmp !== true),
    test.exceptions,
  );
  if (elements === undefined) return undefined;
  const fields = type.parts.flatMap((part, i) => fieldsOf(part, test.directions[i]!, test.family));
  const conditions: Condition[] = [];
  const match = (field: Field, values: ValueSet): Condition => ({ kind: "match", field, values, span });
  const [field] = fields;
  if (elements.length > 0 && field !== undefined) {
    if (fields.length === 1) conditions.push(match(field, columnOf(elements, 0)));
    else if (type.parts.length === 1) {
      const both = fields.map((one, i) => match(one, columnOf(elements, i)));
      conditions.push({ kind: "allOf", conditions: both, span });
    } else {
      const values = elements.map((one) => one.values);
      conditions.push({ kind: "tuple", fields, elements: values, negated: false, span });
    }
  }
  if (all.some((one) => one.icmp)) {
    const fact = `which ICMP messages the ipset ${test.set} holds`;
    const icmp = match("l4proto", numbers(test.family === 4 ? 1 : 58));
    conditions.push({
      kind: "allOf",
      conditions: [icmp, { kind: "opaque", fact, stable: true, span }],
      span,
    });
  }
  return conditions;
}

/** The fields of the packet that a part of the key is compared with. */
function fieldsOf(part: IpsetType["parts"][number], direction: "src" | "dst", family: 4 | 6): Field[] {
  const source = direction === "src";
  switch (part) {
    case "ip":
    case "net":
      return [source ? `saddr${family}` : `daddr${family}`];
    case "port":
      return ["l4proto", source ? "sport" : "dport"];
    case "iface":
      return [source ? "iif" : "oif"];
    case "mark":
      return ["mark"];
    default:
      return [];
  }
}

function columnOf(elements: readonly IpsetElement[], column: number): ValueSet {
  return IntervalSet.unionOf(elements.map((one) => one.values[column]! as IntervalSet)) as ValueSet;
}

function anyOf(conditions: readonly Condition[], span: Span): Condition {
  const [only] = conditions;
  if (only === undefined) return never(span);
  return conditions.length === 1 ? only : { kind: "anyOf", conditions, span };
}

function never(span: Span): Condition {
  return { kind: "match", field: "nfproto", values: numbers(0, -1), span };
}
