import type { Placed } from "../../text/origin.ts";
import type { ProblemCode, Severity } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";

/*
 * The syntax tree of an nftables file. Blocks and statements carry their place in the file (`Placed`);
 * everything inside a statement's node counts from the statement's start, so that statements of equal
 * text share one node.
 */

/** A problem inside one statement; `span` counts from the statement's start. */
export interface StatementProblem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly refused: boolean;
}

/** A problem at its place in the file. */
export interface NftProblem extends StatementProblem {
  readonly statement: Placed;
}

/** What surrounds a statement decides how it reads. */
export type StatementContext = "file" | "table" | "chain" | "set" | "flowtable" | "object";

export interface NftFile {
  readonly text: string;
  readonly items: readonly NftItem[];
  readonly comments: readonly Placed[];
  readonly problems: readonly NftProblem[];
  /** The file holds placeholders of a template language. */
  readonly template: boolean;
}

export type NftItem = NftBlock | NftLeaf;

/** One statement without a block of its own (or a block's header). */
export interface NftLeaf extends Placed {
  readonly kind: "leaf";
  readonly node: LeafNode;
  /** From a trailing `# handle 5`. */
  readonly handle?: number;
}

/** `header { … }`: start to end covers all of it, the closing brace too. */
export interface NftBlock extends Placed {
  readonly kind: "block";
  readonly header: NftLeaf & { readonly node: HeaderNode };
  /** Offsets of the braces in the file; `close` is missing when the brace is never closed. */
  readonly open: number;
  readonly close?: number;
  readonly items: readonly NftItem[];
}

export type BlockNoun =
  | "table"
  | "chain"
  | "set"
  | "map"
  | "flowtable"
  | "counter"
  | "quota"
  | "limit"
  | "ct helper"
  | "ct timeout"
  | "ct expectation"
  | "synproxy"
  | "secmark"
  | "tunnel";

interface LeafBase {
  readonly span: Span;
  readonly problem?: StatementProblem;
  /** Every `$name` in it, where it stands; absent when there is none. */
  readonly variables?: readonly NamePart[];
}

export interface NamePart {
  readonly text: string;
  readonly span: Span;
}

/** What a command or block is about: `[family] [table] name`. */
export interface ObjectName {
  readonly family?: NamePart;
  readonly table?: NamePart;
  readonly name?: NamePart;
  /** `handle 5` in place of a name. */
  readonly handle?: number;
}

/** `table inet filter`, `add chain inet filter input`: what stands before `{`. */
export interface HeaderNode extends LeafBase {
  readonly kind: "header";
  /** "add" also when no verb is written. */
  readonly verb: string;
  readonly noun: BlockNoun;
  readonly target: ObjectName;
}

/** A command of one statement: `add rule …`, `flush ruleset`, `delete element …`. */
export interface CommandNode extends LeafBase {
  readonly kind: "command";
  readonly verb: string;
  /** `rule`, `chain`, `ruleset`, `element`, `ct helper`, …; also the plural nouns of `list`. */
  readonly noun: string;
  readonly target: ObjectName;
  /** New name of `rename chain`. */
  readonly to?: NamePart;
  readonly position?: { readonly by: "handle" | "index" | "position"; readonly value: number };
  readonly rule?: RuleNode;
  readonly elements?: Expression;
  /** What an object without braces has behind its name: `rate 1/second`. */
  readonly properties?: string;
}

export interface RuleNode extends LeafBase {
  readonly kind: "rule";
  /** The text that `parts` and their spans belong to: the whole statement's. */
  readonly text: string;
  readonly parts: readonly RulePart[];
  readonly comment?: string;
}

/** `type filter hook input device eth0 priority filter + 10` */
export interface ChainTypeNode extends LeafBase {
  readonly kind: "chainType";
  readonly type: NamePart;
  readonly hook: NamePart;
  readonly devices?: Expression;
  readonly priority: { readonly base?: Expression; readonly offset: number; readonly span: Span };
}

/** `policy drop` of a chain. */
export interface PolicyNode extends LeafBase {
  readonly kind: "policy";
  readonly value: Expression;
}

/** `define x = …`, `redefine x = …` */
export interface DefineNode extends LeafBase {
  readonly kind: "define";
  readonly verb: "define" | "redefine";
  readonly name: NamePart;
  readonly value: Expression;
}

export interface UndefineNode extends LeafBase {
  readonly kind: "undefine";
  readonly name: NamePart;
}

export interface IncludeNode extends LeafBase {
  readonly kind: "include";
  readonly path: string;
  readonly pathSpan: Span;
}

/** `elements = { … }` of a set or map. */
export interface ElementsNode extends LeafBase {
  readonly kind: "elements";
  readonly value: Expression;
}

/** `type ipv4_addr . inet_service : verdict` or `typeof ip saddr : meta mark` of a set or map. */
export interface SetTypeNode extends LeafBase {
  readonly kind: "setType";
  readonly by: "type" | "typeof";
  readonly key: Expression;
  readonly value?: Expression;
  /** The map gives ranges: `: interval ipv4_addr`. */
  readonly interval?: boolean;
}

/** Another property: `flags interval`, `size 100`, `timeout 1h`, `comment "…"`, `l3proto ip`, … */
export interface PropertyNode extends LeafBase {
  readonly kind: "property";
  readonly name: string;
  /** All of it as written. */
  readonly text: string;
  /** The words after the name, without punctuation. */
  readonly words: readonly string[];
  readonly value?: Expression;
}

/** Something that could not be read; the text is kept. */
export interface OpaqueNode extends LeafBase {
  readonly kind: "opaque";
  readonly text: string;
}

export type LeafNode =
  | HeaderNode
  | CommandNode
  | RuleNode
  | ChainTypeNode
  | PolicyNode
  | DefineNode
  | UndefineNode
  | IncludeNode
  | ElementsNode
  | SetTypeNode
  | PropertyNode
  | OpaqueNode;

// Expressions

export type Expression =
  /** Unquoted text: a number, an address, a service, a time. */
  | { readonly kind: "symbol"; readonly text: string; readonly span: Span }
  | { readonly kind: "string"; readonly text: string; readonly span: Span }
  | { readonly kind: "variable"; readonly name: string; readonly span: Span }
  | { readonly kind: "setRef"; readonly name: string; readonly span: Span }
  /** `*` */
  | { readonly kind: "any"; readonly span: Span }
  | {
      readonly kind: "prefix";
      readonly base: Expression;
      readonly length: Expression;
      readonly span: Span;
    }
  | { readonly kind: "range"; readonly low: Expression; readonly high: Expression; readonly span: Span }
  | { readonly kind: "list"; readonly items: readonly Expression[]; readonly span: Span }
  | { readonly kind: "concat"; readonly items: readonly Expression[]; readonly span: Span }
  | { readonly kind: "set"; readonly elements: readonly SetElementNode[]; readonly span: Span }
  | {
      readonly kind: "binary";
      readonly op: "&" | "|" | "^" | "<<" | ">>";
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  /** `syn / fin,syn`: a value under a mask. */
  | { readonly kind: "masked"; readonly value: Expression; readonly mask: Expression; readonly span: Span }
  | { readonly kind: "map"; readonly key: Expression; readonly map: Expression; readonly span: Span }
  | Selector
  | { readonly kind: "verdict"; readonly verdict: VerdictNode; readonly span: Span }
  | { readonly kind: "opaque"; readonly text: string; readonly span: Span };

/** What of a packet or connection is looked at. */
export interface Selector {
  readonly kind: "selector";
  /** The canonical spelling: "tcp dport", "meta iifname", "ct state", "fib", "raw". */
  readonly key: string;
  readonly direction?: "original" | "reply";
  /** The words behind the key, for the selectors that have arguments ("saddr . iif oif" of fib). */
  readonly argument?: string;
  readonly inner?: Expression;
  readonly span: Span;
}

/** One element: a key, perhaps what it maps to, and `timeout 1h`, `counter`, `comment "…"` and such. */
export interface SetElementNode {
  readonly key: Expression;
  readonly value?: Expression;
  readonly comment?: string;
  /** Statements and options as written. */
  readonly options: readonly NamePart[];
  readonly span: Span;
}

export interface VerdictNode {
  readonly type: "accept" | "drop" | "return" | "continue" | "jump" | "goto";
  /** A chain's name, a variable, or an inline block of rules. */
  readonly chain?: Expression;
  readonly block?: readonly RuleNode[];
}

// Parts of a rule

export type RelationalOp = "" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "!";

export type RulePart =
  | {
      readonly kind: "match";
      readonly left: Expression;
      readonly op: RelationalOp;
      readonly right: Expression;
      readonly span: Span;
    }
  | { readonly kind: "vmap"; readonly key: Expression; readonly map: Expression; readonly span: Span }
  | { readonly kind: "verdict"; readonly verdict: VerdictNode; readonly span: Span }
  /** `meta mark set 1`, `ct helper set "x"`, `tcp option maxseg size set rt mtu` */
  | {
      readonly kind: "assign";
      readonly target: Selector;
      readonly value: Expression;
      readonly span: Span;
    }
  | NatPart
  /** `add @s { ip saddr timeout 1m : value }` */
  | {
      readonly kind: "setUpdate";
      readonly op: string;
      readonly set: NamePart;
      readonly element: Expression;
      readonly span: Span;
    }
  /** `counter name "x"`, `limit name …`, `quota name …`, `synproxy name …` */
  | {
      readonly kind: "objectRef";
      readonly object: string;
      readonly name: Expression;
      readonly span: Span;
    }
  | { readonly kind: "comment"; readonly text: string; readonly span: Span }
  /** counter, log, limit, quota, reject, queue, notrack, dup, fwd, tproxy, synproxy, flow, meter, xt, … */
  | {
      readonly kind: "action";
      readonly name: string;
      /** The words and values behind the name. */
      readonly words: readonly string[];
      readonly inner?: readonly Expression[];
      readonly span: Span;
    }
  | { readonly kind: "opaque"; readonly text: string; readonly span: Span };

export interface NatPart {
  readonly kind: "nat";
  readonly nat: "snat" | "dnat" | "masquerade" | "redirect";
  readonly family?: "ip" | "ip6";
  readonly addr?: Expression;
  readonly port?: Expression;
  /** The value holds address and port (`addr . port`). */
  readonly both?: boolean;
  readonly prefix?: boolean;
  readonly flags: readonly string[];
  readonly span: Span;
}
