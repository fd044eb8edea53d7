import type { ShellWord, TestExpression } from "../../syntax/shell/shell-file.ts";
import { arrayOf, asArray } from "./array-value.ts";
import { fileExists, filesIn, readFile } from "./files.ts";
import type { Interpreter } from "./interpreter.ts";
import { OWN_PATH, presumablyUnset } from "./parameters.ts";
import { matchesPattern } from "./pattern.ts";
import { isFirewallProgram } from "./programs.ts";
import { regularExpression, search } from "./regular-expression.ts";
import { excerpt, type Field, known, type Status, type Value } from "./value.ts";
import type { Variables } from "./variables.ts";

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
export function evaluateTest(interpreter: Interpreter, fields: readonly Field[]): Status {
  const [first, second, third] = fields;
  if (first === undefined) return false;
  if (second === undefined) return first.unknown === undefined ? first.text !== "" : maybe(first.unknown);
  if (fields.length === 2) {
    if (is(first, "!")) return negate(evaluateTest(interpreter, [second]));
    return unary(interpreter, first.text, toValue(second));
  }
  if (third !== undefined && fields.length === 3 && isBinary(second))
    return compare(interpreter, second.text, toValue(first), toValue(third), "plain");
  return evaluateMany(interpreter, fields);
}

function evaluateMany(interpreter: Interpreter, fields: readonly Field[]): Status {
  const [first] = fields;
  for (const [operator, join] of [
    ["-o", either],
    ["-a", both],
  ] as const) {
    const at = outside(fields, operator);
    if (at > 0)
      return join(evaluateTest(interpreter, fields.slice(0, at)), () =>
        evaluateTest(interpreter, fields.slice(at + 1)),
      );
  }
  if (first && is(first, "!")) return negate(evaluateTest(interpreter, fields.slice(1)));
  const last = fields[fields.length - 1];
  if (first && last && is(first, "(") && is(last, ")")) return evaluateTest(interpreter, fields.slice(1, -1));
  return maybe(`the outcome of "[ ${excerpt(fields.map((field) => field.text).join(" "))} ]"`);
}

/** Index of an operator that joins two tests, outside of parentheses. */
function outside(fields: readonly Field[], operator: string): number {
  let depth = 0;
  for (let at = 0; at < fields.length - 1; at++) {
    const field = fields[at]!;
    if (is(field, "(")) depth++;
    else if (is(field, ")")) depth--;
    else if (at > 0 && depth === 0 && is(field, operator)) return at;
  }
  return -1;
}

/** `[[ … ]]`: not split, and the right side of `=` is a pattern. */
export function evaluateExpression(interpreter: Interpreter, expression: TestExpression): Status {
  const { expander } = interpreter;
  switch (expression.type) {
    case "TestNot":
      return expression.negations.length % 2 === 1
        ? negate(evaluateExpression(interpreter, expression.operand))
        : evaluateExpression(interpreter, expression.operand);
    case "TestGroup":
      return evaluateExpression(interpreter, expression.expression);
    case "TestLogical": {
      const join = expression.operator === "&&" ? both : either;
      const [first, ...rest] = expression.operands;
      if (first === undefined) return true;
      let status = evaluateExpression(interpreter, first);
      for (const operand of rest) status = join(status, () => evaluateExpression(interpreter, operand));
      return status;
    }
    case "TestUnary":
      return unary(
        interpreter,
        expression.operator,
        testedValue(interpreter, expression.operator, expression.operand),
      );
    case "TestBinary": {
      const { operator } = expression;
      const left = expander.value(expression.left);
      if (operator === "=~") return matchesExpression(interpreter, left, expression.right);
      const pattern = operator === "=" || operator === "==" || operator === "!=";
      const right = pattern ? expander.pattern(expression.right) : expander.value(expression.right);
      return compare(interpreter, operator, left, right, "extended");
    }
  }
}

/**
 * Where a script asks whether a variable is empty, it provides for nobody having set it, and we take it
 * that nobody has; bash has set its own. Returns undefined when the word is something else.
 */
export function presumedText(interpreter: Interpreter, word: ShellWord): string | undefined {
  const { expander, isDash } = interpreter;
  const name = onlyVariable(word);
  if (name === undefined) return undefined;
  if (!isDash && SET_BY_BASH.test(name) && expander.state.variable(name) === undefined) return name;
  return presumablyUnset(expander, name) ? "" : undefined;
}

const SET_BY_BASH = /^BASH(?:_VERSION|_VERSINFO)?$/;

function onlyVariable({ parts: outer }: ShellWord): string | undefined {
  const [quotes, ...others] = outer ?? [];
  const parts = quotes?.type === "DoubleQuoted" && others.length === 0 ? quotes.parts : outer;
  const [only, ...more] = parts ?? [];
  if (more.length > 0) return undefined;
  if (only?.type === "SimpleExpansion") return only.text.slice(1);
  const isPlain = only?.type === "ParameterExpansion" && only.operation === undefined;
  return isPlain && only.prefix === undefined ? only.parameter : undefined;
}

function testedValue(interpreter: Interpreter, operator: string, word: ShellWord): Value {
  const asked = operator === "-z" || operator === "-n";
  const presumed = asked ? presumedText(interpreter, word) : undefined;
  return presumed === undefined ? interpreter.expander.value(word) : { kind: "known", text: presumed };
}

/** `[[ text =~ expression ]]`; what matched is in BASH_REMATCH. */
function matchesExpression(interpreter: Interpreter, left: Value, word: ShellWord): Status {
  const { expander, state } = interpreter;
  const pattern = expander.value(word);
  if (left.kind === "unknown") return maybe(left.reason);
  if (pattern.kind === "unknown") return maybe(pattern.reason);
  const quoted = word.parts?.length === 1 && /^(?:DoubleQuoted|SingleQuoted)$/.test(word.parts[0]!.type);
  const source = pattern.kind === "known" ? pattern.text : "";
  const text = left.kind === "known" ? left.text : "";
  if (quoted) return text.includes(source);
  const expression = regularExpression(source, true);
  const match = expression && search(expression, text);
  if (match === undefined) return maybe(`the outcome of "${excerpt(`${text} =~ ${source}`)}"`);
  if (match) state.setVariable("BASH_REMATCH", arrayOf(match.map((group) => known(group ?? ""))));
  return match !== null;
}

function unary(interpreter: Interpreter, operator: string, value: Value): Status {
  if (value.kind === "unknown") return maybe(value.reason);
  const text = value.kind === "known" ? value.text : "";
  if (operator === "-n") return text !== "";
  if (operator === "-z") return text === "";
  if (operator === "-v") return isSet(interpreter, text);
  if (operator === "-t") return maybe("whether somebody sits at a terminal");
  if (operator === "-o") return interpreter.state.isOn(text);
  if (FILE_TESTS.has(operator)) return fileTest(interpreter, operator, text);
  return maybe(`the outcome of "${operator} ${excerpt(text)}"`);
}

/** `[[ -v name ]]` */
function isSet({ expander, state }: Interpreter, name: string): Status {
  const [, variable, key] = /^(\w+)\[(.+)\]$/.exec(name) ?? [];
  const value = state.variable(variable ?? name);
  if (value === undefined)
    return presumablyUnset(expander, name) ? false : maybe(expander.environmentFact(name));
  if (value.kind === "unknown") return maybe(value.reason);
  if (key === undefined) return value.kind !== "unset";
  return asArray(value)?.items.has(key) ?? false;
}

const SWITCHES = /^\/proc\/sys(?:\/net(?:\/ipv4(?:\/ip_forward)?)?)?$|^\/proc\/sys\/net\/ipv4\/conf$/;

function fileTest(interpreter: Interpreter, operator: string, path: string): Status {
  if (path === "") return false;
  // Whoever checks that iptables is there goes on when it is.
  if (isFirewallProgram(path) && operator !== "-d") return true;
  if (path === "/dev/null") return operator !== "-d" && operator !== "-f" && operator !== "-s";
  if (SWITCHES.test(path) && /^-[defrw]$/.test(operator))
    return operator !== "-d" || !path.endsWith("ip_forward");
  const exists = fileExists(interpreter, path);
  if (exists === false) return false;
  if (exists === true && /^-[aefr]$/.test(operator)) return true;
  if (operator === "-s") return hasContent(interpreter, path);
  if (exists === true && operator === "-d") return false;
  if (operator === "-d" && filesIn(interpreter, path) !== undefined) return true;
  if (operator === "-d") return maybe(`whether there is a directory ${excerpt(path)}`);
  return maybe(`whether there is a file ${excerpt(path)}`);
}

/** `[ -s file ]` */
function hasContent(interpreter: Interpreter, path: string): Status {
  const content = readFile(interpreter, path, { pos: 0, end: 0 });
  return "unknown" in content ? maybe(content.unknown) : content.pieces.some(({ text }) => text !== "");
}

const NUMERIC: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  "-eq": (a, b) => a === b,
  "-ne": (a, b) => a !== b,
  "-lt": (a, b) => a < b,
  "-le": (a, b) => a <= b,
  "-gt": (a, b) => a > b,
  "-ge": (a, b) => a >= b,
};

/** "extended": as in `[[ ]]`, where the right side is a pattern and numbers are arithmetic. */
function compare(
  interpreter: Interpreter,
  operator: string,
  left: Value,
  right: Value,
  kind: "plain" | "extended",
): Status {
  if (isOwnPath(left) && isOwnPath(right) && /^[!=]?=$/.test(operator)) return operator !== "!=";
  if (left.kind === "unknown") return maybe(left.reason);
  if (right.kind === "unknown") return maybe(right.reason);
  const a = left.kind === "known" ? left.text : "";
  const b = right.kind === "known" ? right.text : "";
  // dash's test has no `==`.
  if (operator === "==" && kind === "plain" && interpreter.isDash) return false;
  const numeric = Object.hasOwn(NUMERIC, operator) ? NUMERIC[operator] : undefined;
  if (numeric) return compareNumbers(interpreter, numeric, a, b, kind);
  const cased = (text: string) => (interpreter.state.isOn("nocasematch") ? text.toLowerCase() : text);
  const same = () => (kind === "extended" ? matchesPattern(cased(b), cased(a)) : a === b);
  if (operator === "=" || operator === "==") return same();
  if (operator === "!=") return !same();
  // By the order of the locale, which agrees for plain words.
  const isPlain = /^(?:[a-z]*|[0-9]*)$/;
  if (/^\\?[<>]$/.test(operator) && isPlain.test(a) && isPlain.test(b))
    return operator.endsWith("<") ? a < b : a > b;
  return maybe(`the outcome of "${excerpt(`${a} ${operator} ${b}`)}"`);
}

/** `[ "${BASH_SOURCE[0]}" = "$0" ]`: the script is run, not sourced. */
function isOwnPath(value: Value): boolean {
  return value.kind === "unknown" && value.reason === OWN_PATH;
}

function compareNumbers(
  interpreter: Interpreter,
  holds: (a: bigint, b: bigint) => boolean,
  a: string,
  b: string,
  kind: "plain" | "extended",
): Status {
  if (kind === "plain") {
    // "integer expression expected": the test fails with status 2.
    if (![a, b].every((text) => /^\s*[-+]?\d{1,18}\s*$/.test(text))) return false;
    return holds(BigInt(a.trim().replace(/^\+/, "")), BigInt(b.trim().replace(/^\+/, "")));
  }
  const [first, second] = [a, b].map((text) => interpreter.expander.variables.arithmeticText(text)) as [
    ReturnType<Variables["arithmeticText"]>,
    ReturnType<Variables["arithmeticText"]>,
  ];
  for (const outcome of [first, second]) if ("unknown" in outcome) return maybe(outcome.unknown);
  return "number" in first && "number" in second ? holds(first.number, second.number) : false;
}

function isBinary(field: Field): boolean {
  return (
    field.unknown === undefined &&
    (field.text in NUMERIC || /^(?:==?|!=|\\?<|\\?>|-nt|-ot|-ef|-a|-o)$/.test(field.text))
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
