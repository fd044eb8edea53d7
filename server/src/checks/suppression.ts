import type { Directive, DirectiveTrouble, NamedCode } from "../syntax/directive.ts";
import { DIRECTIVE_NAMES } from "../syntax/directive.ts";
import type { TextEdit } from "../text/edit.ts";
import { LineIndex } from "../text/line-index.ts";
import type { Severity } from "../text/problem.ts";
import { similarNames } from "../text/similar.ts";
import type { Span } from "../text/span.ts";
import { cover } from "../text/span.ts";
import { codeNames, findCode, UNKNOWN_CHECK, UNKNOWN_DIRECTIVE, UNUSED_SUPPRESSION } from "./codes.ts";
import { commentSpan, isBlank } from "./comment-span.ts";
import { logicalLines } from "./logical-lines.ts";

/** A file and the instructions in its comments. */
export interface DirectedFile {
  readonly path: string;
  readonly text: string;
  /** A backslash at its end joins a line with the next one. */
  readonly joinsLines: boolean;
  readonly directives: readonly Directive[];
  /** The longer statements in which a stretch of the text lies. */
  readonly around?: (span: Span) => readonly Span[];
}

/** What a comment can ask to ignore. */
export interface Suppressible {
  readonly code: string;
  readonly place: { readonly path: string; readonly span: Span };
  /** All of the statement in which the place lies, of the file's whole text. */
  readonly statement: Span;
  /** The calls that lead there, of any file. */
  readonly calls?: readonly { readonly path: string; readonly span: Span }[];
}

/** Something wrong with an instruction, and what mends it. */
export interface DirectiveProblem extends Suppressible {
  readonly severity: Severity;
  readonly message: string;
  readonly correction?: { readonly title: string; readonly edit: TextEdit };
}

export interface Suppressed<Found> {
  readonly kept: readonly Found[];
  readonly ignored: readonly Found[];
  readonly problems: readonly DirectiveProblem[];
}

/** Takes out what comments ask to ignore, and says which of these ask in vain. `wasSought`: whether it could be found. */
export function suppress<Found extends Suppressible>(
  files: readonly DirectedFile[],
  found: readonly Found[],
  wasSought: (code: string, path: string) => boolean,
): Suppressed<Found> {
  const directed = new Map(
    files.filter(({ directives }) => directives.length > 0).map((file) => [file.path, new Directed(file)]),
  );
  const isIgnored = (one: Suppressible) => {
    const places = [
      one,
      ...(one.calls ?? []).map(({ path, span }) => ({ ...one, place: { path, span }, statement: span })),
    ];
    // All of them are asked, so that none of their comments counts as unused.
    return places.map((each) => directed.get(each.place.path)?.ignores(each) ?? false).includes(true);
  };
  const kept: Found[] = [];
  const ignored: Found[] = [];
  for (const one of found) (isIgnored(one) ? ignored : kept).push(one);
  const all = [...directed.values()];
  const misread = all.flatMap((file) => file.misread()).filter((one) => !isIgnored(one));
  const unused = all.flatMap((file) => file.unused(wasSought)).filter((one) => !isIgnored(one));
  return { kept, ignored, problems: [...misread, ...unused] };
}

/** A directive of one file, and the line on which it stands. */
interface OnLine {
  readonly directive: Directive;
  readonly line: number;
}

/** The instructions of one file; remembers which of them were of use. */
class Directed {
  readonly #file: DirectedFile;
  readonly #lines: LineIndex;
  readonly #here: readonly OnLine[];
  readonly #wholeFile: readonly Directive[];
  readonly #used = new Set<NamedCode>();
  readonly #similar = new Map<string, readonly string[]>();

  constructor(file: DirectedFile) {
    this.#file = file;
    this.#lines = new LineIndex(file.text);
    const named = (name: string) => file.directives.filter((one) => one.name.code === name);
    this.#here = named("ignore").map((directive) => this.#onLine(directive));
    this.#wholeFile = named("ignore-file");
  }

  ignores({ code, place, statement }: Suppressible): boolean {
    const whole = cover(statement, place.span);
    const codes = [...this.#wholeFile, ...this.#around(whole), ...this.#aboveLonger(whole)]
      .flatMap((directive) => directive.codes)
      .filter((one) => one.code === code);
    for (const one of codes) this.#used.add(one);
    return codes.length > 0;
  }

  /** Codes that do not exist, and instructions that cannot be read. */
  misread(): DirectiveProblem[] {
    return this.#file.directives.flatMap((directive) => [
      ...(directive.trouble ? [this.#unknownDirective(directive, directive.trouble)] : []),
      ...directive.codes
        .filter(({ code }) => !findCode(code))
        .map((one) => this.#unknownCheck(directive, one)),
    ]);
  }

  /** What asked in vain. That an instruction is of no use cannot be asked for in vain. */
  unused(wasSought: (code: string, path: string) => boolean): DirectiveProblem[] {
    return this.#file.directives.flatMap((directive) => {
      const vain = directive.codes.filter(
        (one) =>
          findCode(one.code) !== undefined &&
          one.code !== UNUSED_SUPPRESSION &&
          !this.#used.has(one) &&
          wasSought(one.code, this.#file.path),
      );
      const all = vain.length === directive.codes.length;
      if (all && vain.length > 0) return [this.#uselessComment(directive)];
      return vain.map((one) => this.#uselessCode(directive, one));
    });
  }

  /** The instructions on the lines of a statement, and in the comments directly above it. */
  #around(statement: Span): Directive[] {
    if (this.#here.length === 0) return [];
    const { first, last } = this.#linesOf(statement);
    // Of the lines above only those count that are comments as a whole: one behind a rule is for that rule.
    const top = this.#topOfComments(first);
    return this.#here.filter(({ line }) => line >= top && line <= last).map(({ directive }) => directive);
  }

  /** Those on the first lines of the loops, functions and here documents around a statement, and directly above. */
  #aboveLonger(statement: Span): Directive[] {
    if (this.#here.length === 0) return [];
    const heads = (this.#file.around?.(statement) ?? []).map(({ start }) => ({ start, end: start }));
    return heads.flatMap((head) => this.#around(head));
  }

  #linesOf({ start, end }: Span): { first: number; last: number } {
    const first = this.#lines.position(start).line;
    const last = this.#lines.position(Math.max(start, end)).line;
    return this.#file.joinsLines ? logicalLines(this.#file.text, this.#lines, first, last) : { first, last };
  }

  /** The first line of the block of comment lines that ends above a line. */
  #topOfComments(line: number): number {
    let top = line;
    while (top > 0 && /^[\ufeff \t]*#/.test(this.#lineText(top - 1))) top--;
    return top;
  }

  #lineText(line: number): string {
    return this.#file.text.slice(this.#lines.lineStart(line), this.#lines.lineStart(line + 1));
  }

  #onLine(directive: Directive): OnLine {
    return { directive, line: this.#lines.position(directive.span.start).line };
  }

  /** What stands before a comment on its line. */
  #before({ span }: Directive): string {
    const { line } = this.#lines.position(span.start);
    return this.#file.text.slice(this.#lines.lineStart(line), span.start);
  }

  #unknownCheck(directive: Directive, { code, span }: NamedCode): DirectiveProblem {
    const near = this.#similarCodes(code);
    const what =
      near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "`ftp-firewall explain` lists them all.";
    return this.#problem(UNKNOWN_CHECK, directive, span, {
      message: `There is no check “${code}”, so this ignores nothing. ${what}`,
      correction: spelling(span, near[0]),
    });
  }

  /** One mistake is often made on many lines. */
  #similarCodes(code: string): readonly string[] {
    let near = this.#similar.get(code);
    if (!near) {
      near = similarNames(code, codeNames());
      this.#similar.set(code, near);
    }
    return near;
  }

  #unknownDirective(directive: Directive, { kind, span }: DirectiveTrouble): DirectiveProblem {
    const { code: written } = directive.name;
    const [near] = kind === "name" && written !== "" ? similarNames(written, DIRECTIVE_NAMES) : [];
    return this.#problem(UNKNOWN_DIRECTIVE, directive, span, {
      message: `${TROUBLES[kind](written)}${near ? ` Did you mean ${near}?` : ""}`,
      correction: kind === "name" ? spelling(span, near) : undefined,
    });
  }

  #uselessComment(directive: Directive): DirectiveProblem {
    return this.#problem(UNUSED_SUPPRESSION, directive, directive.span, {
      message: `${this.#inVain(directive, directive.codes)} Remove this comment.`,
      correction: {
        title: "Remove this comment",
        edit: { span: commentSpan(this.#file.text, this.#lines, directive.span), newText: "" },
      },
    });
  }

  #uselessCode(directive: Directive, code: NamedCode): DirectiveProblem {
    return this.#problem(UNUSED_SUPPRESSION, directive, code.span, {
      message: `${this.#inVain(directive, [code])} Remove it from this comment.`,
      correction: {
        title: `Remove ${code.code} from this comment`,
        edit: { span: listItemSpan(directive.codes, code), newText: "" },
      },
    });
  }

  #inVain(directive: Directive, codes: readonly NamedCode[]): string {
    const names = codes.map(({ code }) => code).join(", ");
    return `This ignores nothing: ${names} ${codes.length === 1 ? "is" : "are"} not found ${this.#reach(directive)}.`;
  }

  #reach(directive: Directive): string {
    if (directive.name.code === "ignore-file") return "in this file";
    return isBlank(this.#before(directive)) ? "in the statement below this comment" : "in this statement";
  }

  #problem(
    code: string,
    directive: Directive,
    span: Span,
    rest: Pick<DirectiveProblem, "message" | "correction">,
  ): DirectiveProblem {
    const severity = findCode(code)?.level as Severity;
    return { code, severity, place: { path: this.#file.path, span }, statement: directive.span, ...rest };
  }
}

const TROUBLES: Readonly<Record<DirectiveTrouble["kind"], (written: string) => string>> = {
  name: (written) =>
    written === ""
      ? "This comment is addressed to FTP Firewall but asks for nothing. Write ignore CODE, ignore-file CODE or assume NAME=value."
      : `“${written}” is nothing that FTP Firewall can be asked for in a comment; ignore, ignore-file and assume are.`,
  "no-code": (written) =>
    `This ignores nothing, because it names no check. Write ${written} and the check's code, such as passive-data-blocked.`,
  "no-value": () =>
    "This says nothing about a variable. Write assume NAME=value, with the value in quotes if there are blanks in it.",
  "more-value": () =>
    "This is no part of the value, which ends at the blank. Write a value of several words in quotes, and a dash or a colon before a reason.",
  separator: () =>
    "What stands here is not understood. Write commas between the codes, and a dash or a colon before the reason.",
};

function spelling(span: Span, name: string | undefined): DirectiveProblem["correction"] {
  return name === undefined ? undefined : { title: `Write ${name}`, edit: { span, newText: name } };
}

/** One of several codes, with the comma on one side of it. */
function listItemSpan(codes: readonly NamedCode[], code: NamedCode): Span {
  const index = codes.indexOf(code);
  const next = codes[index + 1];
  if (next) return { start: code.span.start, end: next.span.start };
  return { start: codes[index - 1]?.span.end ?? code.span.start, end: code.span.end };
}
