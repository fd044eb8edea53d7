import type { Span } from "../text/span.ts";

/*
 * Instructions in comments. They read alike in every dialect: `# ftp-firewall: ignore CODE — reason`.
 */

/** A text without this holds no directive. */
export const DIRECTIVE_MARK = "ftp-firewall:";

export const DIRECTIVE_NAMES = ["assume", "ignore", "ignore-file"] as const;

/** A code as it is written in a directive. */
export interface NamedCode {
  readonly code: string;
  readonly span: Span;
}

/** What of a directive cannot be read. */
export interface DirectiveTrouble {
  readonly kind: "name" | "no-code" | "separator" | "no-value" | "more-value";
  readonly span: Span;
}

/** A comment that begins with `ftp-firewall:`; all spans are of the whole text. */
export interface Directive {
  /** The comment, from its `#` on. */
  readonly span: Span;
  /** As written, known or not. */
  readonly name: NamedCode;
  /** Of `ignore` and `ignore-file`. */
  readonly codes: readonly NamedCode[];
  /** Of `assume NAME=value`: a variable of a script whose value comes from outside; "1" is its first argument. */
  readonly assumption?: { readonly name: string; readonly value: string };
  readonly trouble?: DirectiveTrouble;
}

const START = /#+[ \t]*ftp-firewall:[ \t]*/y;
const CODE = /[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*/y;
const COMMA = /[ \t]*,[ \t]*/y;
/** What a reason begins with, or the comment's end. */
const REASON = /[ \t]*(?:$|:|-)|[ \t]*[—–]/y;

/** The comment as a directive; undefined for any other comment. `comment` begins at its `#` and ends with its line. */
export function readDirective(text: string, comment: Span): Directive | undefined {
  const line = text.slice(comment.start, comment.end).trimEnd();
  const span = { start: comment.start, end: comment.start + line.length };
  const start = matchAt(START, line, 0);
  if (start === undefined) return undefined;
  const word = /^[^\s:,]*/.exec(line.slice(start.length))![0];
  const at = start.length;
  const name = { code: word, span: { start: span.start + at, end: span.start + at + word.length } };
  if (word === "assume") return { span, name, codes: [], ...readAssumption(line, at + word.length, span) };
  if (word !== "ignore" && word !== "ignore-file") {
    return { span, name, codes: [], trouble: { kind: "name", span: word === "" ? span : name.span } };
  }
  return { span, name, ...readCodes(line, at + word.length, span.start) };
}

const ASSUMPTION = /^[ \t]+\$?\{?([A-Za-z_]\w*|[0-9]+)\}?=(?:"([^"]*)"|'([^']*)'|(\S*))(?=[ \t]|$)/;

/** `NAME=value`, the value perhaps in quotes; what follows is a reason. */
function readAssumption(line: string, from: number, span: Span): Pick<Directive, "assumption" | "trouble"> {
  const [written, name, ...values] = ASSUMPTION.exec(line.slice(from)) ?? [];
  if (written === undefined || name === undefined) return { trouble: { kind: "no-value", span } };
  const assumption = { name, value: values.find((value) => value !== undefined) ?? "" };
  const at = from + written.length;
  if (matchAt(REASON, line, at) !== undefined) return { assumption };
  const blank = matchAt(/[ \t]*/y, line, at)!.length;
  return {
    assumption,
    trouble: { kind: "more-value", span: { start: span.start + at + blank, end: span.end } },
  };
}

/** The codes behind `ignore`, separated by commas, up to the reason. */
function readCodes(line: string, from: number, base: number): Pick<Directive, "codes" | "trouble"> {
  const codes: NamedCode[] = [];
  let at = from + matchAt(/[ \t]*/y, line, from)!.length;
  for (;;) {
    const code = matchAt(CODE, line, at);
    if (code === undefined) break;
    codes.push({ code, span: { start: base + at, end: base + at + code.length } });
    at += code.length;
    const comma = matchAt(COMMA, line, at);
    if (comma === undefined) break;
    at += comma.length;
  }
  const rest = { start: base + Math.min(at, line.length), end: base + line.length };
  if (codes.length === 0)
    return { codes, trouble: { kind: "no-code", span: { start: base, end: rest.end } } };
  if (matchAt(REASON, line, at) !== undefined) return { codes };
  const blank = matchAt(/[ \t]*/y, line, at)!.length;
  return { codes, trouble: { kind: "separator", span: { start: rest.start + blank, end: rest.end } } };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
