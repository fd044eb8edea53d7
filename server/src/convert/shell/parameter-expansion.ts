import type { ParameterExpansionPart, ShellWord } from "../../syntax/shell/shell-file.ts";
import { asArray, elementAt, elementsOf, keysOf } from "./array-value.ts";
import type { Expander } from "./expand.ts";
import { quotedForShell, replaced, slice, trimmed, withCase } from "./parameter-operations.ts";
import {
  ALL_ARGUMENTS,
  defaulted,
  OWN_PATH,
  parameterValue,
  positionalFields,
  presumablyUnset,
} from "./parameters.ts";
import { EMPTY, excerpt, type Field, known, UNSET, unknown, type Value } from "./value.ts";

/** What `${…}` gives: one value, or a list whose elements are words of their own. */
export type Expansion =
  | { readonly kind: "value"; readonly value: Value }
  /** `joined`: by `*`, which makes one word of them within quotes. */
  | { readonly kind: "list"; readonly values: readonly Value[]; readonly joined: boolean }
  /** Arguments that are handed on as they are. */
  | { readonly kind: "fields"; readonly fields: readonly Field[]; readonly joined: boolean };

/** Longer texts are not searched for patterns: the time grows with the square. */
const LONGEST_SEARCHED = 5000;
/** With `*` in a pattern that may begin anywhere it grows with the third power. */
const LONGEST_SEARCHED_ANYWHERE = 500;

/** POSIX 2.6.2 and bash(1), Parameter Expansion. */
export function expandParameter(expander: Expander, written: ParameterExpansionPart): Expansion {
  const target = expander.variables.nameOf(written.parameter);
  const part =
    target === written.parameter || !/^\w+$/.test(target) ? written : { ...written, parameter: target };
  const { parameter, prefix, operation, index } = part;
  if (prefix === "!" && operation?.type === "Names")
    return list(expander.state.namesWith(parameter).map(known), operation.operator === "*");
  const all = index === undefined ? parameter : index.text;
  const isList = (all === "@" || all === "*") && (index !== undefined || parameter === all);
  if (!isList) return { kind: "value", value: singleValue(expander, part) };
  const joined = all === "*";
  if (
    index === undefined &&
    prefix === undefined &&
    (operation === undefined || operation.type === "Slice")
  ) {
    const fields = positionalFields(expander);
    if (fields !== undefined) return slicedFields(expander, part, fields, joined);
  }
  const values = index === undefined ? positionalValues(expander) : arrayValues(expander, part);
  if (values === undefined) return { kind: "value", value: unknown(unknownList(expander, part)) };
  if (prefix === "#") return { kind: "value", value: known(String(values.length)) };
  return operatedList(expander, part, values, joined);
}

/** `declare -n names=LIST; "${names[@]}"` is the list. */
function list(values: readonly Value[], joined: boolean): Expansion {
  return { kind: "list", values, joined };
}

function positionalValues(expander: Expander): Value[] | undefined {
  return positionalFields(expander)?.map((field) =>
    field.unknown === undefined ? known(field.text) : unknown(field.unknown),
  );
}

function arrayValues(expander: Expander, part: ParameterExpansionPart): Value[] | undefined {
  const variable = expander.state.variable(part.parameter);
  if (variable === undefined && !presumablyUnset(expander, part.parameter)) return undefined;
  const array = asArray(variable);
  if (array === undefined) return undefined;
  expander.host.expanded(array.items.size);
  return part.prefix === "!" ? keysOf(array).map(known) : elementsOf(array);
}

function unknownList(expander: Expander, part: ParameterExpansionPart): string {
  if (part.index === undefined) return ALL_ARGUMENTS;
  const value = expander.state.variable(part.parameter);
  return value?.kind === "unknown" ? value.reason : expander.environmentFact(part.parameter);
}

/** `${@:2}`: the words stay those that the author wrote at the call. */
function slicedFields(
  expander: Expander,
  part: ParameterExpansionPart,
  fields: readonly Field[],
  joined: boolean,
): Expansion {
  const { operation } = part;
  if (operation?.type !== "Slice") return { kind: "fields", fields, joined };
  const bounds = sliceBounds(expander, operation.offset, operation.length);
  if (typeof bounds === "string") return { kind: "value", value: unknown(bounds) };
  // Number 0 is the name of the script.
  const withName: (Field | undefined)[] = [undefined, ...fields];
  const chosen = slice(withName, bounds.offset, bounds.length) ?? [];
  return chosen.includes(undefined)
    ? { kind: "value", value: unknown("the name the script is called by") }
    : { kind: "fields", fields: chosen.filter((field) => field !== undefined), joined };
}

function operatedList(
  expander: Expander,
  part: ParameterExpansionPart,
  values: readonly Value[],
  joined: boolean,
): Expansion {
  const { operation } = part;
  if (operation === undefined) return list(values, joined);
  if (operation.type === "Slice") {
    const bounds = sliceBounds(expander, operation.offset, operation.length);
    if (typeof bounds === "string") return { kind: "value", value: unknown(bounds) };
    return list(slice(values, bounds.offset, bounds.length) ?? [], joined);
  }
  if (operation.type === "Default") {
    const isSet = values.length > 0 && !(operation.operator.startsWith(":") && values.every(isEmpty));
    const alternative = operation.operator.endsWith("+");
    if (isSet !== alternative) return list(isSet ? values : [], joined);
    return { kind: "value", value: expander.value(operation.operand) };
  }
  return list(
    values.map((value) => operated(expander, part, value)),
    joined,
  );
}

function isEmpty(value: Value): boolean {
  return value.kind === "unset" || (value.kind === "known" && value.text === "");
}

function singleValue(expander: Expander, part: ParameterExpansionPart): Value {
  const { prefix, operation, parameter } = part;
  const direct = part.index ? element(expander, part) : parameterValue(expander, parameter);
  const value = prefix === "!" ? indirect(expander, direct) : first(direct);
  if (prefix === "#") return value.kind === "known" ? known(String([...value.text].length)) : lengthOf(value);
  if (operation === undefined) return value;
  if (operation.type !== "Default") return operated(expander, part, value);
  const unset = part.index === undefined && prefix === undefined && presumablyUnset(expander, parameter);
  return defaulted(
    operation.operator,
    value,
    unset,
    () => expander.value(operation.operand),
    (assigned) => expander.variables.assign(parameter, part.index, assigned),
    () => expander.stop(),
  );
}

function lengthOf(value: Value): Value {
  return value.kind === "unset" ? known("0") : value;
}

/** An array stands for its element 0. */
function first(value: Value): Value {
  return value.kind === "array" ? elementAt(value, "0") : value;
}

/** `${!name}`: the variable whose name another one holds. */
function indirect(expander: Expander, name: Value): Value {
  if (name.kind !== "known") return name;
  if (/^\w+$/.test(name.text)) return first(parameterValue(expander, name.text));
  return /^[A-Za-z_]\w*\[.+\]$/.test(name.text) ? expander.variables.read(name.text) : UNSET;
}

function element(expander: Expander, { parameter, index }: ParameterExpansionPart): Value {
  const variable = expander.state.variable(parameter);
  if (variable === undefined || variable.kind === "unknown") return parameterValue(expander, parameter);
  const array = asArray(variable);
  if (array === undefined || index === undefined) return variable;
  const key = expander.variables.key(array, index);
  return key.kind === "known" ? elementAt(array, key.text) : key;
}

/** One of the operations that change a text: trimming, replacing, slicing, upper and lower case. */
function operated(expander: Expander, part: ParameterExpansionPart, value: Value): Value {
  const { operation } = part;
  if (value.kind === "unknown") return ownPathOperated(expander, part, value) ?? value;
  const text = value.kind === "known" ? value.text : "";
  const notFollowed = () => unknown(`the value of ${excerpt(part.text)}`);
  switch (operation?.type) {
    case "Remove": {
      const pattern = expander.pattern(operation.operand);
      if (pattern.kind !== "known") return pattern;
      if (text.length > LONGEST_SEARCHED) return notFollowed();
      return known(trimmed(text, operation.operator, pattern.text));
    }
    case "Replace":
      return replacedValue(expander, operation, text) ?? notFollowed();
    case "Slice": {
      const bounds = sliceBounds(expander, operation.offset, operation.length);
      if (typeof bounds === "string") return unknown(bounds);
      const chosen = slice([...text], bounds.offset, bounds.length);
      return chosen === undefined ? notFollowed() : known(chosen.join(""));
    }
    case "CaseModification": {
      const pattern = operation.operand ? expander.pattern(operation.operand) : EMPTY;
      if (pattern.kind !== "known") return pattern;
      return known(withCase(text, operation.operator, pattern.text));
    }
    case "Transform":
      return transformed(operation.operand.text, text) ?? notFollowed();
    default:
      return notFollowed();
  }
}

// What is left of `$0` without its folder is the script's name; without its name, the folder.
function ownPathOperated(
  expander: Expander,
  { operation }: ParameterExpansionPart,
  { reason }: Value & { readonly kind: "unknown" },
): Value | undefined {
  if (reason !== OWN_PATH || operation?.type !== "Remove") return undefined;
  if (operation.operator === "##" && operation.operand.text === "*/") return known(expander.host.ownName());
  return operation.operator === "%" && operation.operand.text === "/*" ? known(".") : undefined;
}

function replacedValue(
  expander: Expander,
  {
    operator,
    pattern: word,
    replacement,
  }: { readonly operator: string; readonly pattern: ShellWord; readonly replacement: ShellWord },
  text: string,
): Value | undefined {
  const pattern = expander.pattern(word);
  if (pattern.kind !== "known") return pattern;
  const by = expander.value(replacement);
  if (by.kind === "unknown") return by;
  const most = pattern.text.includes("*") ? LONGEST_SEARCHED_ANYWHERE : LONGEST_SEARCHED;
  if (text.length > most) return undefined;
  return known(replaced(text, operator, pattern.text, by.kind === "known" ? by.text : ""));
}

function transformed(operator: string, text: string): Value | undefined {
  switch (operator) {
    case "Q":
      return known(quotedForShell(text));
    case "U":
      return known(text.toUpperCase());
    case "L":
      return known(text.toLowerCase());
    case "u":
      return known(withCase(text, "^", undefined));
    default:
      return undefined;
  }
}

function sliceBounds(
  expander: Expander,
  offset: ShellWord,
  length: ShellWord | undefined,
): { readonly offset: number; readonly length: number | undefined } | string {
  const from = expander.variables.number(offset);
  if (typeof from === "string") return from;
  if (length === undefined) return { offset: from, length: undefined };
  const count = expander.variables.number(length);
  return typeof count === "string" ? count : { offset: from, length: count };
}
