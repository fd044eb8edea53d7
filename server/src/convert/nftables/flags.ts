import type { IntervalSet } from "../../model/interval-set.ts";
import { CT_STATE } from "../../model/rule.ts";
import { numbers, type ValueSet } from "../../model/values.ts";
import { joinBits } from "../../syntax/nftables/bit-operations.ts";
import { CT_STATE_BITS, CT_STATUS_BITS, TCP_FLAGS } from "../../syntax/nftables/names.ts";
import type { Expression, RelationalOp } from "../../syntax/nftables/tree.ts";
import type { Variables } from "./scope.ts";
import { type Resolver, readNumber, UnknownValue, unite } from "./values.ts";

/*
 * Fields whose values are bits. `tcp flags syn` (no operator) asks whether any of the bits is set,
 * `== syn` compares the whole byte; measured with nft --debug=netlink.
 */

export type FlagType = "tcpflags" | "ctstate" | "ctstatus";

const BITS: Record<FlagType, ReadonlyMap<string, number>> = {
  tcpflags: TCP_FLAGS,
  ctstate: CT_STATE_BITS,
  ctstatus: CT_STATUS_BITS,
};

export function isFlagType(type: string): type is FlagType {
  return type === "tcpflags" || type === "ctstate" || type === "ctstatus";
}

/** `(field & and) ^ xor` */
export interface FlagTerm {
  readonly and: number;
  readonly xor: number;
}

export const WHOLE: FlagTerm = { and: 0xffffffff, xor: 0 };

/** The bits an expression stands for: names, numbers, lists and `|`. */
export function flagBits(
  expression: Expression,
  type: FlagType,
  resolver: Resolver,
  variables: Variables,
): number | UnknownValue {
  const { expression: value, variables: inner } = resolver.unwrap(expression, variables);
  const read = (part: Expression) => flagBits(part, type, resolver, inner);
  switch (value.kind) {
    case "symbol":
    case "string":
      return readFlag(value.text, type, expression);
    case "list":
      return value.items.map(read).reduce(either, 0);
    case "binary": {
      const left = read(value.left);
      const right = read(value.right);
      if (left instanceof UnknownValue) return left;
      if (right instanceof UnknownValue) return right;
      return Number(BigInt.asUintN(32, joinBits(value.op, BigInt(left), BigInt(right))));
    }
    default:
      return new UnknownValue("flags that cannot be told from the file", expression.span);
  }
}

function either(a: number | UnknownValue, b: number | UnknownValue): number | UnknownValue {
  if (a instanceof UnknownValue) return a;
  return b instanceof UnknownValue ? b : (a | b) >>> 0;
}

function readFlag(text: string, type: FlagType, expression: Expression): number | UnknownValue {
  const bits = readNumber(text) ?? BITS[type].get(text);
  if (bits !== undefined) return bits;
  return new UnknownValue(`what "${text}" stands for`, expression.span, {
    code: "unknown-name",
    message: `nft knows no "${text}" here and refuses it. Known: ${[...BITS[type].keys()].join(", ")}.`,
  });
}

/** What is compared with the field's bits. */
type Operand =
  | { readonly kind: "bits"; readonly bits: number }
  | { readonly kind: "masked"; readonly bits: number; readonly mask: number }
  | { readonly kind: "set"; readonly members: readonly number[] }
  | { readonly kind: "range"; readonly low: number; readonly high: number };

function readOperand(
  expression: Expression,
  type: FlagType,
  resolver: Resolver,
  variables: Variables,
): Operand | UnknownValue {
  const { expression: value, variables: inner } = resolver.unwrap(expression, variables);
  const read = (part: Expression) => flagBits(part, type, resolver, inner);
  if (value.kind === "set") return readMembers(value, type, resolver, inner);
  if (value.kind === "masked" || value.kind === "range") {
    const first = read(value.kind === "masked" ? value.value : value.low);
    const second = read(value.kind === "masked" ? value.mask : value.high);
    if (first instanceof UnknownValue) return first;
    if (second instanceof UnknownValue) return second;
    if (value.kind === "range") return { kind: "range", low: first, high: second };
    return { kind: "masked", bits: first, mask: second };
  }
  const bits = read(value);
  return bits instanceof UnknownValue ? bits : { kind: "bits", bits };
}

function readMembers(
  set: Extract<Expression, { kind: "set" }>,
  type: FlagType,
  resolver: Resolver,
  variables: Variables,
): Operand | UnknownValue {
  const members: number[] = [];
  for (const element of set.elements) {
    const { expression: key, variables: inner } = resolver.unwrap(element.key, variables);
    if (key.kind === "set") {
      const nested = readMembers(key, type, resolver, inner);
      if (nested instanceof UnknownValue) return nested;
      if (nested.kind === "set") members.push(...nested.members);
      continue;
    }
    const bits = flagBits(key, type, resolver, inner);
    if (bits instanceof UnknownValue) return bits;
    members.push(bits);
  }
  return { kind: "set", members };
}

/** Whether a field with these bits passes the test. */
function holds(word: number, term: FlagTerm, op: RelationalOp, operand: Operand): boolean {
  const left = ((word & term.and) ^ term.xor) >>> 0;
  const plain = term.and === WHOLE.and && term.xor === 0;
  switch (operand.kind) {
    case "set":
      return operand.members.includes(left) === (op !== "!=");
    case "masked":
      return ((left & operand.mask) >>> 0 === operand.bits) === (op !== "!=");
    case "range":
      return (operand.low <= left && left <= operand.high) === (op !== "!=");
    case "bits":
      return compare(left, op === "" && !plain ? "==" : op, operand.bits);
  }
}

function compare(left: number, op: RelationalOp, right: number): boolean {
  switch (op) {
    case "":
      return (left & right) !== 0;
    case "!":
      return (left & right) === 0;
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "<=":
      return left <= right;
    case ">=":
      return left >= right;
  }
}

/** The words of bits a field can hold, each with its value in the model. */
function wordsOf(type: FlagType): readonly (readonly [number, number])[] {
  return type === "ctstate" ? STATE_WORDS : FLAG_BYTES;
}

const STATE_WORDS = [...CT_STATE_BITS].map(
  ([state, bits]) => [bits, CT_STATE[state as keyof typeof CT_STATE]] as const,
);
const FLAG_BYTES = Array.from({ length: 256 }, (_, byte) => [byte, byte] as const);

export interface FlagValues {
  readonly values: ValueSet;
  readonly mask?: number;
}

/** The values (under a mask, perhaps) for which `term op right` holds. */
export function flagValues(
  type: FlagType,
  term: FlagTerm,
  op: RelationalOp,
  right: Expression,
  resolver: Resolver,
  variables: Variables,
): FlagValues | UnknownValue {
  const operand = readOperand(right, type, resolver, variables);
  if (operand instanceof UnknownValue) return operand;
  if (type === "ctstatus") return statusValues(term, op, operand, right);
  const passing = wordsOf(type).filter(([word]) => holds(word, term, op, operand));
  return { values: unite([numbers(0, -1), ...passing.map(([, value]) => numbers(value))]) };
}

const NON_ZERO = numbers(1, 0xffffffff);
const ALL_BITS = numbers(0, 0xffffffff);

/** `ct status` has too many words to try them all; its tests are masks. */
function statusValues(
  term: FlagTerm,
  op: RelationalOp,
  operand: Operand,
  right: Expression,
): FlagValues | UnknownValue {
  const plain = term.and === WHOLE.and && term.xor === 0;
  if (operand.kind === "bits" && plain && (op === "" || op === "!")) {
    return { mask: operand.bits, values: op === "" ? NON_ZERO : numbers(0) };
  }
  const mask = operand.kind === "masked" ? operand.mask & term.and : term.and;
  const members = operand.kind === "set" ? operand.members : operand.kind === "range" ? [] : [operand.bits];
  if (operand.kind === "range" || op === "<" || op === ">" || op === "<=" || op === ">=") {
    return new UnknownValue("a range of connection flags", right.span);
  }
  const equal = unite([
    numbers(0, -1),
    ...members.map((bits) => numbers((bits ^ term.xor) >>> 0)),
  ]) as IntervalSet<number>;
  const values = op === "!=" || op === "!" ? ALL_BITS.subtract(equal) : equal;
  return plain && operand.kind !== "masked" ? { values } : { values, mask: mask >>> 0 };
}

/** What one key of a set or map over flags stands for: exactly these bits, after `term`. */
export function exactFlag(
  key: Expression,
  type: FlagType,
  resolver: Resolver,
  variables: Variables,
  term: FlagTerm = WHOLE,
): ValueSet | UnknownValue {
  const found = flagValues(type, term, "==", key, resolver, variables);
  if (found instanceof UnknownValue) return found;
  return found.mask === undefined
    ? found.values
    : new UnknownValue("a computed value of the packet", key.span);
}
