import type { Directive } from "../syntax/directive.ts";
import { DIRECTIVE_MARK, readDirective } from "../syntax/directive.ts";
import { ShellText } from "../syntax/shell/comments.ts";
import type { Span } from "../text/span.ts";
import type { FileSyntax, LoadedFile } from "./host.ts";

/** The instructions to this program in a file's comments, in order. Cheap where there are none. */
export function directivesOf({ source: { path, text }, syntax }: LoadedFile): Directive[] {
  if (!text.includes(DIRECTIVE_MARK)) return [];
  return readAll(text, commentsOf(syntax, path));
}

/** Those in the configuration of an FTP server: all of them take lines that begin with # as comments. */
export function directivesOfConfig(text: string): Directive[] {
  if (!text.includes(DIRECTIVE_MARK)) return [];
  const lines = [...text.matchAll(/^([ \t]*)#.*/gm)];
  return readAll(
    text,
    lines.map(({ index, 0: line, 1: indent }) => ({
      start: index + indent!.length,
      end: index + line.length,
    })),
  );
}

function readAll(text: string, comments: readonly Span[]): Directive[] {
  const found = new Map<number, Directive>();
  for (const comment of comments) {
    const directive = readDirective(text, comment);
    if (directive) found.set(comment.start, directive);
  }
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}

/** The comments that may be directives, at least. */
function commentsOf(syntax: FileSyntax, path: string): readonly Span[] {
  switch (syntax.dialect) {
    case "nft":
      return syntax.file.comments;
    case "iptables-save":
      return syntax.file.statements.filter(({ node }) => node.kind === "comment");
    case "shell": {
      const inline = syntax.conversion.comments.filter(({ file }) => file === path);
      return [...new ShellText(syntax.file).directiveComments(), ...inline.map(({ span }) => span)];
    }
  }
}
