import type { NamedSet, SetElement } from "../../model/ruleset.ts";
import type { ValueSet } from "../../model/values.ts";
import type { Expression, NftItem, SetElementNode, SetTypeNode } from "../../syntax/nftables/tree.ts";
import type { Span } from "../../text/span.ts";
import type { RuleBuilder } from "./builder.ts";
import { fieldOf } from "./fields.ts";
import { keyValues } from "./match.ts";
import type { Variables } from "./scope.ts";
import { UnknownValue, type ValueType } from "./values.ts";

/** The types of a set's keys and, for a map, of its values. */
export interface SetTypes {
  readonly kind: NamedSet["kind"];
  readonly key: readonly ValueType[];
  /** `flags interval`: elements may be ranges and prefixes. */
  readonly interval?: boolean;
  /** Absent for plain sets and verdict maps; "object" for maps to counters, quotas and such. */
  readonly value?: readonly ValueType[] | "object";
}

/** nft's data types, nft(8) DATA TYPES. */
const DATA_TYPES: Record<string, ValueType> = {
  ipv4_addr: "v4",
  ipv6_addr: "v6",
  inet_service: "port",
  inet_proto: "proto",
  ifname: "ifname",
  iface_index: "ifindex",
  mark: "mark",
  icmp_type: "icmptype",
  icmpv6_type: "icmpv6type",
  ct_state: "ctstate",
  ct_status: "ctstatus",
  ct_dir: "ctdirection",
  tcp_flag: "tcpflags",
  pkt_type: "pkttype",
  fib_addrtype: "addrtype",
  nf_proto: "nfproto",
  ether_type: "ethertype",
};

/** Reads `type …` or `typeof …`. */
export function readSetTypes(noun: "set" | "map", node: SetTypeNode): SetTypes {
  const key = typesOf(node.key, node.by);
  if (noun === "set" || !node.value) return { kind: noun, key };
  if (node.value.kind === "symbol") {
    if (node.value.text === "verdict") return { kind: "vmap", key };
    if (/^(counter|quota|limit|synproxy|secmark)$/.test(node.value.text))
      return { kind: "map", key, value: "object" };
  }
  return { kind: "map", key, value: typesOf(node.value, node.by) };
}

function typesOf(expression: Expression, by: "type" | "typeof"): ValueType[] {
  const parts = expression.kind === "concat" ? expression.items : [expression];
  return parts.map((part) => {
    if (part.kind === "selector") return fieldOf(part, undefined).type;
    return by === "type" && part.kind === "symbol" ? (DATA_TYPES[part.text] ?? "other") : "other";
  });
}

/** What the statements of a set's block say. */
export interface SetProperties {
  readonly types?: SetTypes;
  readonly flags: ReadonlySet<string>;
  readonly elements: readonly { readonly value: Expression; readonly item: NftItem }[];
  /** A limit, quota or count that each element keeps, as written. */
  readonly counts?: string;
}

const COUNTING = new Set(["limit", "quota", "ct count"]);

export function readSetProperties(noun: "set" | "map", items: readonly NftItem[]): SetProperties {
  let types: SetTypes | undefined;
  const flags = new Set<string>();
  let counts: string | undefined;
  const elements: { value: Expression; item: NftItem }[] = [];
  for (const item of items) {
    if (item.kind !== "leaf") continue;
    const { node } = item;
    if (node.kind === "setType") types = readSetTypes(noun, node);
    else if (node.kind === "elements") elements.push({ value: node.value, item });
    else if (node.kind === "property" && node.name === "flags")
      for (const word of node.words) flags.add(word);
    else if (node.kind === "property" && node.name === "timeout") flags.add("timeout");
    else if (node.kind === "property" && COUNTING.has(node.name))
      counts = `${node.name} ${node.words.join(" ")}`;
  }
  if (types && flags.has("interval")) types = { ...types, interval: true };
  return { types, flags, elements, ...(counts !== undefined && { counts }) };
}

/** Elements in terms of the model; `unread` when some could not be read, for their values lie outside the file. */
export interface ConvertedElements {
  readonly elements: SetElement[];
  readonly unread?: UnknownValue;
}

/** Reads the elements of a set of these types. Chains and objects they name go to `builder`. */
export function convertElements(builder: RuleBuilder, value: Expression, types: SetTypes): ConvertedElements {
  const { expression, variables } = builder.resolver.unwrap(value, builder.variables);
  if (expression.kind !== "set") {
    return { elements: [], unread: new UnknownValue("elements that cannot be read", value.span) };
  }
  const elements: SetElement[] = [];
  let unread: UnknownValue | undefined;
  for (const node of flatten(builder, expression.elements, variables)) {
    const element = convertElement(builder, node.element, types, node.variables);
    if (element instanceof UnknownValue) unread ??= element;
    else elements.push(element);
  }
  return { elements, unread };
}

interface Located {
  readonly element: SetElementNode;
  readonly variables: Variables;
}

const MAX_NESTING = 32;

/** Variables and inner braces may stand for several elements. */
function flatten(
  builder: RuleBuilder,
  elements: readonly SetElementNode[],
  variables: Variables,
  depth = 0,
  found: Located[] = [],
): Located[] {
  for (const element of elements) {
    // Variables of variables of variables: what is behind the first ones stays unread.
    if (found.length > MAX_ELEMENTS) break;
    const inner = builder.resolver.unwrap(element.key, variables);
    if (inner.expression.kind !== "set" || depth > MAX_NESTING) found.push({ element, variables });
    else flatten(builder, inner.expression.elements, inner.variables, depth + 1, found);
  }
  return found;
}

const MAX_ELEMENTS = 1_000_000;

function convertElement(
  builder: RuleBuilder,
  node: SetElementNode,
  types: SetTypes,
  variables: Variables,
): SetElement | UnknownValue {
  const values = keyValues(
    builder,
    node.key,
    types.key.map((type) => ({ type })),
    variables,
  );
  if (values instanceof UnknownValue) {
    builder.report(values);
    return values;
  }
  if (!types.interval && isInterval(node.key, values)) {
    builder.problem(
      "interval-flag-missing",
      'Only a set with "flags interval" takes ranges and prefixes: nft refuses this element. Add "flags interval" to the set.',
      node.key.span,
    );
  }
  const catchAll = node.key.kind === "any" ? { catchAll: true } : {};
  if (!node.value) return { values, ...catchAll };
  return { values, ...catchAll, ...mappedTo(builder, node.value, types, variables, node.span) };
}

function isInterval(key: Expression, values: readonly ValueSet[]): boolean {
  const parts = key.kind === "concat" ? key.items : [key];
  return parts.some((part, i) => {
    if (part.kind !== "prefix" && part.kind !== "range") return false;
    const { min, end } = values[i] ?? {};
    return typeof min === "bigint" ? end !== min + 1n : typeof min === "number" && end !== min + 1;
  });
}

function mappedTo(
  builder: RuleBuilder,
  value: Expression,
  types: SetTypes,
  variables: Variables,
  span: Span,
): Pick<SetElement, "verdict" | "mapped"> {
  if (value.kind === "verdict") {
    const verdict = builder.verdict(value.verdict, span, variables);
    return verdict ? { verdict } : {};
  }
  if (types.value === "object") {
    const object = builder.nameOf(value, variables);
    return object === undefined ? {} : { mapped: { object } };
  }
  if (!types.value) return {};
  const values: ValueSet[] | UnknownValue = keyValues(
    builder,
    value,
    types.value.map((type) => ({ type })),
    variables,
  );
  if (!(values instanceof UnknownValue)) return { mapped: { values } };
  builder.report(values);
  return {};
}
