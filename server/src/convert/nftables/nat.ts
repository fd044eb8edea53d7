import type { NatTarget } from "../../model/rule.ts";
import type { ValueSet } from "../../model/values.ts";
import type { Expression, NatPart, SetElementNode } from "../../syntax/nftables/tree.ts";
import type { RuleBuilder } from "./builder.ts";
import { factOf, keyValues, tupleFields } from "./match.ts";
import type { Variables } from "./scope.ts";
import { UnknownValue, unite } from "./values.ts";

/** Adds a NAT statement; a map's keys become a condition, its values the candidates. */
export function convertNat(builder: RuleBuilder, part: NatPart): void {
  const family = natFamily(builder, part);
  const to: { addr?: ValueSet | "unknown"; port?: ValueSet | "unknown"; netmap?: boolean } = {};
  if (part.addr) readTarget(builder, part.addr, part, family, to);
  if (part.port) to.port = readPort(builder, part.port);
  if (part.prefix) to.netmap = true;
  checkFamily(builder, part, family);
  checkTransport(builder, part);
  builder.confined.push({ what: part.nat, span: part.span });
  const target: NatTarget = to;
  builder.statement({ kind: "nat", nat: part.nat, family, to: target, span: part.span });
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

function readPort(builder: RuleBuilder, port: Expression): ValueSet | "unknown" {
  const { expression, variables } = builder.resolver.unwrap(port, builder.variables);
  if (expression.kind === "map") return mapValues(builder, expression, ["port"])?.[0] ?? "unknown";
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
  to: { addr?: ValueSet | "unknown"; port?: ValueSet | "unknown" },
): void {
  const type = family === 6 ? "v6" : "v4";
  const { expression, variables } = builder.resolver.unwrap(addr, builder.variables);
  if (expression.kind === "map") {
    const wanted = mapShape(builder, expression, part);
    const values = mapValues(builder, expression, wanted ? [type, "port"] : [type]);
    to.addr = values?.[0] ?? "unknown";
    if (wanted) to.port = values?.[1] ?? "unknown";
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

/** Whether a map gives address and port. */
function mapShape(builder: RuleBuilder, map: MapNode, part: NatPart): boolean {
  if (part.both) return true;
  const { expression } = builder.resolver.unwrap(map.map, builder.variables);
  return expression.kind === "set" && expression.elements[0]?.value?.kind === "concat";
}

/**
 * What an inline map may give, one set for each part of the value; that a key must match is added as a
 * condition. Undefined for a named map and for what cannot be read.
 */
function mapValues(
  builder: RuleBuilder,
  node: MapNode,
  types: readonly ("v4" | "v6" | "port")[],
): ValueSet[] | undefined {
  const { expression: map, variables } = builder.resolver.unwrap(node.map, builder.variables);
  if (map.kind === "setRef") {
    builder.refer("set", map.name, node.map.span);
    keysOpaque(builder, node, `an entry of the map @${map.name}`);
    return undefined;
  }
  if (map.kind !== "set") {
    keysOpaque(builder, node, "a map that cannot be read");
    return undefined;
  }
  addKeyCondition(builder, node, map.elements, variables);
  const columns: ValueSet[][] = types.map(() => []);
  for (const element of map.elements) {
    const values =
      element.value &&
      keyValues(
        builder,
        element.value,
        types.map((type) => ({ type })),
        variables,
      );
    if (!values || values instanceof UnknownValue) return undefined;
    for (const [i, value] of values.entries()) columns[i]?.push(value);
  }
  return columns.map(unite);
}

function keysOpaque(builder: RuleBuilder, node: MapNode, fact: string): void {
  builder.opaque(fact, true, node.span);
}

/** No entry for the packet: the statement does nothing and the rule ends. */
function addKeyCondition(
  builder: RuleBuilder,
  node: MapNode,
  elements: readonly SetElementNode[],
  variables: Variables,
): void {
  if (elements.some((element) => element.key.kind === "any")) return;
  const parts = node.key.kind === "concat" ? node.key.items : [node.key];
  const { infos, fields } = tupleFields(builder, parts);
  if (!fields) {
    // A number drawn by numgen or a hash always has its entry.
    const generated = parts.every(
      (part) => part.kind === "selector" && /^(numgen|jhash|symhash)/.test(part.key),
    );
    const { fact, stable } = factOf(infos);
    if (!generated) builder.opaque(fact, stable, node.key.span);
    return;
  }
  const keys: ValueSet[][] = [];
  for (const element of elements) {
    const values = keyValues(builder, element.key, infos, variables);
    if (values instanceof UnknownValue) {
      builder.unknown(values);
      return;
    }
    keys.push(values);
  }
  const span = node.span;
  if (fields.length === 1) {
    builder.condition({ kind: "match", field: fields[0]!, values: unite(keys.map((key) => key[0]!)), span });
  } else builder.condition({ kind: "tuple", fields, elements: keys, negated: false, span });
}
