import type { ShellWord, TestExpression } from "../../syntax/shell/shell-file.ts";
import type { Expander } from "./expand.ts";
import { presumablyUnset } from "./parameters.ts";
import { matchesPattern } from "./pattern.ts";
import { isFirewallProgram } from "./programs.ts";
import { excerpt, type Field, type Status, type Value } from "./value.ts";

const FILE_TESTS = new Set("-a -b -c -d -e -f -g -h -k -p -r -s -t -u -w -x -G -L -N -O -S".split(" "));

export function negate(status: Status): Status {
  return typeof status === "boolean" ? !status : status;
}

export function both(a: Status, b: () => Status): Status {
  if (a === false) return false;
  const other = b();
  return other === false ? false : a === true ? other : a;
}

export function either(a: Status, b: () => Status): Status {
  return negate(both(negate(a), () => negate(b())));
}

/** `[ … ]` and `test …` by POSIX: the number of words decides what they mean. */
export function evaluateTest(fields: readonly Field[]): Status {
  const at = (operator: string) =>
    fields.findIndex(
      (field, index) => index > 0 && index < fields.length - 1 && is(field, operator) && fields.length > 3,
    );
  const or = at("-o");
  if (or > 0) return either(evaluateTest(fields.slice(0, or)), () => evaluateTest(fields.slice(or + 1)));
  const and = at("-a");
  if (and > 0) return both(evaluateTest(fields.slice(0, and)), () => evaluateTest(fields.slice(and + 1)));
  const [first, second, third] = fields;
  if (first === undefined) return false;
  if (second === undefined) return first.unknown === undefined ? first.text !== "" : maybe(first.unknown);
  if (third !== undefined && fields.length === 3 && isBinary(second))
    return compare(second.text, toValue(first), toValue(third), false);
  if (is(first, "!")) return negate(evaluateTest(fields.slice(1)));
  if (fields.length === 2) return unary(first.text, toValue(second));
  return maybe(`the outcome of "[ ${excerpt(fields.map((field) => field.text).join(" "))} ]"`);
}

/** `[[ … ]]`: not split, and the right side of `=` is a pattern. */
export function evaluateExpression(expander: Expander, expression: TestExpression): Status {
  switch (expression.type) {
    case "TestNot":
      return expression.negations.length % 2 === 1
        ? negate(evaluateExpression(expander, expression.operand))
        : evaluateExpression(expander, expression.operand);
    case "TestGroup":
      return evaluateExpression(expander, expression.expression);
    case "TestLogical": {
      const join = expression.operator === "&&" ? both : either;
      const [first, ...rest] = expression.operands;
      if (first === undefined) return true;
      let status = evaluateExpression(expander, first);
      for (const operand of rest) status = join(status, () => evaluateExpression(expander, operand));
      return status;
    }
    case "TestUnary":
      return unary(expression.operator, testedValue(expander, expression.operator, expression.operand));
    case "TestBinary": {
      const pattern =
        expression.operator === "=" || expression.operator === "==" || expression.operator === "!=";
      const right = pattern ? expander.pattern(expression.right) : expander.value(expression.right);
      return compare(expression.operator, expander.value(expression.left), right, true);
    }
  }
}

/**
 * Where a script asks whether a variable is empty, it provides for nobody having set it, and we take it
 * that nobody has. Returns undefined when the word is something else.
 */
export function presumedEmpty(expander: Expander, word: ShellWord): boolean {
  let parts = word.parts;
  if (parts?.length === 1 && parts[0]?.type === "DoubleQuoted") parts = parts[0].parts;
  const only = parts?.length === 1 ? parts[0] : undefined;
  if (only?.type === "SimpleExpansion") return presumablyUnset(expander, only.text.slice(1));
  return (
    only?.type === "ParameterExpansion" &&
    only.operation === undefined &&
    only.prefix === undefined &&
    presumablyUnset(expander, only.parameter)
  );
}

function testedValue(expander: Expander, operator: string, word: ShellWord): Value {
  if ((operator === "-z" || operator === "-n") && presumedEmpty(expander, word))
    return { kind: "known", text: "" };
  return expander.value(word);
}

function unary(operator: string, value: Value): Status {
  if (value.kind === "unknown") return maybe(value.reason);
  const text = value.kind === "known" ? value.text : "";
  if (operator === "-n") return text !== "";
  if (operator === "-z") return text === "";
  if (FILE_TESTS.has(operator)) return fileTest(operator, text);
  return maybe(`the outcome of "${operator} ${excerpt(text)}"`);
}

function fileTest(operator: string, path: string): Status {
  if (path === "") return false;
  // Whoever checks that iptables is there goes on when it is.
  if (isFirewallProgram(path) && operator !== "-d") return true;
  if (path === "/dev/null") return operator !== "-d" && operator !== "-f";
  if (operator === "-d") return maybe(`whether there is a directory ${excerpt(path)}`);
  return maybe(`whether there is a file ${excerpt(path)}`);
}

const NUMERIC: Record<string, (a: number, b: number) => boolean> = {
  "-eq": (a, b) => a === b,
  "-ne": (a, b) => a !== b,
  "-lt": (a, b) => a < b,
  "-le": (a, b) => a <= b,
  "-gt": (a, b) => a > b,
  "-ge": (a, b) => a >= b,
};

function compare(operator: string, left: Value, right: Value, pattern: boolean): Status {
  if (left.kind === "unknown") return maybe(left.reason);
  if (right.kind === "unknown") return maybe(right.reason);
  const a = left.kind === "known" ? left.text : "";
  const b = right.kind === "known" ? right.text : "";
  const numeric = NUMERIC[operator];
  if (numeric && /^\s*-?\d+\s*$/.test(a) && /^\s*-?\d+\s*$/.test(b)) return numeric(Number(a), Number(b));
  const same = () => (pattern ? matchesPattern(b, a) : a === b);
  if (operator === "=" || operator === "==") return same();
  if (operator === "!=") return !same();
  return maybe(`the outcome of "${excerpt(`${a} ${operator} ${b}`)}"`);
}

function isBinary(field: Field): boolean {
  return (
    field.unknown === undefined && (field.text in NUMERIC || /^(?:==?|!=|<|>|-nt|-ot|-ef)$/.test(field.text))
  );
}

function is(field: Field, text: string): boolean {
  return field.unknown === undefined && field.text === text;
}

function toValue(field: Field): Value {
  return field.unknown === undefined
    ? { kind: "known", text: field.text }
    : { kind: "unknown", reason: field.unknown };
}

function maybe(reason: string): Status {
  return { unknown: reason };
}
