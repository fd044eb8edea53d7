import type { ProblemCode } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";
import { shift } from "../../text/span.ts";
import type { IptablesSaveFile, SaveLine, SaveProblem, SaveStatement } from "./file.ts";
import { parseLiteralLine, parseSaveLine } from "./line.ts";

/** Nodes of lines that were parsed before, by the line's text; hand the same one in at every parse. */
export class SaveLineCache {
  #lines: Record<4 | 6, ReadonlyMap<string, SaveLine>> = { 4: new Map(), 6: new Map() };

  lines(family: 4 | 6): ReadonlyMap<string, SaveLine> {
    return this.#lines[family];
  }

  /** Keeps what the newest text uses, so that the cache does not grow with every keystroke. */
  keep(family: 4 | 6, lines: ReadonlyMap<string, SaveLine>): void {
    this.#lines[family] = lines;
  }
}

/**
 * Parses an iptables-save file for iptables-restore (family 4) or ip6tables-restore (6).
 * Never throws; linear in the text's length.
 */
export function parseIptablesSave(text: string, family: 4 | 6, cache?: SaveLineCache): IptablesSaveFile {
  return parse(text, family, cache, parseSaveLine);
}

/** The same of a text that is handed to the program just so: placeholders stand for themselves. */
export function parseLiteralSave(text: string, family: 4 | 6): IptablesSaveFile {
  return parse(text, family, undefined, parseLiteralLine);
}

function parse(
  text: string,
  family: 4 | 6,
  cache: SaveLineCache | undefined,
  parseLine: typeof parseSaveLine,
): IptablesSaveFile {
  if (text.includes("\0")) return notText(text);
  const { statements, carriageReturn, unterminated } = splitStatements(text, family, cache, parseLine);
  const template = findTemplate(statements);
  if (template) return { statements, problems: [template], template: true };
  const problems: SaveProblem[] = [];
  if (text.startsWith("\ufeff")) problems.push(byteOrderMark());
  if (carriageReturn) problems.push(dosLineEnds(carriageReturn));
  sectionProblems(statements, problems, unterminated);
  return { statements, problems, template: false };
}

function notText(text: string): IptablesSaveFile {
  const message = "This is not a text file: it has zero bytes. Is it really an iptables-save file?";
  const at = text.indexOf("\0");
  return {
    statements: [],
    problems: [refused("syntax-error", message, { start: at, end: at + 1 })],
    template: false,
  };
}

interface Split {
  readonly statements: SaveStatement[];
  /** The first line that ends with \r\n. */
  readonly carriageReturn?: Span;
  /** The last line has no line end. */
  readonly unterminated: boolean;
}

function splitStatements(
  text: string,
  family: 4 | 6,
  cache: SaveLineCache | undefined,
  parseLine: typeof parseSaveLine,
): Split {
  const known = cache?.lines(family);
  const used = new Map<string, SaveLine>();
  const statements: SaveStatement[] = [];
  let carriageReturn: Span | undefined;
  let start = text.startsWith("\ufeff") ? 1 : 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const next = newline < 0 ? text.length : newline + 1;
    let end = newline < 0 ? text.length : newline;
    if (end > start && text.charCodeAt(end - 1) === 13) {
      end--;
      if (text.charCodeAt(start) !== 35) carriageReturn ??= { start: end, end: end + 1 };
    }
    if (end > start) {
      const line = text.slice(start, end);
      let node = used.get(line);
      if (!node) {
        node = known?.get(line) ?? parseLine(line, family);
        used.set(line, node);
      }
      statements.push({ start, end, node });
    }
    start = next;
  }
  cache?.keep(family, used);
  return {
    statements,
    ...(carriageReturn ? { carriageReturn } : {}),
    unterminated: text.length > 0 && !text.endsWith("\n"),
  };
}

function findTemplate(statements: readonly SaveStatement[]): SaveProblem | undefined {
  for (const { node, start } of statements) {
    if (node.kind === "opaque" && node.template)
      return {
        code: "template-text",
        severity: "hint",
        message:
          "This file is a template: iptables-restore cannot load it before its placeholders are filled in, and what they stand for is not known here.",
        span: shift(node.template, start),
        refused: true,
      };
  }
  return undefined;
}

/** The first thing in a text that looks as if the shell had been meant to fill it in, and did not. */
export function templateProblem(text: string): SaveProblem | undefined {
  const match = /^[^#\n].*?(\$\{[A-Za-z_])/m.exec(text);
  if (match === null) return undefined;
  const start = match.index + match[0].length - match[1]!.length;
  const end = start + match[1]!.length;
  return { code: "template-text", severity: "hint", message: "", span: { start, end }, refused: false };
}

function refused(code: ProblemCode, message: string, span: Span): SaveProblem {
  return { code, severity: "error", message, span, refused: true };
}

function byteOrderMark(): SaveProblem {
  const message =
    "The file starts with a byte-order mark, and iptables-restore fails on its first line. Save it as UTF-8 without a byte-order mark.";
  return refused("byte-order-mark", message, { start: 0, end: 1 });
}

function dosLineEnds(span: Span): SaveProblem {
  const message =
    "The lines end as in DOS (carriage return, line feed). iptables-restore takes the carriage return for a part of the last word and refuses the file. Save it with Unix line ends.";
  return refused("dos-line-ends", message, span);
}

/** Tables opened and closed, and lines outside of them. */
function sectionProblems(
  statements: readonly SaveStatement[],
  problems: SaveProblem[],
  unterminated: boolean,
): void {
  let open: SaveStatement | undefined;
  let outsideReported = false;
  for (const statement of statements) {
    switch (statement.node.kind) {
      case "comment":
        break;
      case "table":
        if (open) problems.push(missingCommit(open));
        open = statement;
        outsideReported = false;
        break;
      case "commit":
        if (!open && !outsideReported) problems.push(outside(statement));
        open = undefined;
        outsideReported = false;
        break;
      default:
        // One problem for a run of such lines: iptables-restore stops at the first.
        if (!open && !outsideReported) problems.push(outside(statement));
        outsideReported = !open;
    }
  }
  if (open) problems.push(missingCommit(open));
  const last = statements[statements.length - 1];
  if (unterminated && last?.node.kind === "commit") {
    const message =
      "The last line, COMMIT, has no line end: iptables-legacy-restore does not recognise it. Add a line end.";
    const span = { start: last.start, end: last.end };
    problems.push({ code: "missing-commit", severity: "info", message, span, refused: false });
  }
}

function missingCommit(table: SaveStatement): SaveProblem {
  const name = table.node.kind === "table" ? table.node.name.text : "";
  const message = `The table ${name} has no COMMIT, so iptables-restore does not load it. Write a line COMMIT after its last rule.`;
  return refused("missing-commit", message, { start: table.start, end: table.end });
}

function outside(statement: SaveStatement): SaveProblem {
  const what = statement.node.kind === "commit" ? "COMMIT" : "This line";
  const message = `${what} stands outside a table, so iptables-restore fails here. Put a line such as *filter before it and COMMIT after its rules.`;
  return refused("syntax-error", message, { start: statement.start, end: statement.end });
}
