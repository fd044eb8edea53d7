import type { Command, ShellFile, Statement, SyntaxNode } from "../../syntax/shell/shell-file.ts";
import { childrenOf } from "../../syntax/shell/tree.ts";

/** Counts, from the text alone, how many commands that add rules a part of a script can reach. */
export class RuleCounter {
  /** Every statement-like node of the script in order, those in functions too. */
  readonly nodes: readonly SyntaxNode[];
  readonly #functions = new Map<string, SyntaxNode>();
  readonly #counts = new Map<string, number>();

  constructor(file: ShellFile) {
    this.nodes = walk(file.statements, true);
    for (const node of this.nodes)
      if (node.type === "Function") this.#functions.set(node.name.value, node.body);
  }

  count(root: SyntaxNode): number {
    let total = 0;
    for (const node of walk([root], false)) if (node.type === "Command") total += this.#ofCommand(node);
    return total;
  }

  #ofCommand(command: Command): number {
    const name = command.name?.value ?? "";
    const body = this.#functions.get(name);
    if (body) return this.#ofFunction(name, body);
    return addsRule(command, name) ? 1 : 0;
  }

  #ofFunction(name: string, body: SyntaxNode): number {
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    // A function that calls itself adds nothing by that.
    this.#counts.set(name, 0);
    const count = this.count(body);
    this.#counts.set(name, count);
    return count;
  }
}

function addsRule(command: Command, name: string): boolean {
  if (/-restore$/.test(name)) return true;
  return command.args.some(
    (argument) => argument.type === "Word" && /^(?:-[AI]|--append|--insert|add|insert)$/.test(argument.text),
  );
}

/** The nodes of a script without those inside function definitions. */
export function withoutFunctions(statements: readonly Statement[]): readonly SyntaxNode[] {
  return walk(statements, false);
}

function walk(roots: readonly SyntaxNode[], functions: boolean): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const pending: SyntaxNode[] = [...roots].reverse();
  while (pending.length > 0) {
    const node = pending.pop()!;
    found.push(node);
    if (node.type === "Function" && !functions) continue;
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]!);
  }
  return found;
}
