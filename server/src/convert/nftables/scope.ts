import type { Expression } from "../../syntax/nftables/tree.ts";

/** Where variables get their values from. */
export interface Variables {
  lookup(name: string): Definition | undefined;
}

/** A variable's value with the variables inside it as they were when it was defined. */
export interface Definition extends Variables {
  readonly value: Expression;
  /** Equal keys mean equal values. */
  readonly key: string;
}

/** Variables of a file, a table or a chain; inner scopes see the outer ones. */
export class Scope implements Variables {
  readonly #parent: Scope | undefined;
  readonly #definitions = new Map<string, Definition | undefined>();

  constructor(parent?: Scope) {
    this.#parent = parent;
  }

  define(name: string, value: Expression): void {
    const bound = new Map(variablesOf(value).map((inner) => [inner, this.lookup(inner)]));
    this.#definitions.set(name, {
      value,
      key: valueKey(value, bound),
      lookup: (inner) => bound.get(inner),
    });
  }

  undefine(name: string): void {
    this.#definitions.set(name, undefined);
  }

  lookup(name: string): Definition | undefined {
    if (this.#definitions.has(name)) return this.#definitions.get(name);
    return this.#parent?.lookup(name);
  }
}

const MAX_KEY = 2_000;
let serial = 0;

/** A text that is equal for values of equal meaning; long values are told apart by a number instead. */
function valueKey(value: Expression, bound: ReadonlyMap<string, Definition | undefined>): string {
  const key = JSON.stringify(value, (name, inner: unknown) => (name === "span" ? undefined : inner));
  const variables = [...bound].map(([name, definition]) => `${name}=${definition?.key ?? ""}`).join(",");
  const whole = `${key}|${variables}`;
  return whole.length <= MAX_KEY ? whole : `#${serial++}`;
}

const variableNames = new WeakMap<object, readonly string[]>();

/** The names of all variables below a node of the syntax tree, each once. */
export function variablesOf(node: object): readonly string[] {
  const known = variableNames.get(node);
  if (known) return known;
  const found = new Set<string>();
  collect(node, found);
  const names = [...found];
  variableNames.set(node, names);
  return names;
}

function collect(node: unknown, found: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) collect(item, found);
    return;
  }
  if ("kind" in node && node.kind === "variable" && "name" in node) found.add(String(node.name));
  for (const [key, value] of Object.entries(node)) if (key !== "span") collect(value, found);
}
