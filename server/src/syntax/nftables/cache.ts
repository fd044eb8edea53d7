import { readHeader, readStatement } from "./statement.ts";
import type { HeaderNode, LeafNode, StatementContext } from "./tree.ts";

/** Total length of the statements of one generation, in characters. */
const GENERATION_SIZE = 24_000_000;

type Generation = Map<string, LeafNode>;

/**
 * Parsed statements by text, kept by the caller from one parse to the next. Bounded: what was not used
 * for a whole generation is forgotten.
 */
export class NftParseCache {
  #young: Generation = new Map();
  #old: Generation = new Map();
  #size = 0;

  statement(context: StatementContext, text: string, template: boolean): LeafNode {
    const key = (template ? "?" : " ") + context + text;
    return this.#get(key, () => readStatement(context, text, template));
  }

  header(context: StatementContext, text: string, template: boolean): HeaderNode {
    const key = `${template ? "?" : " "}{${context}${text}`;
    return this.#get(key, () => readHeader(context, text, template)) as HeaderNode;
  }

  #get(key: string, parse: () => LeafNode): LeafNode {
    const young = this.#young.get(key);
    if (young) return young;
    const node = this.#old.get(key) ?? parse();
    this.#size += key.length;
    if (this.#size > GENERATION_SIZE) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#size = key.length;
    }
    this.#young.set(key, node);
    return node;
  }
}
