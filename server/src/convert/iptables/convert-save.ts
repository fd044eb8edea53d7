import { IPTABLES_TABLES } from "../../model/builtin-chains.ts";
import type { Operation } from "../../model/operation.ts";
import type { TableId } from "../../model/ruleset.ts";
import type { IptablesSaveFile, SaveLine, SaveStatement } from "../../syntax/iptables-save/file.ts";
import type { Origin } from "../../text/origin.ts";
import { absoluteSpan } from "../../text/origin.ts";
import type { Problem, ProblemCode } from "../../text/problem.ts";
import type { Conversion } from "../result.ts";
import { convertIptablesCommand, policyChange } from "./convert-command.ts";
import { builtinHook, iptablesTable } from "./tables.ts";

export interface SaveOptions {
  readonly path: string;
  readonly family: 4 | 6;
  /** iptables-restore --noflush: what is there stays. */
  readonly noflush?: boolean;
}

/** More problems than this are one: the file is something else. */
const MOST_PROBLEMS = 50;
const KEPT_PROBLEMS = 1000;
const NO_FRAMES: Origin["frames"] = [];

/** What iptables-restore does with the file. Lines it would refuse are converted as they were meant. */
export function convertIptablesSave(file: IptablesSaveFile, options: SaveOptions): Conversion {
  const conversion = new SaveConversion(file, options);
  for (const statement of file.statements) conversion.line(statement);
  return { operations: conversion.operations, problems: conversion.problems(), needs: [] };
}

class SaveConversion {
  readonly operations: Operation[] = [];
  readonly #file: IptablesSaveFile;
  readonly #options: SaveOptions;
  readonly #lineProblems: Problem[] = [];
  /** All of them, those beyond KEPT_PROBLEMS too. */
  #found = 0;
  #table: TableId | undefined;
  /** User chains declared so far in the table. */
  #chains = new Set<string>();

  constructor(file: IptablesSaveFile, options: SaveOptions) {
    this.#file = file;
    this.#options = options;
  }

  line(statement: SaveStatement): void {
    const { node } = statement;
    switch (node.kind) {
      case "table":
        this.#openTable(node, statement);
        return;
      case "chain":
        this.#declareChain(node, statement);
        return;
      case "command":
        this.#command(node, statement);
        return;
      case "commit":
        this.#table = undefined;
        return;
      case "opaque":
        this.#opaque(node, statement);
        return;
      default:
    }
  }

  problems(): Problem[] {
    const whole = this.#file.problems.map(
      ({ span, ...rest }): Problem => ({
        ...rest,
        origin: {
          file: this.#options.path,
          statement: span,
          span: { start: 0, end: span.end - span.start },
          frames: NO_FRAMES,
        },
      }),
    );
    if (this.#file.template) return whole;
    const all = [...whole, ...this.#lineProblems].sort(
      (a, b) => absoluteSpan(a.origin).start - absoluteSpan(b.origin).start,
    );
    const next = all[MOST_PROBLEMS];
    if (!next) return all;
    const left = whole.length + this.#found - MOST_PROBLEMS;
    const message = `${left} more problems follow. Is this really an iptables-save file?`;
    return [
      ...all.slice(0, MOST_PROBLEMS),
      { code: "too-many-problems", severity: "info", message, origin: next.origin, refused: true },
    ];
  }

  #origin(statement: SaveStatement): Origin {
    const span = { start: 0, end: statement.end - statement.start };
    return { file: this.#options.path, statement, span, frames: NO_FRAMES };
  }

  #push(change: Parameters<typeof withPlace>[0], statement: SaveStatement): void {
    this.operations.push(withPlace(change, this.#origin(statement)));
  }

  #problem(
    code: ProblemCode,
    message: string,
    statement: SaveStatement,
    span: { start: number; end: number },
  ): void {
    const origin = { ...this.#origin(statement), span };
    this.#lineProblems.push({ code, severity: "error", message, origin, refused: true });
  }

  #openTable(node: Extract<SaveLine, { kind: "table" }>, statement: SaveStatement): void {
    const name = node.name.text;
    this.#chains = new Set();
    if (!IPTABLES_TABLES.includes(name)) {
      this.#table = undefined;
      const message = `There is no table ${name}, so iptables-restore fails here. There are ${IPTABLES_TABLES.join(", ")}.`;
      this.#problem("syntax-error", message, statement, node.name.span);
      return;
    }
    const table = iptablesTable(this.#options.family === 4 ? "ip" : "ip6", name);
    this.#table = table;
    this.#push({ op: "addTable", table }, statement);
    if (!this.#options.noflush) this.#push({ op: "resetTable", table }, statement);
  }

  #declareChain(node: Extract<SaveLine, { kind: "chain" }>, statement: SaveStatement): void {
    const table = this.#table;
    for (const problem of node.problems)
      this.#problem(problem.code, problem.message, statement, problem.span);
    if (!table) return;
    const chain = node.name.text;
    const base = builtinHook(table.name, chain);
    if (base) {
      this.#push({ op: "addChain", table, chain, base, mustBeNew: false }, statement);
      this.#policy(table, chain, node, statement);
      return;
    }
    this.#chains.add(chain);
    this.#push({ op: "addChain", table, chain, mustBeNew: false }, statement);
    // A declared chain starts empty, even where the rest stays.
    if (this.#options.noflush) this.#push({ op: "flushChain", table, chain }, statement);
  }

  #policy(
    table: TableId,
    chain: string,
    { policy }: Extract<SaveLine, { kind: "chain" }>,
    statement: SaveStatement,
  ): void {
    if (!policy || policy.text === "-") return;
    const changes = policyChange(table, chain, policy.text, {
      origin: this.#origin(statement),
      presence: "certain",
    });
    this.operations.push(...changes);
    if (changes.length === 0) {
      const message = `“${policy.text}” is no policy: ACCEPT and DROP are, in capitals. To reject, end the chain with a rule -j REJECT.`;
      this.#problem("invalid-policy", message, statement, policy.span);
    } else if (table.name === "nat" && policy.text === "DROP") {
      const message =
        "The table nat is not for filtering, and iptables refuses DROP in it. Set the policy in the table filter.";
      this.#problem("wrong-table", message, statement, policy.span);
    }
  }

  #command({ command }: Extract<SaveLine, { kind: "command" }>, statement: SaveStatement): void {
    if (!this.#table) return;
    const { operations, problems } = convertIptablesCommand(command, {
      origin: this.#origin(statement),
      presence: "certain",
      table: this.#table.name,
      isChain: (_, chain) => this.#options.noflush === true || this.#chains.has(chain),
      keepRefused: true,
    });
    for (const operation of operations) {
      this.operations.push(operation);
      if (operation.op === "addChain") this.#chains.add(operation.chain);
    }
    for (const problem of problems) if (++this.#found <= KEPT_PROBLEMS) this.#lineProblems.push(problem);
  }

  #opaque(node: Extract<SaveLine, { kind: "opaque" }>, statement: SaveStatement): void {
    for (const problem of node.problems)
      this.#problem(problem.code, problem.message, statement, problem.span);
    const table = this.#table;
    this.#push({ op: "unknown", fact: node.fact, ...(table ? { table } : {}) }, statement);
  }
}

type Change = Operation extends infer One
  ? One extends Operation
    ? Omit<One, "origin" | "presence">
    : never
  : never;

function withPlace(change: Change, origin: Origin): Operation {
  return { ...change, origin, presence: "certain" };
}
