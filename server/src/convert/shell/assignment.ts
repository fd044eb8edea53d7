import type { Assignment, ShellWord } from "../../syntax/shell/shell-file.ts";
import { toValue } from "./arithmetic.ts";
import { type ArrayValue, appendElements, arrayOf, NO_KEYS, withElement } from "./array-value.ts";
import type { Interpreter } from "./interpreter.ts";
import { type Field, known, unknown, type Value } from "./value.ts";

const LONGEST_VALUE = 100_000;

/** Carries out `X=value`, `X+=value`, `X=(a b)` and `X[1]=value`; `given`: the value, if it is worked out already. */
export function assign(interpreter: Interpreter, assignment: Assignment, given?: Value): void {
  const { state, expander } = interpreter;
  const { index, append } = assignment;
  const name = expander.variables.nameOf(assignment.name);
  if (state.isOn("allexport")) state.setOption(`exported ${name}`, known("on"));
  if (state.isOn(`integer ${name}`) && index === undefined && assignment.value.type === "Word") {
    const added = given ?? assignedValue(interpreter, assignment);
    state.setVariable(name, asNumber(interpreter, append === true ? name : "", added));
    return;
  }
  const value = given ?? assignedValue(interpreter, assignment);
  const held = state.variable(name);
  // Arrays are copied at each change.
  if (held?.kind === "array") interpreter.expanded(held.items.size);
  if (index !== undefined) {
    const before = append === true ? expander.variables.read(`${name}[${index.text}]`) : undefined;
    expander.variables.assign(name, index, appended(before, value));
    return;
  }
  const before = state.variable(name);
  if (append === true) state.setVariable(name, appended(before, value));
  else if (before?.kind === "array" && value.kind === "known")
    state.setVariable(name, withElement(before, "0", value));
  else state.setVariable(name, value);
}

/** After `declare -i` what is assigned is arithmetic. */
function asNumber({ expander }: Interpreter, before: string, value: Value): Value {
  if (value.kind === "unknown") return value;
  const text = value.kind === "known" ? value.text : "";
  return toValue(expander.variables.arithmeticText(before === "" ? text : `${before}+(${text})`), text);
}

function appended(before: Value | undefined, value: Value): Value {
  if (before === undefined || before.kind === "unset") return value;
  if (before.kind === "unknown") return before;
  if (value.kind === "unknown") return value;
  if (before.kind === "array")
    return value.kind === "array" ? merged(before, value) : appendedElement(before, value);
  if (value.kind === "array") return merged(arrayOf([before]), value);
  const text = before.text + (value.kind === "known" ? value.text : "");
  return text.length > LONGEST_VALUE ? unknown("a value that is too long to follow") : known(text);
}

function appendedElement(array: ArrayValue, value: Value): Value {
  return withElement(array, "0", appended(array.items.get("0"), value));
}

/** `a+=(x y)`, and `m+=([k]=v)` where the keys are given. */
function merged(before: ArrayValue, value: ArrayValue): Value {
  if (before.items.size + value.items.size > LONGEST_VALUE)
    return unknown("an array that is too long to follow");
  if (!before.keyed) return appendElements(before, [...value.items.values()]);
  let array = before;
  for (const [key, item] of value.items) array = withElement(array, key, item);
  return array;
}

export function assignedValue(interpreter: Interpreter, assignment: Assignment): Value {
  const { expander, state } = interpreter;
  const { value, name } = assignment;
  if (value.type === "Word") return expander.value(value);
  const before = state.variable(expander.variables.nameOf(name));
  const keyed = before?.kind === "array" && before.keyed;
  return arrayFrom(interpreter, value.elements, keyed ? NO_KEYS : arrayOf([]));
}

const KEYED_ELEMENT = /^\[((?:[^\]"']|"[^"]*"|'[^']*')*)\]=/;

/** `(a "b c" [5]=d)` */
function arrayFrom({ expander }: Interpreter, words: readonly ShellWord[], empty: ArrayValue): Value {
  let array = empty;
  for (const word of words) {
    const [written, index] = KEYED_ELEMENT.exec(word.text) ?? [];
    if (written === undefined || index === undefined) {
      array = appendElements(array, expander.fieldsOf([word]).map(valueOfField));
      continue;
    }
    const whole = expander.value(word);
    if (whole.kind === "unknown") return whole;
    const text = whole.kind === "known" ? whole.text : "";
    const at = text.indexOf("]=");
    const key = expander.variables.key(array, {
      type: "Word",
      text: index,
      value: text.slice(1, at),
      pos: word.pos,
      end: word.end,
    });
    if (key.kind !== "known")
      return unknown(key.kind === "unknown" ? key.reason : `the keys of ${word.text}`);
    array = withElement(array, key.text, known(text.slice(at + 2)));
  }
  return array;
}

function valueOfField(field: Field): Value {
  return field.unknown === undefined ? known(field.text) : unknown(field.unknown);
}
