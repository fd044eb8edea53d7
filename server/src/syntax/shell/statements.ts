import { forEachChild } from "unbash";
import type { Span } from "../../text/span.ts";
import type { ShellFile, SyntaxNode } from "./shell-file.ts";

/**
 * The statements in which a stretch of the whole text lies, as spans of it: the loops, functions and conditions around
 * a command, and the command that reads a here document. Innermost first.
 */
export function statementsAround(file: ShellFile, { start, end }: Span): Span[] {
  const found: Span[] = [];
  const holds = (node: SyntaxNode): boolean => {
    const span = file.span(node);
    let isAround = span.start <= start && end <= span.end;
    // A here document's text stands behind the statement that reads it, so the parts tell as well.
    forEachChild(node, (child) => {
      if (holds(child)) isAround = true;
    });
    if (isAround && node.type === "Statement") found.push(span);
    return isAround;
  };
  for (const statement of file.statements) holds(statement);
  return found;
}
