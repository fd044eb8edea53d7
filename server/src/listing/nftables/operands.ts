import { joinBits } from "../../syntax/nftables/bit-operations.ts";
import type { Expression, Selector } from "../../syntax/nftables/tree.ts";
import { type DataType, INTEGER } from "./datatypes.ts";
import { type Field, fieldOf } from "./fields.ts";
import { printMap } from "./maps.ts";
import type { RuleScope } from "./scope.ts";
import { notListed } from "./text.ts";
import { flagNames, printInterval, readConstant, readInterval, unwrap, type Variables } from "./values.ts";

/** Something computed from the packet or a constant, as nft prints it. */
export interface Operand {
  readonly text: string;
  /** One for each concatenated part. */
  readonly types: readonly DataType[];
  readonly fields: readonly Field[];
  /** All of it is one field. */
  readonly field?: Field;
  readonly constant?: bigint;
  /** `(value & mask) ^ flip`, as the kernel computes a chain of bit operations. */
  readonly bits?: { readonly of: Operand; readonly mask: bigint; readonly flip: bigint };
  /** How strongly it binds, for parentheses around it. */
  readonly level?: number;
}

/** What a rule computes; `type` is what a constant in it would be. */
export function readOperand(
  written: Expression,
  scope: RuleScope,
  type?: DataType,
  outer: Variables = scope.variables,
): Operand {
  const { expression, variables } = unwrap(written, outer);
  switch (expression.kind) {
    case "selector":
      return selectorOperand(expression, scope, variables);
    case "concat":
      return concatOperand(expression.items.map((item) => readOperand(item, scope, undefined, variables)));
    case "binary":
      return binaryOperand(expression, scope, type, variables);
    case "map":
      return printMap(expression, scope, type ? [type] : undefined, variables);
    case "setRef":
      return { text: `@${expression.name}`, types: [], fields: [] };
    default: {
      if (!type) return notListed("a value of no known kind");
      const interval = readInterval(expression, type, variables);
      const text = printInterval(interval, type);
      if (interval.form !== "single") return { text, types: [type], fields: [] };
      return constantOperand(interval.low, type);
    }
  }
}

export function constantOperand(value: bigint, type: DataType): Operand {
  const text = type.form === "flags" ? flagNames(value, type).join(",") : type.print(value);
  return { text, types: [type], fields: [], constant: value };
}

export function concatOperand(items: readonly Operand[]): Operand {
  return {
    text: items.map(({ text }) => text).join(" . "),
    types: items.flatMap(({ types }) => types),
    fields: items.flatMap(({ fields }) => fields),
  };
}

function selectorOperand(selector: Selector, scope: RuleScope, variables: Variables): Operand {
  if (selector.inner) return hashOperand(selector, scope, variables);
  const field = fieldOf(selector, scope.known);
  scope.learn(field);
  return { text: field.text, types: [field.type], fields: [field], field };
}

/** `jhash ip saddr . ip daddr mod 2 seed 0x1 offset 3` */
function hashOperand(selector: Selector, scope: RuleScope, variables: Variables): Operand {
  if (selector.key !== "jhash") return notListed(`how nft prints "${selector.key}"`);
  const inner = readOperand(selector.inner!, scope, undefined, variables);
  const modulus = /\smod\s[\s\S]*$/.exec(selector.argument ?? "")?.[0].replace(/\s+/g, " ") ?? "";
  const text = `jhash ${inner.text}${modulus.replace(/ offset 0$/, "")}`;
  return { text, types: [INTEGER(32, "host")], fields: inner.fields };
}

const LEVELS = { "|": 1, "^": 2, "&": 3, "<<": 4, ">>": 4 } as const;

function binaryOperand(
  expression: Extract<Expression, { kind: "binary" }>,
  scope: RuleScope,
  type: DataType | undefined,
  variables: Variables,
): Operand {
  const { op } = expression;
  const left = readOperand(expression.left, scope, type, variables);
  const of = left.types[0];
  if (!of || left.types.length > 1) return notListed("an operation on several values");
  const shift = op === "<<" || op === ">>";
  const right = readConstant(expression.right, shift ? INTEGER(32) : of, variables);
  if (left.constant !== undefined) return constantOperand(joinBits(op, left.constant, right, of.bits), of);
  if (shift) {
    return {
      text: `${enclosed(left, LEVELS[op])} ${op} ${right}`,
      types: left.types,
      fields: left.fields,
      level: LEVELS[op],
    };
  }
  return bitsOperand(left.bits ?? { of: left, mask: ones(of), flip: 0n }, op, right, of);
}

export function ones(type: DataType): bigint {
  return (1n << BigInt(type.bits)) - 1n;
}

function bitsOperand(
  { of, mask, flip }: NonNullable<Operand["bits"]>,
  op: "&" | "|" | "^",
  right: bigint,
  type: DataType,
): Operand {
  const kept = op === "|" ? ones(type) & ~right : op === "&" ? right : ones(type);
  const bits = {
    of,
    mask: mask & kept,
    flip: op === "^" ? flip ^ right : op === "|" ? (flip & kept) | right : flip & kept,
  };
  return { ...printBits(bits, type), types: of.types, fields: of.fields, bits };
}

/** The kernel keeps mask and flip only; this is how nft tells and, xor and or apart again. */
function printBits(
  { of, mask, flip }: NonNullable<Operand["bits"]>,
  type: DataType,
): { text: string; level: number } {
  const set = flip & ~mask;
  const turned = flip & mask;
  const shown = mask | set;
  let text = enclosed(of, LEVELS["&"]);
  let level = 9;
  const add = (op: keyof typeof LEVELS, value: bigint) => {
    text = `${text} ${op} ${printMask(value, type)}`;
    level = Math.min(level, LEVELS[op]);
  };
  if (shown !== ones(type) || flip === 0n) add("&", shown);
  if (turned !== 0n) add("^", turned);
  if (set !== 0n) add("|", set);
  return { text, level };
}

export function printMask(value: bigint, type: DataType): string {
  if (type.form !== "flags") return type.print(value);
  const names = flagNames(value, type);
  return names.length > 1 ? `(${names.join(" | ")})` : names[0]!;
}

function enclosed(operand: Operand, level: number): string {
  return operand.level !== undefined && operand.level < level ? `(${operand.text})` : operand.text;
}
