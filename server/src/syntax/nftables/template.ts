import { templateEnd } from "./lexer.ts";
import type { NftProblem } from "./tree.ts";

/** Jinja, Go, ERB, shell and autoconf placeholders; `{{1.1.1.1}}` is a set in a set. */
const MARKER = /\{\{-?\s*[A-Za-z_.$]|\{%|\{#|<%|\$\{|@[A-Z][A-Z0-9_]*@/g;

/** A file with so many markers that are none is no template. */
const MAX_CANDIDATES = 500;

/** Where the first placeholder of a template language stands outside comments; -1 without one. */
export function findTemplate(text: string): number {
  MARKER.lastIndex = 0;
  for (let looked = 0; looked < MAX_CANDIDATES; looked++) {
    const match = MARKER.exec(text);
    if (!match) return -1;
    if (!inComment(text, match.index) && closes(text, match.index)) return match.index;
  }
  return -1;
}

/** `{#` also begins a comment behind a brace; `{{ a, b }` may be a set in a set. */
function closes(text: string, at: number): boolean {
  const end = templateEnd(text, at);
  if (end < 0) return false;
  const marker = text.slice(at, end);
  if (marker.startsWith("{{")) return /^\{\{[^,]*\}\}$/.test(marker) || /[|(.]/.test(marker);
  if (marker.startsWith("{#")) return marker.endsWith("#}");
  return true;
}

function inComment(text: string, at: number): boolean {
  // A bounded look back: a line of that length is no comment anybody wrote.
  const before = text.slice(Math.max(0, at - 2000), at);
  return /^[^"]*#/.test(before.slice(before.lastIndexOf("\n") + 1));
}

/** The one thing said about a template. */
export function templateProblem(text: string, at: number): NftProblem {
  const end = Math.max(at + 1, Math.min(text.length, templateEnd(text, at)));
  return {
    code: "syntax-error",
    severity: "hint",
    refused: true,
    message:
      "This file is a template: nft refuses it as it stands. What follows is judged only as far as it can be read without knowing what the placeholders become.",
    span: { start: 0, end: end - at },
    statement: { start: at, end },
  };
}
