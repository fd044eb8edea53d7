import type { Expression } from "../../syntax/nftables/tree.ts";
import { printData } from "./data.ts";
import type { DataType } from "./datatypes.ts";
import { arrange, findElements, hasIntervals, orderDoubt, printElementOf, readKey } from "./elements.ts";
import { type Operand, readOperand } from "./operands.ts";
import { printOptions, readOptions } from "./options.ts";
import type { RuleScope } from "./scope.ts";
import { notListed, quoted } from "./text.ts";
import { readName, unwrap, type Variables } from "./values.ts";

/** What the elements of an anonymous set map to. */
export type Mapped = readonly DataType[] | "object" | "verdict";

/** `KEY map { … }`, `KEY map @name`; `data`: the types of what is mapped to. */
export function printMap(
  expression: Extract<Expression, { kind: "map" }>,
  scope: RuleScope,
  data: Mapped | undefined,
  variables: Variables,
): Operand {
  const key = readOperand(expression.key, scope, undefined, variables);
  const map = printSetOperand(
    expression.map,
    key.types,
    scope,
    data ?? notListed("what a map gives"),
    variables,
  );
  return {
    text: `${key.text} map ${map}`,
    types: typeof data === "string" || !data ? [] : data,
    fields: key.fields,
  };
}

/** An anonymous set or map, or `@name`. */
export function printSetOperand(
  written: Expression,
  types: readonly DataType[],
  scope: RuleScope,
  data: Mapped | undefined,
  outer: Variables = scope.variables,
): string {
  const { expression, variables } = unwrap(written, outer);
  if (expression.kind === "setRef") return `@${expression.name}`;
  if (expression.kind !== "set") return notListed("the set that is looked in");
  const elements = findElements(expression, variables).map((found) => {
    const { node } = found;
    const value = node.value;
    return {
      key: readKey(node.key, types, found.variables),
      options: printOptions(readOptions(node.options, found.variables)),
      ...(value && data && { data: printData(value, data, scope, found.variables) }),
    };
  });
  scope.anonymous++;
  const interval = hasIntervals(elements);
  const shape = { types, interval, joins: true };
  scope.doubt ??= orderDoubt(elements, shape);
  const shown = arrange(elements, shape);
  return `{ ${shown.map((element) => printElementOf(element, types)).join(", ")} }`;
}

export function printObject(written: Expression, variables: Variables): string {
  return quoted(readName(written, variables));
}
