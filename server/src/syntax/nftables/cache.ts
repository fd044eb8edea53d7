import { readHeader, readStatement } from "./statement.ts";
import type { HeaderNode, LeafNode, StatementContext } from "./tree.ts";

/** Total length of the statements of one generation, in characters. */
const GENERATION_SIZE = 24_000_000;

/** One map for each context: the same words mean different things in a chain and in a set. */
type Generation = Map<string, LeafNode>[];

/**
 * Parsed statements by text, kept by the caller from one parse to the next. Bounded: what was not used
 * for a whole generation is forgotten.
 */
export class NftParseCache {
  #young: Generation = [];
  #old: Generation = [];
  #size = 0;

  statement(context: StatementContext, text: string, template: boolean): LeafNode {
    const slot = SLOTS[context] + (template ? 1 : 0);
    return this.#find(slot, text) ?? this.#keep(slot, text, (own) => readStatement(context, own, template));
  }

  header(context: StatementContext, text: string, template: boolean): HeaderNode {
    const slot = SLOTS.header + (context === "table" ? 2 : 0) + (template ? 1 : 0);
    const found = this.#find(slot, text);
    return (found ?? this.#keep(slot, text, (own) => readHeader(context, own, template))) as HeaderNode;
  }

  #find(slot: number, text: string): LeafNode | undefined {
    const young = this.#young[slot]?.get(text);
    if (young) return young;
    const old = this.#old[slot]?.get(text);
    return old && this.#keep(slot, text, () => old);
  }

  #keep(slot: number, text: string, parse: (own: string) => LeafNode): LeafNode {
    // A copy: a slice would keep the whole file's text alive, one version after the other.
    const own = ` ${text}`.slice(1);
    const node = parse(own);
    this.#size += own.length;
    if (this.#size > GENERATION_SIZE) {
      this.#old = this.#young;
      this.#young = [];
      this.#size = own.length;
    }
    this.#young[slot] ??= new Map();
    this.#young[slot].set(own, node);
    return node;
  }
}

/** Two for each context: with and without template placeholders. */
const SLOTS = { file: 0, table: 2, chain: 4, set: 6, flowtable: 8, object: 10, header: 12 } as const;
