import { joinBits } from "../../syntax/nftables/bit-operations.ts";
import type { Expression } from "../../syntax/nftables/tree.ts";
import { type DataType, IFINDEX, IFNAME, valueText } from "./datatypes.ts";
import { notListed, parseNumber, quoted } from "./text.ts";

/** Where variables get their values from. */
export interface Variables {
  lookup(name: string): Definition | undefined;
}

/** A variable's value; the variables inside it are looked up in the definition itself. */
export interface Definition extends Variables {
  readonly value: Expression;
}

/** Values from `low` to `high`, both included; `form` is how they were written. */
export interface Interval {
  readonly low: bigint;
  readonly high: bigint;
  readonly form: "single" | "prefix" | "range";
}

export interface Bound {
  readonly expression: Expression;
  readonly variables: Variables;
}

/** Variables of variables of variables stand for more values than anybody wrote. */
const MOST_LOOKUPS = 20_000;

/** The same variables, of which one text can look up so many. */
export function limited(variables: Variables, budget = { left: MOST_LOOKUPS }): Variables {
  return {
    lookup: (name) => {
      if (budget.left-- <= 0) return notListed("values that are too many to be followed");
      const definition = variables.lookup(name);
      return definition && { value: definition.value, ...limited(definition, budget) };
    },
  };
}

/** The expression behind variables, with the scope that its own variables are looked up in. */
export function unwrap(expression: Expression, variables: Variables): Bound {
  let bound: Bound = { expression, variables };
  while (bound.expression.kind === "variable") {
    const definition = bound.variables.lookup(bound.expression.name);
    if (!definition) return notListed(`the value of $${bound.expression.name}`);
    bound = { expression: definition.value, variables: definition };
  }
  return bound;
}

/** The text of a name, behind variables. */
export function readName(written: Expression, scope: Variables): string {
  const { expression } = unwrap(written, scope);
  if (expression.kind === "symbol" || expression.kind === "string") return expression.text;
  return notListed("a name that cannot be read");
}

function single(value: bigint): Interval {
  return { low: value, high: value, form: "single" };
}

/** The values that an expression of this type stands for. */
export function readInterval(written: Expression, type: DataType, scope: Variables): Interval {
  const { expression, variables } = unwrap(written, scope);
  switch (expression.kind) {
    case "symbol":
    case "string":
      return readText(expression.text, type);
    case "prefix":
      return readPrefix(expression, type, variables);
    case "range": {
      const low = readConstant(expression.low, type, variables);
      const high = readConstant(expression.high, type, variables);
      if (high < low) return notListed("a range whose end comes before its start");
      return { low, high, form: "range" };
    }
    case "list":
      return single(expression.items.reduce((all, item) => all | readConstant(item, type, variables), 0n));
    case "binary": {
      const left = readConstant(expression.left, type, variables);
      const right = readConstant(expression.right, type, variables);
      return single(joinBits(expression.op, left, right, type.bits));
    }
    default:
      return notListed("a value that cannot be read");
  }
}

export function readConstant(expression: Expression, type: DataType, variables: Variables): bigint {
  const { low, high } = readInterval(expression, type, variables);
  return low === high ? low : notListed("a range where one value belongs");
}

function readText(text: string, type: DataType): Interval {
  if (type.form === "text" && text.endsWith("\\*")) return single(parsed(`${text.slice(0, -2)}*`, type));
  if ((type.name === IFNAME.name || type.name === IFINDEX.name) && text.endsWith("*")) {
    const low = parsed(text.slice(0, -1), type);
    const free = BigInt(type.bits - new TextEncoder().encode(text.slice(0, -1)).length * 8);
    return { low, high: low | ((1n << free) - 1n), form: "prefix" };
  }
  return single(parsed(text, type));
}

function parsed(text: string, type: DataType): bigint {
  return type.parse(text) ?? notListed(`what "${text}" stands for`);
}

function readPrefix(
  expression: Extract<Expression, { kind: "prefix" }>,
  type: DataType,
  variables: Variables,
): Interval {
  const base = readConstant(expression.base, type, variables);
  const length = Number(parseNumber(readName(expression.length, variables)) ?? -1n);
  if (length < 0 || length > type.bits) return notListed("a prefix that cannot be read");
  const free = (1n << BigInt(type.bits - length)) - 1n;
  const low = base & ~free;
  return { low, high: low | free, form: "prefix" };
}

/** The prefix length of a block of values; undefined for other ranges. */
export function prefixLength(low: bigint, high: bigint, bits: number): number | undefined {
  const size = high - low + 1n;
  if ((size & (size - 1n)) !== 0n || low % size !== 0n) return undefined;
  return bits - (size.toString(2).length - 1);
}

/** As an element of a set prints: blocks as prefixes, where the type has them. */
export function printElement({ low, high }: Interval, type: DataType): string {
  if (low === high) return printValue(low, type);
  const length = type.prefixes ? prefixLength(low, high, type.bits) : undefined;
  return length === undefined ? printRange(low, high, type) : printPrefix(low, length, type);
}

/** As the right side of a comparison prints: in the form in which it was written. */
export function printInterval(interval: Interval, type: DataType): string {
  const { low, high, form } = interval;
  if (form === "range") return printRange(low, high, type);
  if (low === high) return printValue(low, type);
  const length = prefixLength(low, high, type.bits);
  return length === undefined ? printRange(low, high, type) : printPrefix(low, length, type);
}

function printRange(low: bigint, high: bigint, type: DataType): string {
  const print = type.printPlain ?? type.print;
  return `${print(low)}-${print(high)}`;
}

function printPrefix(low: bigint, length: number, type: DataType): string {
  if (type.form === "text") return quoted(`${valueText(low, type.bits)}*`);
  return `${type.print(low)}/${length}`;
}

export function printValue(value: bigint, type: DataType): string {
  if (type.form === "flags") return flagNames(value, type).join(" | ");
  const text = type.print(value);
  return type.form === "text" && text.endsWith('*"') ? `${text.slice(0, -2)}\\*"` : text;
}

/** The names of a value's bits, lowest first; bits without a name make the whole a number. */
export function flagNames(value: bigint, type: DataType): string[] {
  const found: string[] = [];
  for (let bit = 1n; bit <= value; bit <<= 1n) if ((value & bit) !== 0n) found.push(type.print(bit));
  return found.length === 0 ? [type.print(0n)] : found;
}

/** The value as the number that lies in the kernel's register, read with the last byte as the highest. */
export function registerValue(value: bigint, type: DataType): bigint {
  if (type.name === IFINDEX.name) return isLoopback(value) ? 1n : 2n;
  // Texts are padded to the size of a name; the others to four bytes.
  return type.form === "text" || type.order === "network" ? reversed(value, bytesOf(type)) : value;
}

/** The one interface whose number is known, 1; the others have higher ones. */
export function isLoopback(value: bigint): boolean {
  return IFINDEX.print(value) === '"lo"';
}

/** Bytes that a value takes up without padding. */
export function bytesOf(type: DataType): number {
  if (type.name === IFINDEX.name) return 4;
  return Math.ceil(type.bits / 8);
}

function reversed(value: bigint, bytes: number): bigint {
  let result = 0n;
  let rest = value;
  for (let i = 0; i < bytes; i++) {
    result = (result << 8n) | (rest & 0xffn);
    rest >>= 8n;
  }
  return result;
}
