import type { Expression, RulePart } from "../../syntax/nftables/tree.ts";
import type { DataType } from "./datatypes.ts";
import { findElements, readKey } from "./elements.ts";
import type { Field } from "./fields.ts";
import { printSetOperand } from "./maps.ts";
import { type Operand, ones, printMask, readOperand } from "./operands.ts";
import type { Pin, RuleScope, Shown } from "./scope.ts";
import { nameOf, PROTOCOL_NAMES } from "./symbols.ts";
import { notListed } from "./text.ts";
import {
  flagNames,
  type Interval,
  prefixLength,
  printInterval,
  readInterval,
  unwrap,
  type Variables,
} from "./values.ts";

type Match = Extract<RulePart, { kind: "match" }>;

/** A comparison as nft prints it. */
export function readMatch(part: Match, scope: RuleScope): Shown {
  const left = readOperand(part.left, scope);
  const { expression: right, variables } = unwrap(part.right, scope.variables);
  if (right.kind === "masked") return maskedMatch(part, left, right, variables);
  const lone = right.kind === "set" ? loneElement(right, left, variables) : undefined;
  if (lone) return compare(part, left, lone, scope);
  if (right.kind === "set" || right.kind === "setRef") return setMatch(part, left, right, scope, variables);
  const type = left.types[0];
  if (!type || left.types.length > 1) return notListed("a comparison of several values with one");
  return compare(part, left, readInterval(right, type, variables), scope);
}

function shown(text: string, { fields }: Operand, rest: Partial<Shown> = {}): Shown {
  return { text, fields, ends: false, ...rest };
}

/** An anonymous set of one element is none: nft compares with the element. */
function loneElement(set: Expression, { types }: Operand, variables: Variables): Interval | undefined {
  if (types.length !== 1) return undefined;
  const found = findElements(set, variables);
  if (found.length !== 1 || found[0]!.node.options.length > 0) return undefined;
  const key = readKey(found[0]!.node.key, types, found[0]!.variables);
  return key === "any" ? undefined : key[0];
}

function setMatch(
  part: Match,
  left: Operand,
  right: Expression,
  scope: RuleScope,
  variables: Variables,
): Shown {
  const not = part.op === "!=" || part.op === "!";
  const op = not ? "!= " : left.bits ? "== " : "";
  if (!not && /^icmp(?:v6)? type$/.test(left.text)) scope.icmpType ??= "some";
  return shown(`${left.text} ${op}${printSetOperand(right, left.types, scope, undefined, variables)}`, left);
}

function compare(part: Match, left: Operand, right: Interval, scope: RuleScope): Shown {
  const type = left.types[0]!;
  if (type.form === "flags" && right.form === "single") return flagMatch(part, left, right.low);
  const { bits } = left;
  if (bits && bits.mask === ones(type) && right.form === "single") {
    // Only turned: nft turns the other side instead.
    const low = right.low ^ bits.flip;
    return compare(part, bits.of, { low, high: low, form: "single" }, scope);
  }
  const masked = bits && (part.op === "" || part.op === "==" || part.op === "!=");
  const block = masked ? maskedBlock(bits, right, type) : undefined;
  if (block) return compare(part, bits!.of, block, scope);
  const equal = part.op === "" || part.op === "==";
  const op = equal
    ? left.level !== undefined && right.form === "single"
      ? "== "
      : ""
    : `${negated(part.op)} `;
  const pins =
    equal && right.form === "single" && left.field ? pinOf(left.field, right.low, scope) : undefined;
  return shown(`${left.text} ${op}${printRight(right, left, type)}`, left, {
    ...(pins && { pins }),
    ...(equal && right.form === "single" && left.field && isWhole(left.field) && { plain: left.field }),
  });
}

function negated(op: Match["op"]): string {
  return op === "!" ? "!=" : op;
}

function printRight(right: Interval, { field }: Operand, type: DataType): string {
  if (field?.text.startsWith("fib ") && type.name === "iface_index" && right.form === "single") {
    const text = printInterval(right, type).slice(1, -1);
    if (/^\d+$/.test(text)) return text === "1" ? "exists" : text;
    if (text === "exists" || text === "missing") return text;
  }
  return printInterval(right, type);
}

/** The kernel compares whole bytes: only such fields are loaded together with their neighbours. */
function isWhole({ offset, bits }: Field): boolean {
  return offset !== undefined && bits !== undefined && offset % 8 === 0 && bits % 8 === 0;
}

/** `ip saddr & 255.255.0.0 == 10.1.0.0` is `ip saddr 10.1.0.0/16`. */
function maskedBlock(
  { mask, flip }: NonNullable<Operand["bits"]>,
  right: Interval,
  type: DataType,
): Interval | undefined {
  if (!type.prefixes || flip !== 0n || right.form !== "single" || type.form !== "number") return undefined;
  const free = ones(type) & ~mask;
  if (mask === 0n || (right.low & free) !== 0n) return undefined;
  const high = right.low | free;
  return prefixLength(right.low, high, type.bits) === undefined || (free & (free + 1n)) !== 0n
    ? undefined
    : { low: right.low, high, form: "prefix" };
}

// What a comparison tells of the headers

function pinOf(field: Field, value: bigint, scope: RuleScope): Pin | undefined {
  const { names } = field;
  if (field.text === "icmp type" || field.text === "icmpv6 type") {
    scope.icmpType ??= value;
    return { layer: "th", header: field.header, type: value };
  }
  if (!names) return undefined;
  const header = headerNamed(field, value);
  // Of `meta protocol` nft concludes nothing in the inet family.
  const concludes = !(field.text === "meta protocol" && scope.family === "inet");
  if (header && header !== "vlan" && concludes) scope.known[names] = header;
  if (header !== "vlan") return { layer: names, header };
  scope.known.ll = "vlan";
  // Only the usual kind of VLAN goes without saying.
  return field.text === "ether type" && value === 0x8100n ? { layer: "ll", header } : undefined;
}

function headerNamed({ names, text }: Field, value: bigint): string | undefined {
  if (names === "th") {
    const name = nameOf(PROTOCOL_NAMES, value);
    return name === "ipv6-icmp" ? "icmpv6" : name === "ipcomp" ? "comp" : name;
  }
  if (names === "ll") return value === 1n ? "ether" : undefined;
  if (text === "meta nfproto") return value === 2n ? "ip" : value === 10n ? "ip6" : undefined;
  return ETHER_HEADERS[`${value}`];
}

const ETHER_HEADERS: Readonly<Record<string, string>> = {
  [`${0x800}`]: "ip",
  [`${0x86dd}`]: "ip6",
  [`${0x806}`]: "arp",
  [`${0x8100}`]: "vlan",
  [`${0x88a8}`]: "vlan",
};

// Flags

function flagMatch(part: Match, left: Operand, value: bigint): Shown {
  const type = left.types[0]!;
  const { op } = part;
  if (left.bits) return maskedFlags(part, left, left.bits.mask, value);
  if (left.level !== undefined) return notListed("an operation on flags");
  const names = flagNames(value, type);
  const list = names.join(",");
  if (op === "!") return shown(`${left.text} ! ${list}`, left);
  // A field of a header keeps the number, what the kernel knows besides becomes names again.
  const inHeader = left.field?.header !== undefined;
  const text = names.length === 1 ? names[0]! : inHeader ? type.print(value) : names.join(" | ");
  const equal = `${left.text} ${names.length > 1 && !inHeader ? "" : "== "}${text}`;
  const plain = op !== "!=" && left.field && isWhole(left.field) ? { plain: left.field } : {};
  if (op === "") return shown(`${left.text} ${list}`, left, { ...plain, joined: equal });
  return shown(op === "==" ? equal : `${left.text} ${op} ${text}`, left, plain);
}

/** `tcp flags syn / syn,ack` */
function maskedMatch(
  part: Match,
  left: Operand,
  right: Extract<Expression, { kind: "masked" }>,
  variables: Variables,
): Shown {
  const type = left.types[0] ?? notListed("a comparison with nothing");
  const mask = readInterval(right.mask, type, variables).low;
  const value = readInterval(right.value, type, variables).low;
  return maskedFlags(part, left, mask, value);
}

function maskedFlags({ op }: Match, left: Operand, mask: bigint, value: bigint): Shown {
  const type = left.types[0]!;
  const of = left.bits?.of ?? left;
  const not = op === "!=" ? "!= " : "";
  const masks = flagNames(mask, type);
  if (left.bits && left.bits.flip !== 0n) {
    return shown(`${left.text} ${not || "== "}${printMask(value, type)}`, left);
  }
  if (mask === ones(type)) {
    return shown(`${of.text} ${not || "== "}${type.print(value)}`, left);
  }
  if (value === 0n) return shown(`${of.text} ${op === "!=" ? "" : "! "}${masks.join(",")}`, left);
  if (masks.length === 1 && left.bits) {
    return shown(`${of.text} & ${printMask(mask, type)} ${not || "== "}${printMask(value, type)}`, left);
  }
  return shown(`${of.text} ${not}${flagNames(value, type).join(",")} / ${masks.join(",")}`, left);
}
