import type { MapEntries, MappedEntry, NatPart as NatPartValue, NatTarget } from "../../model/rule.ts";
import { catchAllLast } from "../../model/rule.ts";
import type { ValueSet } from "../../model/values.ts";
import type { Expression, NatPart, SetElementNode } from "../../syntax/nftables/tree.ts";
import type { RuleBuilder } from "./builder.ts";
import { factOf, keyValues, tupleFields } from "./match.ts";
import type { Variables } from "./scope.ts";
import { UnknownValue, unite } from "./values.ts";

/** Adds a NAT statement, nft(8) NAT STATEMENTS. */
export function convertNat(builder: RuleBuilder, part: NatPart): void {
  const family = natFamily(builder, part);
  const to: { -readonly [Key in keyof NatTarget]: NatTarget[Key] } = {};
  if (part.addr) readTarget(builder, part.addr, part, family, to);
  if (part.port) to.port = readPort(builder, part.port);
  if (part.prefix) to.netmap = true;
  if (part.flags.includes("random") || part.flags.includes("fully-random")) to.random = true;
  checkFamily(builder, part, family);
  checkTransport(builder, part);
  builder.confined.push({ what: part.nat, span: part.span });
  builder.statement({ kind: "nat", nat: part.nat, family, to, span: part.span });
}

function natFamily(builder: RuleBuilder, part: NatPart): 4 | 6 | undefined {
  if (part.family) return part.family === "ip" ? 4 : 6;
  return builder.nfproto ?? guessFamily(builder, part.addr);
}

/** The address itself may tell: `dnat to 10.0.0.1`. */
function guessFamily(builder: RuleBuilder, addr: Expression | undefined): 4 | 6 | undefined {
  if (!addr) return undefined;
  const { expression } = builder.resolver.unwrap(addr, builder.variables);
  const first =
    expression.kind === "range"
      ? expression.low
      : expression.kind === "prefix"
        ? expression.base
        : expression;
  if (first.kind !== "symbol") return undefined;
  return first.text.includes(":") ? 6 : /^[\d.]+$/.test(first.text) ? 4 : undefined;
}

function checkFamily(builder: RuleBuilder, part: NatPart, family: 4 | 6 | undefined): void {
  const given = part.family === "ip" ? 4 : part.family === "ip6" ? 6 : undefined;
  if (given && builder.nfproto && given !== builder.nfproto) {
    const message = `This translates IPv${given} addresses, but only IPv${builder.nfproto} packets come here: nft refuses the rule.`;
    builder.problem("conflicting-protocols", message, part.span);
  }
  if (!part.addr || part.family || builder.family !== "inet" || builder.nfproto !== undefined) return;
  const version = family === 6 ? "ip6" : "ip";
  builder.problem(
    "nat-family-missing",
    `In an inet table nft must be told which family the address is of, and refuses this. Write "${part.nat} ${version} to …".`,
    part.span,
  );
}

/** nft: "transport protocol mapping is only valid after transport protocol match". */
function checkTransport(builder: RuleBuilder, part: NatPart): void {
  if (!part.port || builder.transport || part.port.kind === "map" || part.addr?.kind === "map") return;
  builder.problem(
    "nat-port-without-protocol",
    `A port only means something for TCP, UDP and the like: nft refuses this unless the rule says which, for example "tcp dport 21 ${part.nat} to …" or "meta l4proto tcp".`,
    part.port.span,
  );
}

function readPort(builder: RuleBuilder, port: Expression): NatPartValue {
  const { expression, variables } = builder.resolver.unwrap(port, builder.variables);
  if (expression.kind === "map") return readMap(builder, expression, ["port"])[0]!;
  const values = builder.resolver.resolve(expression, "port", variables);
  if (!(values instanceof UnknownValue)) return values;
  builder.report(values);
  return "unknown";
}

function readTarget(
  builder: RuleBuilder,
  addr: Expression,
  part: NatPart,
  family: 4 | 6 | undefined,
  to: { addr?: NatPartValue; port?: NatPartValue },
): void {
  const type = family === 6 ? "v6" : "v4";
  const { expression, variables } = builder.resolver.unwrap(addr, builder.variables);
  if (expression.kind === "map") {
    const types = mayGivePort(builder, expression, part) ? ([type, "port"] as const) : ([type] as const);
    const [first, second] = readMap(builder, expression, types);
    to.addr = first;
    if (second !== undefined) to.port = second;
    return;
  }
  if (expression.kind === "concat") {
    const values = keyValues(builder, expression, [{ type }, { type: "port" }], variables);
    to.addr = values instanceof UnknownValue ? "unknown" : (values[0] ?? "unknown");
    to.port = values instanceof UnknownValue ? "unknown" : (values[1] ?? "unknown");
    return;
  }
  const values = builder.resolver.resolve(expression, type, variables);
  if (values instanceof UnknownValue) builder.report(values);
  to.addr = values instanceof UnknownValue ? "unknown" : values;
}

type MapNode = Extract<Expression, { kind: "map" }>;

/** Whether a map gives a port behind the address; of a named map that is not known here. */
function mayGivePort(builder: RuleBuilder, node: MapNode, part: NatPart): boolean {
  if (part.both) return true;
  const { expression: map } = builder.resolver.unwrap(node.map, builder.variables);
  if (map.kind === "setRef") return part.port === undefined;
  return map.kind === "set" && map.elements[0]?.value?.kind === "concat";
}

/** One lookup for each part of what a map gives; "unknown" where keys or values cannot be read. */
function readMap(
  builder: RuleBuilder,
  node: MapNode,
  types: readonly ("v4" | "v6" | "port")[],
): NatPartValue[] {
  const { expression: map, variables } = builder.resolver.unwrap(node.map, builder.variables);
  const parts = node.key.kind === "concat" ? node.key.items : [node.key];
  const { infos, fields } = tupleFields(builder, parts);
  const lookups = (entries: MapEntries): NatPartValue[] =>
    types.map((_, column) => ({ fields: fields!, entries, column }));
  if (map.kind === "setRef") {
    builder.refer("set", map.name, node.map.span);
    if (fields && !infos.some((info) => info.term)) return lookups({ map: map.name });
    builder.opaque(`an entry of the map @${map.name}`, true, node.span);
    return types.map(() => "unknown");
  }
  if (map.kind !== "set") {
    builder.opaque("a map that cannot be read", true, node.span);
    return types.map(() => "unknown");
  }
  const entries = inlineEntries(builder, map.elements, infos, types, variables);
  if (fields && entries) return lookups(catchAllLast(entries));
  if (!isGenerated(parts)) {
    const { fact, stable } = factOf(infos);
    builder.opaque(fact, stable, node.key.span);
  }
  return anyValue(builder, map.elements, types, variables);
}

/** A number drawn by numgen or a hash always has its entry. */
function isGenerated(parts: readonly Expression[]): boolean {
  return parts.every((part) => part.kind === "selector" && /^(numgen|jhash|symhash)/.test(part.key));
}

function inlineEntries(
  builder: RuleBuilder,
  elements: readonly SetElementNode[],
  infos: Parameters<typeof keyValues>[2],
  types: readonly ("v4" | "v6" | "port")[],
  variables: Variables,
): MappedEntry[] | undefined {
  const entries: MappedEntry[] = [];
  for (const element of elements) {
    const values = keyValues(builder, element.key, infos, variables);
    const mapped = mappedValues(builder, element, types, variables);
    if (values instanceof UnknownValue) builder.report(values);
    if (values instanceof UnknownValue || !mapped) return undefined;
    entries.push({ values, mapped: { values: mapped }, catchAll: element.key.kind === "any" });
  }
  return entries;
}

function mappedValues(
  builder: RuleBuilder,
  { value }: SetElementNode,
  types: readonly ("v4" | "v6" | "port")[],
  variables: Variables,
): ValueSet[] | undefined {
  const asKeys = types.map((type) => ({ type }));
  const values = value && keyValues(builder, value, asKeys, variables);
  return !values || values instanceof UnknownValue ? undefined : values;
}

/** Whatever the key may be: all that the map can give. */
function anyValue(
  builder: RuleBuilder,
  elements: readonly SetElementNode[],
  types: readonly ("v4" | "v6" | "port")[],
  variables: Variables,
): NatPartValue[] {
  const rows = elements.map((element) => mappedValues(builder, element, types, variables));
  return types.map((_, column) => {
    const sets = rows.flatMap((row) => row?.[column] ?? []);
    return sets.length === rows.length && sets.length > 0 ? unite(sets) : "unknown";
  });
}
