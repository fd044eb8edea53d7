import type { LoadedFile } from "../convert/host.ts";
import { ShellText } from "../syntax/shell/comments.ts";
import type { ShellFile } from "../syntax/shell/shell-file.ts";
import type { Span } from "../text/span.ts";

// Rulesets that stand in quotes in a script: `nft "table …"`, `echo "…" | nft -f -`, RULES='…'.

export interface QuotedText {
  /** Between the quotes. */
  readonly span: Span;
  /** What a program makes of it, as far as it is the author's: at the same places. */
  readonly text: string;
}

/** A script is looked through once. */
const KNOWN = new WeakMap<ShellFile, readonly Span[]>();

function quotedSpans(file: ShellFile): readonly Span[] {
  const known = KNOWN.get(file) ?? new ShellText(file).quotedTexts();
  KNOWN.set(file, known);
  return known;
}

/** Those that look as if they held what a pattern finds. */
export function quotedTexts({ syntax, source }: LoadedFile, pattern: RegExp): QuotedText[] {
  if (syntax.dialect !== "shell") return [];
  return quotedSpans(syntax.file)
    .map((span) => ({ span, text: source.text.slice(span.start, span.end).replaceAll('\\"', ' "') }))
    .filter(({ text }) => pattern.test(text));
}

/** A text as it has to be written at a place of a script: within double quotes others need a backslash. */
export function escapedAt({ syntax, source }: LoadedFile, at: number, text: string): string {
  if (syntax.dialect !== "shell" || !text.includes('"')) return text;
  const around = quotedSpans(syntax.file).find((one) => one.start <= at && at <= one.end);
  return around && source.text.charAt(around.start - 1) === '"' ? text.replaceAll('"', '\\"') : text;
}
