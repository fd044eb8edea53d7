import type { Table } from "../../model/ruleset.ts";
import type { Expression, SetTypeNode } from "../../syntax/nftables/tree.ts";
import { type BlockMember, propertiesOf } from "./block-members.ts";
import { type DataType, TYPES } from "./datatypes.ts";
import { readOperand } from "./operands.ts";
import { printStatements, timeText } from "./options.ts";
import { RuleScope } from "./scope.ts";
import { notListed, quoted } from "./text.ts";
import { readName, type Variables } from "./values.ts";

/** How a set or map was declared; read only when it is listed. */
export class SetSource {
  readonly noun: "set" | "map";
  readonly members: readonly BlockMember[];

  /** Rules of the same load put elements in: nft then makes the set a dynamic one (measured: not a map). */
  readonly dynamic: boolean;
  /** Declared by `create`. */
  readonly created: boolean;

  constructor(
    noun: "set" | "map",
    members: readonly BlockMember[],
    { dynamic = false, created = false }: { dynamic?: boolean; created?: boolean } = {},
  ) {
    this.noun = noun;
    this.members = members;
    this.dynamic = dynamic;
    this.created = created;
  }

  updatedByRules(): SetSource {
    const { noun, members, created } = this;
    return noun === "set" ? new SetSource(noun, members, { dynamic: true, created }) : this;
  }

  /** Its `elements = { … }`. */
  get elements(): readonly ElementSource[] {
    return this.members.flatMap(({ node, variables }) =>
      node.kind === "elements" ? [new ElementSource(node.value, variables)] : [],
    );
  }

  #types: SetDeclaration | undefined;

  /** Throws NotListed for types that are not known. */
  get declaration(): SetDeclaration {
    this.#types ??= readDeclaration(this);
    return this.#types;
  }
}

/** Elements as they were written. */
export class ElementSource {
  readonly value: Expression;
  readonly variables: Variables;

  constructor(value: Expression, variables: Variables) {
    this.value = value;
    this.variables = variables;
  }
}

export interface SetDeclaration {
  readonly key: readonly DataType[];
  /** What a map gives. */
  readonly data?: MapData;
  /** `type ipv4_addr : verdict`, `typeof ip saddr . tcp dport` */
  readonly text: string;
  readonly flags: ReadonlySet<string>;
  /** `counter`, `limit rate 1/second`: every element has them. */
  readonly statements: readonly string[];
  readonly policy?: "memory";
  readonly size?: string;
  /** The lines behind type, policy and size, in nft's order. */
  readonly lines: readonly string[];
  readonly autoMerge: boolean;
}

export type MapData =
  | { readonly kind: "values"; readonly types: readonly DataType[]; readonly interval: boolean }
  | { readonly kind: "object" | "verdict" };

const OBJECT_TYPES = new Set(["counter", "quota", "limit", "synproxy", "secmark"]);
const FLAG_ORDER = ["constant", "dynamic", "interval", "timeout"];

function readDeclaration({ noun, members, dynamic }: SetSource): SetDeclaration {
  const typed = members.find(
    (member): member is BlockMember & { node: SetTypeNode } => member.node.kind === "setType",
  );
  if (!typed) return notListed("a set without a type");
  const variables = typed.variables;
  const { node } = typed;
  const key = readTypes(node.key, node.by, variables);
  const value = noun === "map" && node.value ? readMapData(node, variables) : undefined;
  const properties = propertiesOf(members);
  const property = (name: string) => properties.find((one) => one.name === name);
  const flags = new Set(properties.filter(({ name }) => name === "flags").flatMap(({ words }) => words));
  if (dynamic) flags.add("dynamic");
  const statements = properties
    .filter(({ name }) => STATEMENTS.has(name))
    .flatMap(({ text, variables: own }) => printStatements(text, own));
  const timeout = property("timeout");
  if (timeout) flags.add("timeout");
  const lines: string[] = [];
  const shown = FLAG_ORDER.filter((flag) => flags.has(flag));
  if (shown.length > 0 && !(timeout && shown.join() === "timeout")) lines.push(`flags ${shown.join(",")}`);
  if (statements.length > 0) lines.push(bare(statements).join(" "));
  const autoMerge = property("auto-merge") !== undefined;
  if (autoMerge) lines.push("auto-merge");
  for (const name of ["timeout", "gc-interval"]) {
    const found = property(name);
    if (found) lines.push(`${name} ${timeText(found.words.join(""))}`);
  }
  const comment = property("comment")?.words[0];
  if (comment !== undefined) lines.push(`comment ${quoted(comment)}`);
  const size = property("size")?.words[0];
  const text = `${node.by} ${key.text}${value ? ` : ${value.text}` : ""}`;
  return {
    key: key.types,
    ...(value && { data: value.data }),
    text,
    flags,
    statements,
    ...(property("policy")?.words[0] === "memory" && { policy: "memory" }),
    ...(size !== undefined && { size }),
    lines,
    autoMerge,
  };
}

const STATEMENTS = new Set(["counter", "quota", "limit", "last", "ct"]);

function bare(statements: readonly string[]): string[] {
  return statements.map((text) => (text.startsWith("counter ") ? "counter" : text));
}

interface Types {
  readonly types: readonly DataType[];
  readonly text: string;
}

function readTypes(expression: Expression, by: "type" | "typeof", variables: Variables): Types {
  if (by === "typeof") {
    const scope = new RuleScope("inet", variables, (chain) => chain, undefined);
    const operand = readOperand(expression, scope, undefined, variables);
    return { types: operand.types, text: operand.text };
  }
  const names = (expression.kind === "concat" ? expression.items : [expression]).map((part) => {
    // `mark` reads as a type's name, though it could be a selector.
    if (part.kind === "selector") return part.key.replace(/^meta /, "");
    return readName(part, variables);
  });
  const types = names.map((name) => TYPES.get(name) ?? notListed(`what the type ${name} holds`));
  return { types, text: names.join(" . ") };
}

function readMapData(node: SetTypeNode, variables: Variables): { data: MapData; text: string } {
  const value = node.value!;
  const name = value.kind === "symbol" ? value.text : undefined;
  if (name === "verdict") return { data: { kind: "verdict" }, text: name };
  if (name !== undefined && OBJECT_TYPES.has(name)) return { data: { kind: "object" }, text: name };
  const { types, text } = readTypes(value, node.by, variables);
  const interval = node.interval ?? false;
  return { data: { kind: "values", types, interval }, text: `${interval ? "interval " : ""}${text}` };
}

// What rules ask of the table's sets

function declarationOf(table: Table | undefined, name: string): SetDeclaration | undefined {
  const source = table?.sets.get(name)?.listed;
  return source instanceof SetSource ? source.declaration : undefined;
}

export function keyTypesOf(table: Table | undefined, name: string): readonly DataType[] | undefined {
  return declarationOf(table, name)?.key;
}

/** The types of what a map gives; undefined for objects, verdicts and what is not declared here. */
export function dataTypesOf(
  table: Table | undefined,
  name: string,
): { readonly types: readonly DataType[]; readonly interval: boolean } | undefined {
  const data = declarationOf(table, name)?.data;
  return data?.kind === "values" ? data : undefined;
}
