import type { Placed } from "../../text/origin.ts";
import { NftParseCache } from "./cache.ts";
import { type Comment, type Scanned, scanStatement, skipBlank } from "./scan.ts";
import { problem } from "./statement.ts";
import { findTemplate, templateProblem } from "./template.ts";
import type {
  BlockNoun,
  HeaderNode,
  NftBlock,
  NftFile,
  NftItem,
  NftLeaf,
  NftProblem,
  StatementContext,
  StatementProblem,
} from "./tree.ts";

export { NftParseCache } from "./cache.ts";

/**
 * Reads an nftables file (`nft -f` input, `nft list ruleset` output). Never throws. With a cache, the
 * statements whose text was seen before are not read again. `context` says where the text stands when
 * it is included from inside a table or chain.
 */
export function parseNft(
  text: string,
  cache: NftParseCache = new NftParseCache(),
  context: StatementContext = "file",
): NftFile {
  return new FileParser(text, cache, context).parse();
}

/** Rubbish is not worth a problem for each of its lines. */
const MAX_PROBLEMS = 1000;

const BRACE_ON_ITS_OWN =
  'The "{" must stand on the same line as what it belongs to: nft refuses a line break before it.';

interface OpenBlock {
  readonly header: NftBlock["header"];
  readonly open: number;
  readonly context: StatementContext;
  readonly items: NftItem[];
}

const BLOCK_CONTEXT: Record<BlockNoun, StatementContext> = {
  table: "table",
  chain: "chain",
  set: "set",
  map: "set",
  flowtable: "flowtable",
  counter: "object",
  quota: "object",
  limit: "object",
  "ct helper": "object",
  "ct timeout": "object",
  "ct expectation": "object",
  synproxy: "object",
  secmark: "object",
  tunnel: "object",
};

const HEADER =
  /(?:(?:add|create|insert|replace|delete|destroy|reset|list)\s+)?(?:table|chain|set|map|flowtable|counter|quota|limit|synproxy|secmark|tunnel|ct\s+(?:helper|timeout|expectation))(?=[\s{])(?!\s+(?:vmap|map)\b)/y;
/** At the start of a statement inside a chain or set, these tell that the block before was never closed. */
const TABLE_START = /table\s+(?:(?:ip6?|inet|arp|bridge|netdev)\s+)?[\w.-]+\s*\{/y;
const MEMBER_START =
  /(?:(?:chain|set|map|flowtable)\s+[\w.-]+|ct\s+(?:helper|timeout|expectation)\s+(?!vmap\b|map\b)[\w.-]+)\s*\{/y;

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

class FileParser {
  readonly #text: string;
  readonly #cache: NftParseCache;
  readonly #template: number;
  readonly #root: NftItem[] = [];
  readonly #rootContext: StatementContext;
  readonly #stack: OpenBlock[] = [];
  readonly #comments: Comment[] = [];
  readonly #problems: NftProblem[] = [];
  #at = 0;

  constructor(text: string, cache: NftParseCache, context: StatementContext) {
    this.#text = text;
    this.#cache = cache;
    this.#rootContext = context;
    this.#template = findTemplate(text);
  }

  parse(): NftFile {
    while (this.#skipToStatement()) this.#readOne();
    while (this.#stack.length > 0) this.#closeUnclosed();
    const template = this.#template >= 0;
    const problems = template ? [templateProblem(this.#text, this.#template)] : this.#problems;
    return { text: this.#text, items: this.#root, comments: this.#comments, problems, template };
  }

  get #block(): OpenBlock | undefined {
    return this.#stack[this.#stack.length - 1];
  }

  get #items(): NftItem[] {
    return this.#block?.items ?? this.#root;
  }

  get #context(): StatementContext {
    return this.#block?.context ?? this.#rootContext;
  }

  /** Moves to the next statement or brace; false at the end of the text. */
  #skipToStatement(): boolean {
    for (;;) {
      this.#at = skipBlank(this.#text, this.#at, this.#comments);
      if (this.#text[this.#at] !== ";") return this.#at < this.#text.length;
      this.#at++;
    }
  }

  #readOne(): void {
    const first = this.#text[this.#at];
    if (first === "}") {
      this.#closeBlock();
      return;
    }
    this.#leaveForgottenBlocks();
    const context = this.#context;
    const mayOpen = (context === "file" || context === "table") && matchesAt(HEADER, this.#text, this.#at);
    const scanned = scanStatement(this.#text, this.#at, {
      template: this.#template >= 0,
      header: mayOpen,
      comments: this.#comments,
    });
    const place = { start: this.#at, end: scanned.end };
    const brace = mayOpen && scanned.stop === "newline" ? this.#braceBehind(scanned.next) : -1;
    if (scanned.stop === "{") this.#openBlock(place, scanned.next);
    else if (brace >= 0) this.#openBlock(place, brace, BRACE_ON_ITS_OWN);
    else this.#addLeaf(place, scanned);
  }

  /** The place of a `{` that stands on the next line; -1 without one. */
  #braceBehind(at: number): number {
    const next = skipBlank(this.#text, at, []);
    return this.#text[next] === "{" ? next : -1;
  }

  #addLeaf(place: Placed, scanned: Scanned): void {
    this.#at = scanned.next;
    const text = this.#text.slice(place.start, place.end);
    if (text === "") {
      // Only a character that no statement begins with; never stand still.
      if (scanned.next === place.start) this.#at++;
      return;
    }
    const node = this.#cache.statement(this.#context, text, this.#template >= 0);
    const handle = scanned.comment ? this.#handleIn(scanned.comment) : undefined;
    const leaf: NftLeaf =
      handle === undefined ? { kind: "leaf", ...place, node } : { kind: "leaf", ...place, node, handle };
    this.#items.push(leaf);
    if (node.problem) this.#report(place, node.problem);
  }

  #handleIn(comment: Comment): number | undefined {
    if (!this.#text.startsWith("# handle ", comment.start)) return undefined;
    const value = Number(this.#text.slice(comment.start + 9, comment.end));
    return Number.isInteger(value) ? value : undefined;
  }

  #openBlock(place: Placed, open: number, complaint?: string): void {
    const context = this.#context;
    const text = this.#text.slice(place.start, place.end);
    const node: HeaderNode = this.#cache.header(context, text, this.#template >= 0);
    if (node.problem) this.#report(place, node.problem);
    else if (complaint) {
      const span = { start: open - place.start, end: open - place.start + 1 };
      this.#report({ start: place.start, end: open + 1 }, problem(complaint, span));
    }
    const header = { kind: "leaf" as const, ...place, node };
    this.#stack.push({ header, open, context: BLOCK_CONTEXT[node.noun], items: [] });
    this.#at = open + 1;
  }

  #closeBlock(): void {
    const at = this.#at++;
    if (this.#stack.length === 0) {
      const message = 'This "}" closes nothing: there is no block open here.';
      this.#report({ start: at, end: at + 1 }, problem(message, { start: 0, end: 1 }));
      return;
    }
    this.#finishBlock(at);
  }

  #finishBlock(close: number | undefined): void {
    const block = this.#stack.pop()!;
    const end = close === undefined ? this.#at : close + 1;
    const finished: NftBlock = {
      kind: "block",
      start: block.header.start,
      end: Math.max(end, block.open + 1),
      header: block.header,
      open: block.open,
      close,
      items: block.items,
    };
    this.#items.push(finished);
  }

  #closeUnclosed(): void {
    const { header, open } = this.#block!;
    const span = { start: open - header.start, end: open - header.start + 1 };
    const message = `This "{" is never closed: the "}" of the ${header.node.noun} is missing.`;
    this.#report({ start: header.start, end: open + 1 }, problem(message, span));
    this.#finishBlock(undefined);
  }

  /** A `chain x {` where a rule should be: the "}" before it was forgotten. */
  #leaveForgottenBlocks(): void {
    if (this.#template >= 0 || this.#stack.length === 0) return;
    const first = this.#text.charCodeAt(this.#at);
    if (first === 116 && matchesAt(TABLE_START, this.#text, this.#at)) {
      while (this.#stack.length > 0) this.#closeUnclosed();
      return;
    }
    // c, f, m, s
    if (first !== 99 && first !== 102 && first !== 109 && first !== 115) return;
    if (this.#context === "table" || !matchesAt(MEMBER_START, this.#text, this.#at)) return;
    if (this.#stack.length > 1) this.#closeUnclosed();
  }

  #report(statement: Placed, found: StatementProblem): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ ...found, statement });
  }
}
