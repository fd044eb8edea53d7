import type { ProblemCode, Severity } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";
import type { IptablesCommand } from "../iptables/command.ts";
import type { Word } from "../word.ts";

/**
 * An iptables-save file as statements, one per line; blank lines are left out. A statement's node depends
 * on the line's text alone: its spans count from the statement's start and equal lines share one node.
 */
export interface IptablesSaveFile {
  readonly statements: readonly SaveStatement[];
  /** Problems of the file as a whole, without those of single lines; spans count from the file's start. */
  readonly problems: readonly SaveProblem[];
  /** It is a template (`{{ }}`, `@NAME@` …), so nothing but that is reported. */
  readonly template: boolean;
}

export interface SaveStatement {
  readonly start: number;
  /** Without the line's end. */
  readonly end: number;
  readonly node: SaveLine;
}

export type SaveLine =
  | { readonly kind: "comment" }
  /** `*filter` */
  | { readonly kind: "table"; readonly name: Word }
  /** `:INPUT DROP [0:0]`; without a policy the line is refused. */
  | {
      readonly kind: "chain";
      readonly name: Word;
      readonly policy?: Word;
      readonly problems: readonly LineProblem[];
    }
  /** `[12:34] -A INPUT …`, and other commands without the program's name. */
  | { readonly kind: "command"; readonly counters?: Span; readonly command: IptablesCommand }
  | { readonly kind: "commit" }
  /** Text that cannot be read; `fact` completes "it depends on …". */
  | {
      readonly kind: "opaque";
      readonly fact: string;
      /** Where a template's placeholder stands, if that is the reason. */
      readonly template?: Span;
      readonly problems: readonly LineProblem[];
    };

export interface LineProblem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly refused: boolean;
}

/** As LineProblem, with a span that counts from the start of the file. */
export type SaveProblem = LineProblem;
