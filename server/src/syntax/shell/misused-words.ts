import type { Command, ShellProblem, Statement, SyntaxNode } from "./shell-file.ts";
import { childrenOf } from "./tree.ts";

/** What the shell complains of when it comes there, though it can read the script: bash and dash alike. */
export function misusedWords(
  statements: readonly Statement[],
  spanOf: (node: { readonly pos: number; readonly end: number }) => ShellProblem["span"],
): ShellProblem[] {
  const found: ShellProblem[] = [];
  const pending: { readonly node: SyntaxNode; readonly inFunction: boolean }[] = statements.map((node) => ({
    node,
    inFunction: false,
  }));
  while (pending.length > 0) {
    const { node, inFunction } = pending.pop()!;
    const message = node.type === "Command" ? complaint(node, inFunction) : undefined;
    if (message !== undefined && node.type === "Command")
      found.push({
        code: "syntax-error",
        severity: "warning",
        message,
        span: spanOf(node.name ?? node),
        refused: false,
      });
    const inside = inFunction || node.type === "Function";
    for (const child of childrenOf(node)) pending.push({ node: child, inFunction: inside });
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

function complaint({ name, args }: Command, inFunction: boolean): string | undefined {
  const word = name?.text ?? "";
  if (/^\[[-!"$]/.test(word))
    return `The shell says “${word}: command not found”: it takes [ for a part of the word. Write a blank behind it.`;
  const last = args[args.length - 1]?.text;
  if (word === "[" && last !== undefined && last.length > 1 && /[\w"}/]\]$/.test(last) && !last.includes("["))
    return `The shell says “[: missing \`]'” and takes the test for failed: write a blank before the ] of “${last}”.`;
  if (word.startsWith("\uff03"))
    return `The shell says “${shortened(word)}: command not found” and goes on: the full-width character ＃ does not start a comment. Write # instead.`;
  if (word === "local" && !inFunction)
    return "The shell says “local: can only be used in a function”: bash sets no variable here, and dash stops. Leave out local.";
  return undefined;
}

function shortened(word: string): string {
  return word.length > 30 ? `${word.slice(0, 29)}…` : word;
}
