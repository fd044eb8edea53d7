import { joinBits } from "../../syntax/nftables/bit-operations.ts";
import type { Expression, Selector } from "../../syntax/nftables/tree.ts";
import type { Variables } from "./scope.ts";
import type { Resolver, ValueType } from "./values.ts";

/** `(selector & and) ^ xor`, within `width` bits. */
export interface BitTerm {
  readonly selector: Selector;
  readonly and: bigint;
  readonly xor: bigint;
}

/** Bits of a value; 0 for what has none. */
export function widthOf(type: ValueType): number {
  switch (type) {
    case "v6":
      return 128;
    case "v4":
    case "mark":
    case "ctstatus":
      return 32;
    case "port":
      return 16;
    case "tcpflags":
    case "proto":
    case "icmptype":
    case "icmpv6type":
      return 8;
    case "ctstate":
      return 32;
    default:
      return 0;
  }
}

export function allBits(width: number): bigint {
  return (1n << BigInt(width)) - 1n;
}

/** Reads a selector under and, or and xor with constants; undefined for anything else (shifts, say). */
export function bitTerm(
  expression: Expression,
  type: ValueType,
  resolver: Resolver,
  variables: Variables,
  constant: (expression: Expression) => number | bigint | undefined = (part) =>
    resolver.single(part, type, variables),
): BitTerm | undefined {
  if (expression.kind === "selector") return { selector: expression, and: allBits(widthOf(type)), xor: 0n };
  if (expression.kind !== "binary") return undefined;
  const left = bitTerm(expression.left, type, resolver, variables, constant);
  const right = constant(expression.right);
  if (!left || right === undefined) return undefined;
  const value = BigInt(right);
  switch (expression.op) {
    case "&":
      return { ...left, and: left.and & value, xor: left.xor & value };
    case "|":
      return { ...left, and: left.and & ~value & allBits(widthOf(type)), xor: left.xor | value };
    case "^":
      return { ...left, xor: joinBits("^", left.xor, value) };
    default:
      return undefined;
  }
}

/** The first selector below an expression that takes one apart with operators. */
export function selectorIn(expression: Expression): Selector | undefined {
  let current = expression;
  while (current.kind === "binary") current = current.left;
  return current.kind === "selector" ? current : undefined;
}
