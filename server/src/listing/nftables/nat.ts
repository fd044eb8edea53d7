import type { Expression, NatPart } from "../../syntax/nftables/tree.ts";
import { type DataType, IPV4, IPV6, PORT } from "./datatypes.ts";
import { findElements } from "./elements.ts";
import { printMap } from "./maps.ts";
import { type Operand, readOperand } from "./operands.ts";
import type { RuleScope, Shown } from "./scope.ts";
import { dataTypesOf } from "./set-source.ts";
import { notListed } from "./text.ts";
import { printElement, readInterval, unwrap, type Variables } from "./values.ts";

const FLAGS = ["random", "fully-random", "persistent"];

/** `dnat ip to 10.0.0.1:80 random`, with all that nft adds and leaves out. */
export function readNat(part: NatPart, scope: RuleScope): Shown {
  const addr = part.addr && address(part, part.addr, scope);
  const port = part.port && readOperand(part.port, scope, PORT);
  const target = `${addr ? braced(addr.text, port !== undefined) : ""}${port ? `:${port.text}` : ""}`;
  const flags = FLAGS.filter((flag) => part.flags.includes(flag)).join(",");
  const family = addr && (scope.family === "inet" || addr.shaped) ? ` ${addr.family}` : "";
  const prefix = part.prefix && addr?.shaped ? " prefix" : "";
  const text = [`${part.nat}${family}${prefix}`, ...(target ? ["to", target] : []), flags]
    .filter((word) => word !== "")
    .join(" ");
  // What the port is looked up by leaves the test of the protocol in place (measured).
  return { text, fields: addr?.fields ?? [], ends: true };
}

interface Address {
  readonly text: string;
  readonly fields: Operand["fields"];
  readonly family: "ip" | "ip6";
  /** It gives ports as well, or ranges or prefixes: nft then names the family. */
  readonly shaped: boolean;
}

function address(part: NatPart, written: Expression, scope: RuleScope): Address {
  const { expression, variables } = unwrap(written, scope.variables);
  const family = part.family ?? familyOf(expression, scope);
  const type = family === "ip" ? IPV4 : IPV6;
  if (expression.kind !== "map") {
    if (expression.kind === "selector" || expression.kind === "binary") {
      const operand = readOperand(expression, scope, type, variables);
      return { text: operand.text, fields: operand.fields, family, shaped: false };
    }
    return {
      text: printElement(readInterval(expression, type, variables), type),
      fields: [],
      family,
      shaped: false,
    };
  }
  const { types, shaped } = mappedTypes(expression, type, scope, variables);
  const map = printMap(expression, scope, types, variables);
  return { text: map.text, fields: map.fields, family, shaped: shaped || (part.prefix ?? false) };
}

/** What the map gives: addresses, or addresses with ports. */
function mappedTypes(
  map: Extract<Expression, { kind: "map" }>,
  address: DataType,
  scope: RuleScope,
  outer: Variables,
): { types: readonly DataType[]; shaped: boolean } {
  const { expression, variables } = unwrap(map.map, outer);
  if (expression.kind === "setRef") {
    const data = dataTypesOf(scope.table, expression.name);
    return {
      types: data?.types ?? [address],
      shaped: data !== undefined && (data.types.length > 1 || data.interval),
    };
  }
  const values = findElements(expression, variables).flatMap(({ node, variables: at }) =>
    node.value ? [unwrap(node.value, at)] : [],
  );
  const ports = values.some(({ expression: value }) => value.kind === "concat");
  const ranges = values.some(({ expression: value, variables: at }) =>
    parts(value, at).some((one) => one.kind === "range" || one.kind === "prefix"),
  );
  return { types: ports ? [address, PORT] : [address], shaped: ports || ranges };
}

function parts(expression: Expression, variables: Variables): Expression[] {
  if (expression.kind !== "concat") return [expression];
  return expression.items.map((item) => unwrap(item, variables).expression);
}

function familyOf(expression: Expression, { family, known }: RuleScope): "ip" | "ip6" {
  if (family === "ip" || family === "ip6") return family;
  if (known.nh === "ip" || known.nh === "ip6") return known.nh;
  if (expression.kind === "symbol") return expression.text.includes(":") ? "ip6" : "ip";
  return notListed("which family this translates");
}

/** `[::1]` where a port follows. */
function braced(text: string, port: boolean): string {
  if (!port || !text.includes(":") || text.includes(" ")) return text;
  return text
    .split("-")
    .map((one) => `[${one}]`)
    .join("-");
}

/** The target of tproxy has brackets with and without a port. */
export function printTarget(addr: string | undefined, port: string | undefined): string {
  return `${addr === undefined ? "" : braced(addr, true)}${port === undefined ? "" : `:${port}`}`;
}
