import type { Expression, LeafNode } from "../../syntax/nftables/tree.ts";
import { limited, readName, type Variables } from "./values.ts";

/** A statement of a block with the variables that it sees. */
export interface BlockMember {
  readonly node: LeafNode;
  readonly variables: Variables;
}

/** `timeout 1h`, `flags interval` and such of a block. */
export interface Property {
  readonly name: string;
  /** Behind the name, without punctuation; variables are their values. */
  readonly words: readonly string[];
  readonly text: string;
  readonly value?: Expression;
  readonly variables: Variables;
}

export function propertiesOf(members: readonly BlockMember[]): Property[] {
  return members.flatMap(({ node, variables }) => {
    if (node.kind !== "property") return [];
    const { name, text, value } = node;
    const known = limited(variables);
    const words = node.words.map((word) => {
      const variable = text.includes("$") ? known.lookup(word) : undefined;
      return variable ? readName(variable.value, variable) : word;
    });
    return [{ name, words, text, variables: known, ...(value && { value }) }];
  });
}
