import type { HereDoc, Redirection, ShellProblem, Statement, SyntaxNode } from "./shell-file.ts";
import { childrenOf } from "./tree.ts";

/**
 * Here-documents whose closing line never comes: bash warns, dash says nothing, and both take all that follows for
 * their text.
 */
export function endlessHereDocuments(
  statements: readonly Statement[],
  spanOf: (node: { readonly pos: number; readonly end: number }) => ShellProblem["span"],
): ShellProblem[] {
  const found: ShellProblem[] = [];
  const pending: SyntaxNode[] = [...statements];
  while (pending.length > 0) {
    const node = pending.pop()!;
    for (const one of redirectsOf(node)) {
      if (one.type !== "HereDoc" || one.closing !== undefined || one.delimiter === undefined) continue;
      found.push({
        code: "syntax-error",
        severity: "warning",
        message: message(one, one.delimiter.value),
        span: spanOf({ pos: one.pos, end: one.delimiter.end }),
        refused: false,
      });
    }
    pending.push(...childrenOf(node));
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

function redirectsOf(node: SyntaxNode): readonly Redirection[] {
  return node.type === "Command" || node.type === "Redirected" ? node.redirects : [];
}

function message({ body, operator }: HereDoc, delimiter: string): string {
  const indented = body.text.split("\n").find((line) => line.trim() === delimiter);
  const why =
    indented === undefined
      ? `no line that is "${delimiter}" follows`
      : `the line "${delimiter}" has blanks around it${operator === "<<" ? " (<<- lets tabs pass)" : ""}`;
  return `This here-document goes on to the end of the script: ${why}. Everything after it is taken for its text.`;
}
