import { countHandles, listNftRule } from "../../listing/nftables/rule.ts";
import type { Condition, RuleBody, RuleItem, Statement, Verdict } from "../../model/rule.ts";
import type { Family } from "../../model/ruleset.ts";
import type { Expression, RuleNode, StatementProblem, VerdictNode } from "../../syntax/nftables/tree.ts";
import type { ProblemCode } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";
import { withJoinedPorts } from "../joined-ports.ts";
import type { FieldInfo } from "./fields.ts";
import type { Variables } from "./scope.ts";
import { point, Resolver, type UnknownValue } from "./values.ts";

const JOINED_BY = "whether nft is older than 1.1, which joins two negated ports into one comparison";

/** Something of the rule's table that a rule names. */
export interface Reference {
  /** "rule-chain": the chain a rule is added to, which may have a hook. */
  readonly to: "chain" | "rule-chain" | "set" | "helper" | "object";
  readonly name: string;
  readonly span: Span;
}

/** A rule in terms of the model, with what is wrong with it and what it needs. Shared by rules of equal text. */
export interface ConvertedRule {
  readonly body: RuleBody;
  readonly references: readonly Reference[];
  readonly problems: readonly StatementProblem[];
  /** Sets that the rule itself adds elements to. */
  readonly updates: readonly string[];
  /** Statements that only some chains may have. */
  readonly confined: readonly Confined[];
  /** Rules of inline chains (`jump { … }`), by the name made up for the chain. */
  readonly inline: readonly InlineChain[];
  /** How many handles the kernel gives out for the rule and what comes with it; undefined: not known. */
  readonly handles: () => number | undefined;
}

export interface Confined {
  readonly what: "dnat" | "snat" | "masquerade" | "redirect" | "reject";
  readonly span: Span;
}

export interface InlineChain {
  readonly name: string;
  readonly rules: readonly ConvertedRule[];
}

/** Turns the parts of one rule into conditions and statements. */
export class RuleBuilder {
  readonly family: Family;
  readonly variables: Variables;
  readonly resolver = new Resolver();
  readonly items: RuleItem[] = [];
  readonly references: Reference[] = [];
  readonly problems: StatementProblem[] = [];
  readonly updates: string[] = [];
  readonly confined: Confined[] = [];
  readonly inline: InlineChain[] = [];
  /** What the rule's matches so far leave over, where it is one value. */
  #nfproto: 4 | 6 | undefined;
  #l4proto: number | undefined;
  #transport = false;

  constructor(family: Family, variables: Variables) {
    this.family = family;
    this.variables = variables;
    this.#nfproto = family === "ip" ? 4 : family === "ip6" ? 6 : undefined;
  }

  get nfproto(): 4 | 6 | undefined {
    return this.#nfproto;
  }

  condition(condition: Condition): void {
    this.items.push({ item: "condition", condition });
  }

  statement(statement: Statement): void {
    this.items.push({ item: "statement", statement });
  }

  opaque(fact: string, stable: boolean, span: Span): void {
    this.condition({ kind: "opaque", fact, stable, span });
  }

  noop(name: string, span: Span): void {
    this.statement({ kind: "noop", name, span });
  }

  unknown(value: UnknownValue, stable = true): void {
    this.report(value);
    this.opaque(value.fact, stable, value.span);
  }

  report({ problem, span }: UnknownValue): void {
    if (problem?.doubtful) {
      const { code, message } = problem;
      this.problems.push({ code, severity: "info", message, span, refused: false });
    } else if (problem) this.problem(problem.code, problem.message, span);
  }

  problem(code: ProblemCode, message: string, span: Span): void {
    this.problems.push({ code, severity: "error", message, span, refused: true });
  }

  refer(to: Reference["to"], name: string, span: Span): void {
    this.references.push({ to, name, span });
  }

  /** Adds the conditions that a selector implies, once per rule. */
  imply(info: FieldInfo, span: Span): void {
    if (this.family === "arp") return;
    const weak = info.weak && this.#nfproto !== undefined;
    if (info.nfproto !== undefined && !weak) this.#implyFamily(info.nfproto, span);
    if (info.l4proto !== undefined) this.#implyProtocol(info.l4proto, span);
  }

  /** What a statement asks of the packet without naming a field. */
  implied({ nfproto, l4proto }: { nfproto?: 4 | 6; l4proto?: number }, span: Span): void {
    if (nfproto !== undefined) this.#implyFamily(nfproto, span);
    if (l4proto !== undefined) this.#implyProtocol(l4proto, span);
  }

  #implyFamily(version: 4 | 6, span: Span): void {
    if (this.#nfproto === version) return;
    if (this.#nfproto !== undefined) {
      const message = `This looks at IPv${version}, but only IPv${this.#nfproto} packets come here: nft refuses the rule.`;
      this.problem("conflicting-protocols", message, span);
    }
    this.condition({ kind: "match", field: "nfproto", values: point(version), span });
    this.#nfproto ??= version;
  }

  #implyProtocol(protocol: number, span: Span): void {
    if (this.#l4proto === protocol) return;
    if (this.#l4proto !== undefined) {
      const message =
        "This rule asks for two protocols at once, and no packet has two: nft refuses it. Use a rule for each.";
      this.problem("conflicting-protocols", message, span);
    }
    this.condition({ kind: "match", field: "l4proto", values: point(protocol), span });
    this.#l4proto ??= protocol;
  }

  /** Whether the rule asks for the transport protocol, as ports in NAT need it. */
  get transport(): boolean {
    return this.#transport || this.#l4proto !== undefined;
  }

  sawTransport(): void {
    this.#transport = true;
  }

  /** Tells the builder of a match that leaves one family or protocol over. */
  pinned(field: string | undefined, value: number): void {
    if (field === "nfproto" && (value === 4 || value === 6)) this.#nfproto ??= value;
    if (field === "l4proto") this.#l4proto ??= value;
  }

  /** The verdict a node stands for, with its chain looked up through variables. */
  verdict(node: VerdictNode, span: Span, variables: Variables = this.variables): Verdict | undefined {
    if (node.type !== "jump" && node.type !== "goto") return { type: node.type };
    const chain = node.chain && this.nameOf(node.chain, variables);
    if (chain === undefined) return undefined;
    this.refer("chain", chain, node.chain?.span ?? span);
    return { type: node.type, chain };
  }

  /** The text of a symbol or string, behind variables; undefined when it is something else. */
  nameOf(expression: Expression, variables: Variables = this.variables): string | undefined {
    const { expression: value } = this.resolver.unwrap(expression, variables);
    return value.kind === "symbol" || value.kind === "string" ? value.text : undefined;
  }

  finish(node: RuleNode): ConvertedRule {
    const items = withJoinedPorts(this.items, JOINED_BY);
    const { family, variables } = this;
    const body: RuleBody = {
      items,
      ...(node.comment !== undefined && { comment: node.comment }),
      listed: (chain, table) => listNftRule(node, family, variables, { chain, table }),
      tool: "nft",
      ...(this.updates.length > 0 && { updates: this.updates }),
    };
    const { references, problems, updates, confined, inline } = this;
    const handles = () => countHandles(node, family, variables);
    return { body, references, problems, updates, confined, inline, handles };
  }
}
