import type { Expression, VerdictNode } from "../../syntax/nftables/tree.ts";
import { printTuple, readTuple } from "./elements.ts";
import type { Mapped } from "./maps.ts";
import { notListed, quoted } from "./text.ts";
import { readName, unwrap, type Variables } from "./values.ts";

/** What names of chains are called by now. */
export interface Chains {
  readonly chain: (written: string) => string;
}

/** What an element maps to. */
export function printData(written: Expression, data: Mapped, chains: Chains, scope: Variables): string {
  const { expression, variables } = unwrap(written, scope);
  if (expression.kind === "verdict") return printVerdict(expression.verdict, chains, variables);
  if (data === "object") return quoted(readName(expression, variables));
  if (data === "verdict") return notListed("a verdict that cannot be read");
  return printTuple(readTuple(expression, data, variables), data);
}

/** Without the block of `jump { … }`. */
export function printVerdict({ type, chain }: VerdictNode, chains: Chains, variables: Variables): string {
  if (type !== "jump" && type !== "goto") return type;
  if (!chain) return notListed("the chain that is jumped to");
  return `${type} ${chains.chain(readName(chain, variables))}`;
}
