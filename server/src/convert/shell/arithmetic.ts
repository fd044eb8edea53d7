import { parseArithmetic } from "../../syntax/shell/fragments.ts";
import type { ArithmeticExpression, WordPart } from "../../syntax/shell/shell-file.ts";
import { excerpt, known, unknown, type Value } from "./value.ts";

/** A number of 64 bits with its sign, or why it is not known; "error": the shell stops the command there. */
export type Outcome = { readonly number: bigint } | { readonly unknown: string } | { readonly error: string };

/** What arithmetic needs of the shell. */
export interface ArithmeticHost {
  /** What stands between the operators once `$x`, `${x}` and `$(…)` are expanded. */
  expand(parts: readonly WordPart[], text: string): Value;
  /** A variable or `array[index]`, by its name as written. */
  read(name: string): Value;
  write(name: string, value: Value): void;
}

/** `a=b b=a`: names that lead to each other. */
const DEEPEST = 20;
/** `1+1+1+…`: as many operators. */
const DEEPEST_NESTING = 500;

const ZERO: Outcome = { number: 0n };

/** POSIX 2.6.4 and bash(1), ARITHMETIC EVALUATION. Assigns; never throws. */
export function evaluate(host: ArithmeticHost, expression: ArithmeticExpression | undefined): Outcome {
  return expression === undefined ? ZERO : new Arithmetic(host).of(expression);
}

/** A text as bash's arithmetic reads it: of `let`, of an index, of `[[ -eq ]]`. */
export function evaluateText(host: ArithmeticHost, text: string): Outcome {
  return new Arithmetic(host).ofText(text);
}

export function toValue(outcome: Outcome, written: string): Value {
  if ("number" in outcome) return known(String(outcome.number));
  return unknown("unknown" in outcome ? outcome.unknown : `the result of ${excerpt(written)}`);
}

class Arithmetic {
  readonly #host: ArithmeticHost;
  #depth = 0;
  #nesting = 0;

  constructor(host: ArithmeticHost) {
    this.#host = host;
  }

  of(node: ArithmeticExpression): Outcome {
    if (this.#nesting >= DEEPEST_NESTING) return { unknown: "arithmetic that is too long to follow" };
    this.#nesting++;
    const outcome = this.#of(node);
    this.#nesting--;
    return outcome;
  }

  #of(node: ArithmeticExpression): Outcome {
    switch (node.type) {
      case "ArithmeticGroup":
        return this.of(node.expression);
      case "ArithmeticTernary": {
        const test = this.of(node.test);
        if (!("number" in test)) return test;
        return this.of(test.number === 0n ? node.alternate : node.consequent);
      }
      case "ArithmeticUnary":
        return this.#unary(node.operator, node.operand, node.prefix);
      case "ArithmeticBinary":
        return this.#binary(node.operator, node.left, node.right);
      case "ArithmeticWord":
        // Within (( )) single quotes are characters like others, and no number.
        if (node.value.startsWith("'")) return { error: excerpt(node.value) };
        return this.#word(node.value, node.parts);
      case "ArithmeticCommandExpansion": {
        const { pos, end, text, script } = node;
        return this.#ofValue(
          this.#host.expand([{ type: "CommandExpansion", pos, end, text, script }], text),
          text,
        );
      }
    }
  }

  ofText(text: string): Outcome {
    const trimmed = text.trim();
    if (trimmed === "") return ZERO;
    const literal = numberOf(trimmed);
    if (literal !== undefined) return { number: literal };
    if (++this.#depth > DEEPEST) return { error: "expression recursion level exceeded" };
    try {
      if (isName(trimmed)) return this.#ofValue(this.#host.read(trimmed), trimmed);
      const parsed = parseArithmetic(trimmed);
      return parsed === undefined ? { error: excerpt(trimmed) } : this.of(parsed);
    } finally {
      this.#depth--;
    }
  }

  #word(text: string, parts: readonly WordPart[] | undefined): Outcome {
    if (!/[$`"'\\]/.test(text)) return this.ofText(text);
    const value = this.#host.expand(parts ?? [], text);
    return this.#ofValue(value, text);
  }

  #ofValue(value: Value, written: string): Outcome {
    switch (value.kind) {
      case "unknown":
        return { unknown: value.reason };
      case "known":
        return this.ofText(value.text);
      case "unset":
        return ZERO;
      case "array":
        return this.#ofValue(value.items.get("0") ?? { kind: "unset" }, written);
    }
  }

  /** The name that an assignment is to; `$x` in it is expanded (`arr[$i]`). */
  #target(node: ArithmeticExpression): string | undefined {
    if (node.type === "ArithmeticGroup") return this.#target(node.expression);
    if (node.type !== "ArithmeticWord") return undefined;
    if (!node.value.includes("$")) return isName(node.value) ? node.value : undefined;
    const value = this.#host.expand(node.parts ?? [], node.value);
    return value.kind === "known" && isName(value.text) ? value.text : undefined;
  }

  #unary(operator: string, operand: ArithmeticExpression, prefix: boolean): Outcome {
    if (operator === "++" || operator === "--") return this.#step(operator, operand, prefix);
    const value = this.of(operand);
    if (!("number" in value)) return value;
    switch (operator) {
      case "-":
        return wrapped(-value.number);
      case "!":
        return truth(value.number === 0n);
      case "~":
        return wrapped(~value.number);
      default:
        return value;
    }
  }

  #step(operator: string, operand: ArithmeticExpression, prefix: boolean): Outcome {
    const name = this.#target(operand);
    const before = this.of(operand);
    if (name === undefined) return before;
    const after =
      "number" in before ? wrapped(operator === "++" ? before.number + 1n : before.number - 1n) : before;
    this.#host.write(name, toValue(after, name));
    return prefix ? after : before;
  }

  #binary(operator: string, left: ArithmeticExpression, right: ArithmeticExpression): Outcome {
    if (operator === "&&" || operator === "||") return this.#logical(operator, left, right);
    if (operator === ",") {
      this.of(left);
      return this.of(right);
    }
    if (ASSIGNMENTS.has(operator)) return this.#assign(operator.slice(0, -1), left, right);
    const a = this.of(left);
    const b = this.of(right);
    return combined(operator, a, b);
  }

  #logical(operator: string, left: ArithmeticExpression, right: ArithmeticExpression): Outcome {
    const a = this.of(left);
    if ("error" in a) return a;
    if ("number" in a && (a.number === 0n) === (operator === "&&")) return truth(operator === "||");
    const b = this.of(right);
    if ("number" in a && "number" in b) return truth(b.number !== 0n);
    return "number" in a ? b : a;
  }

  #assign(operator: string, left: ArithmeticExpression, right: ArithmeticExpression): Outcome {
    const name = this.#target(left);
    const value = operator === "" ? this.of(right) : combined(operator, this.of(left), this.of(right));
    if (name === undefined) return { error: "attempted assignment to non-variable" };
    this.#host.write(name, toValue(value, name));
    return value;
  }
}

const ASSIGNMENTS = new Set(["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="]);

function combined(operator: string, a: Outcome, b: Outcome): Outcome {
  if (!("number" in a)) return a;
  if (!("number" in b)) return b;
  return computed(operator, a.number, b.number);
}

function computed(operator: string, a: bigint, b: bigint): Outcome {
  switch (operator) {
    case "+":
      return wrapped(a + b);
    case "-":
      return wrapped(a - b);
    case "*":
      return wrapped(a * b);
    case "/":
      return b === 0n ? { error: "division by 0" } : wrapped(a / b);
    case "%":
      return b === 0n ? { error: "division by 0" } : wrapped(a % b);
    case "**":
      return power(a, b);
    case "<<":
      return wrapped(a << (b & 63n));
    case ">>":
      return wrapped(a >> (b & 63n));
    case "&":
      return wrapped(a & b);
    case "|":
      return wrapped(a | b);
    case "^":
      return wrapped(a ^ b);
    case "==":
      return truth(a === b);
    case "!=":
      return truth(a !== b);
    case "<":
      return truth(a < b);
    case "<=":
      return truth(a <= b);
    case ">":
      return truth(a > b);
    case ">=":
      return truth(a >= b);
    default:
      return { error: `the operator ${operator}` };
  }
}

/** By squares, so that the exponent costs nothing. */
function power(base: bigint, exponent: bigint): Outcome {
  if (exponent < 0n) return { error: "exponent less than 0" };
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(64, result * square);
    square = BigInt.asIntN(64, square * square);
  }
  return wrapped(result);
}

function wrapped(number: bigint): Outcome {
  return { number: BigInt.asIntN(64, number) };
}

function truth(holds: boolean): Outcome {
  return { number: holds ? 1n : 0n };
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w*(?:\[.*\])?$/s.test(text);
}

/** `12`, `0x1f`, octal `017`, `2#101`, each with a sign; undefined when it is something else. */
function numberOf(text: string): bigint | undefined {
  if (text.length > 70) return undefined;
  const [, sign, digits] = /^([-+]?)(\w+(?:#\w+)?)$/.exec(text) ?? [];
  const value = digits === undefined ? undefined : unsigned(digits);
  return value === undefined ? undefined : BigInt.asIntN(64, sign === "-" ? -value : value);
}

function unsigned(text: string): bigint | undefined {
  if (/^(?:0|[1-9]\d*|0[xX][\da-fA-F]+)$/.test(text)) return BigInt(text);
  if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  const based = /^(\d{1,2})#([0-9a-zA-Z@_]+)$/.exec(text);
  return based ? inBase(Number(based[1]), based[2]!) : undefined;
}

function inBase(base: number, digits: string): bigint | undefined {
  const alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_";
  if (base < 2 || base > 64) return undefined;
  let value = 0n;
  for (const digit of base <= 36 ? digits.toLowerCase() : digits) {
    const at = alphabet.indexOf(digit);
    if (at < 0 || at >= base) return undefined;
    value = value * BigInt(base) + BigInt(at);
  }
  return value;
}
