import { SetSource } from "../../listing/nftables/set-source.ts";
import type { Operation } from "../../model/operation.ts";
import type { RuleBody } from "../../model/rule.ts";
import type { Family, NamedSet, TableId } from "../../model/ruleset.ts";
import { tableKey } from "../../model/ruleset.ts";
import type {
  LeafNode,
  NftFile,
  NftItem,
  NftLeaf,
  StatementContext,
  StatementProblem,
} from "../../syntax/nftables/tree.ts";
import type { Frame, Origin, Placed } from "../../text/origin.ts";
import type { Problem } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";
import { inLoadingOrder, isPattern, readPattern } from "../include-pattern.ts";
import type { Conversion, IncludedFile } from "../result.ts";
import { loadBlock } from "./blocks.ts";
import type { ConvertedRule } from "./builder.ts";
import { loadCommand } from "./commands.ts";
import type { RulePositions } from "./positions.ts";
import type { KnownTable, Registry } from "./registry.ts";
import { Scope } from "./scope.ts";

export interface NftSession {
  readonly registry: Registry;
  readonly positions: RulePositions;
}

/** What the loader needs from outside. */
export interface LoadingOptions {
  readonly path: string;
  readonly partial: boolean;
  readonly session: NftSession;
  resolve(include: string): { readonly text: string; readonly path: string } | "missing" | "pending";
  list(folder: string): readonly string[] | "missing" | "pending";
  parse(text: string, context: StatementContext): NftFile;
}

/** Sets that rules fill hold more than the files show. */
export function settleSets(
  operations: readonly Operation[],
  registry: Registry,
  updated: ReadonlySet<string> = new Set(),
): readonly Operation[] {
  if (!operations.some(({ op }) => op === "addSet")) return operations;
  return operations.map((operation) => {
    if (operation.op !== "addSet") return operation;
    const { listed } = operation.set;
    const dynamic = updated.has(setKey(operation.table, operation.set.name));
    const set: NamedSet =
      dynamic && listed instanceof SetSource
        ? { ...operation.set, listed: listed.updatedByRules() }
        : operation.set;
    const { family, name } = operation.table;
    const filled = registry.table(family, name).updated.has(set.name);
    if (set.content !== "complete" || !filled)
      return set === operation.set ? operation : { ...operation, set };
    return { ...operation, set: { ...set, content: { unknown: `what rules have put into @${set.name}` } } };
  });
}

function setKey(table: TableId, set: string): string {
  return `${tableKey(table)} ${set}`;
}

/** Where a statement stands: its file, the includes that led there, the variables it sees. */
export interface Place {
  readonly path: string;
  readonly frames: readonly Frame[];
  readonly scope: Scope;
}

export interface Located {
  readonly item: NftItem;
  readonly place: Place;
}

type IncludeNode = Extract<LeafNode, { kind: "include" }>;

/** nft's own bound (MAX_INCLUDE_DEPTH). */
const MAX_INCLUDES = 16;

/** Files that include each other several times multiply; no honest ruleset has so many. */
const MOST_FILES = 1000;

/** An operation without origin and presence, which the loader adds. */
type Bare<T> = T extends unknown ? Omit<T, "origin" | "presence"> : never;
export type BareOperation = Bare<Operation>;

/** Goes through a file and its includes in order and keeps the log of operations. */
export class Loading {
  readonly options: LoadingOptions;
  readonly registry: Registry;
  readonly positions: RulePositions;
  readonly #operations: Operation[] = [];
  readonly #problems: Problem[] = [];
  readonly #needs = new Set<string>();
  readonly #included: IncludedFile[] = [];
  /** Sets that rules of this very load put elements into. */
  readonly #updated = new Set<string>();
  #looped = false;
  /** Rules wait here until the objects of their table block are there. */
  #waiting: Operation[] | undefined;
  /** An include that we cannot see may define variables. */
  #variablesOpen = false;
  #silent = false;
  readonly #inlineDone = new Set<string>();

  constructor(options: LoadingOptions) {
    this.options = options;
    this.registry = options.session.registry;
    this.positions = options.session.positions;
  }

  file(file: NftFile): void {
    const place: Place = { path: this.options.path, frames: [], scope: new Scope() };
    this.#reportFile(file, place);
    for (const located of this.expand(file.items, place, "file")) this.item(located);
  }

  finish(): Conversion {
    return {
      operations: settleSets(this.#operations, this.registry, this.#updated),
      problems: this.#problems,
      needs: [...this.#needs],
      included: this.#included,
    };
  }

  /** One item at file level. */
  item({ item, place }: Located): void {
    if (item.kind === "block") loadBlock(this, item, place);
    else if (!this.common(item, place) && item.node.kind === "command") {
      loadCommand(this, item, item.node, place);
    }
    const undefinedNames = this.registry.settle();
    if (!this.options.partial && !this.#silent) this.#problems.push(...undefinedNames);
  }

  /** Definitions, which may stand anywhere; true when the item was one. Reports undefined variables. */
  common(leaf: NftLeaf, place: Place): boolean {
    const { node } = leaf;
    this.checkVariables(leaf, place);
    if (node.kind === "define") {
      const name = node.name.text;
      if (node.verb === "define" && place.scope.lookup(name)) {
        const message = `$${name} is defined already: nft refuses a second definition. Use "redefine ${name} = …" or another name.`;
        this.problem(place, leaf, {
          code: "redefined-variable",
          severity: "error",
          message,
          span: node.name.span,
          refused: true,
        });
      }
      place.scope.define(name, node.value);
      return true;
    }
    if (node.kind === "undefine") {
      place.scope.undefine(node.name.text);
      return true;
    }
    return node.kind === "opaque";
  }

  /** The items with includes replaced by what they include. */
  expand(items: readonly NftItem[], place: Place, context: StatementContext): Located[] {
    if (!items.some((item) => item.kind === "leaf" && item.node.kind === "include")) {
      return items.map((item) => ({ item, place }));
    }
    return items.flatMap((item) => {
      if (item.kind !== "leaf" || item.node.kind !== "include") return [{ item, place }];
      return this.#include(item, item.node, place, context);
    });
  }

  #include(leaf: NftLeaf, node: IncludeNode, place: Place, context: StatementContext): Located[] {
    // nft has given up on the file by then; and patterns that match their own file multiply at each level.
    if (this.#looped) return [];
    if (place.frames.length >= MAX_INCLUDES) {
      this.#looped = true;
      const message = "Files include each other without end: nft stops here and refuses the file.";
      this.problem(place, leaf, {
        code: "include-loop",
        severity: "error",
        message,
        span: node.pathSpan,
        refused: true,
      });
      return [];
    }
    if (!isPattern(node.path)) return this.#includeFile(leaf, node, node.path, place, context);
    const pattern = readPattern(node.path);
    const names = pattern ? this.options.list(pattern.folder) : "missing";
    if (names === "pending") this.#needs.add(node.path);
    if (!pattern || typeof names === "string") {
      return this.#unseen(leaf, node, place, "whose pattern may stand for any files");
    }
    // That nothing matches is no error (measured).
    return inLoadingOrder(names.filter((name) => pattern.matches(name))).flatMap((name) =>
      this.#includeFile(leaf, node, pattern.folder + name, place, context),
    );
  }

  #includeFile(
    leaf: NftLeaf,
    node: IncludeNode,
    path: string,
    place: Place,
    context: StatementContext,
  ): Located[] {
    const found = this.options.resolve(path);
    if (found === "pending") this.#needs.add(path);
    if (found === "pending") return this.#unseen(leaf, node, place, "which has not been read yet");
    if (found === "missing") return this.#unseen(leaf, node, place, "which is not here");
    if (this.#included.length >= MOST_FILES)
      return this.#unseen(leaf, node, place, "which comes after very many others");
    const file = this.options.parse(found.text, context);
    this.#included.push({ path: found.path, text: found.text, dialect: "nft", file });
    const frame: Frame = { kind: "include", name: path, file: place.path, at: leaf };
    const inner: Place = { path: found.path, frames: [...place.frames, frame], scope: place.scope };
    this.#reportFile(file, inner);
    return this.expand(file.items, inner, context);
  }

  /** What is not seen may define and declare anything. */
  #unseen(leaf: NftLeaf, node: IncludeNode, place: Place, why: string): Located[] {
    this.registry.openAll();
    this.#variablesOpen = true;
    const fact = `the included file ${node.path}, ${why}`;
    const origin = this.origin(place, leaf, node.span);
    this.#operations.push({ op: "unknown", fact, origin, presence: "certain" });
    return [];
  }

  #reportFile(file: NftFile, place: Place): void {
    for (const { statement, ...problem } of file.problems) this.problem(place, statement, problem);
    // Of a template one thing is said, and nothing of what placeholders leave open.
    if (file.template) this.#silent = true;
  }

  checkVariables(leaf: NftLeaf, place: Place): void {
    const { variables } = leaf.node;
    if (!variables || this.#variablesOpen || this.options.partial) return;
    for (const { text: name, span } of variables) {
      if (place.scope.lookup(name)) continue;
      const message = `The variable $${name} is not defined here: nft refuses the file. Put "define ${name} = …" above.`;
      this.problem(place, leaf, {
        code: "undefined-variable",
        severity: "error",
        message,
        span,
        refused: true,
      });
    }
  }

  origin(place: Place, statement: Placed, span: Span): Origin {
    return { file: place.path, statement, span, frames: place.frames };
  }

  problem(place: Place, statement: Placed, problem: StatementProblem): void {
    if (this.#silent) return;
    const { span, ...rest } = problem;
    this.#problems.push({ ...rest, origin: this.origin(place, statement, span) });
  }

  emit(place: Place, leaf: NftLeaf, operation: BareOperation): void {
    this.#operations.push({
      ...operation,
      origin: this.origin(place, leaf, leaf.node.span),
      presence: "certain",
    });
  }

  /** Everything `body` adds as rules comes after everything else it adds. */
  rulesLast(body: () => void): void {
    if (this.#waiting) {
      body();
      return;
    }
    this.#waiting = [];
    body();
    for (const operation of this.#waiting) this.#operations.push(operation);
    this.#waiting = undefined;
  }

  append(place: Place, leaf: NftLeaf, span: Span, table: TableId, chain: string, body: RuleBody): void {
    const origin = this.origin(place, leaf, span);
    const operation: Operation = { op: "append", table, chain, body, origin, presence: "certain" };
    (this.#waiting ?? this.#operations).push(operation);
  }

  /** Reports what is wrong with a rule, notes what it uses, adds its inline chains; gives its body. */
  useRule(table: KnownTable, rule: ConvertedRule, place: Place, leaf: NftLeaf): RuleBody {
    for (const problem of rule.problems) this.problem(place, leaf, problem);
    for (const reference of rule.references) {
      this.registry.refer(table, reference, this.origin(place, leaf, reference.span));
    }
    for (const name of rule.updates) {
      table.updated.add(name);
      this.#updated.add(setKey(table.id, name));
    }
    for (const { name, rules } of rule.inline) {
      const key = `${tableKey(table.id)} ${name}`;
      if (this.#inlineDone.has(key)) continue;
      this.#inlineDone.add(key);
      this.emit(place, leaf, { op: "addChain", table: table.id, chain: name, mustBeNew: false });
      for (const inner of rules) {
        const body = this.useRule(table, inner, place, leaf);
        this.append(place, leaf, leaf.node.span, table.id, name, body);
      }
    }
    return rule.body;
  }
}

/** The table's family as written; nft's default is ip. */
export function familyOf(text: string | undefined): Family {
  switch (text) {
    case "ip6":
    case "inet":
    case "arp":
    case "bridge":
    case "netdev":
      return text;
    default:
      return "ip";
  }
}

/** Nothing is known to be in the table. */
export function isFresh({ chains, sets, helpers, objects }: KnownTable): boolean {
  return chains.size === 0 && sets.size === 0 && helpers.size === 0 && objects.size === 0;
}
