import type { ShellConversion } from "../../convert/shell/convert.ts";
import type { ShellFile, SyntaxNode } from "../../syntax/shell/shell-file.ts";
import { childrenOf } from "../../syntax/shell/tree.ts";
import { contains } from "../../text/span.ts";

/** A script, read and followed. */
export interface ScriptInput {
  readonly path: string;
  readonly file: ShellFile;
  readonly conversion: ShellConversion;
}

/** The statements, compound commands and branches around an offset of the script's text, innermost first. */
export function nodesAround(file: ShellFile, offset: number): SyntaxNode[] {
  const around: SyntaxNode[] = [];
  let children: readonly SyntaxNode[] = file.statements;
  for (;;) {
    // Of two that touch, the one that begins at the offset.
    const node = children.findLast((child) => contains(file.span(child), offset));
    if (node === undefined) return around;
    around.unshift(node);
    children = childrenOf(node);
  }
}
