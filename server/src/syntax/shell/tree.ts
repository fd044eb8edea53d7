import { forEachChild } from "unbash";
import type { SyntaxNode } from "./shell-file.ts";

/**
 * The parts of a node that may hold commands, in order. Words are left alone: their expansions are
 * parsed only when somebody asks, and asking for all of them is slow where they nest.
 */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  if (isLeaf(node)) return children;
  forEachChild(node, (child) => {
    if (child.type !== "Word" && child.type !== "HereDoc" && child.type !== "HereString")
      children.push(child);
  });
  return children;
}

function isLeaf(node: SyntaxNode): boolean {
  return (
    node.type === "Word" ||
    node.type === "Command" ||
    node.type === "Assignment" ||
    node.type === "ArithmeticFor" ||
    node.type === "ArithmeticCommand"
  );
}
