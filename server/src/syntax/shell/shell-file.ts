import type { Script, Statement } from "unbash";
import type { ProblemCode, Severity } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";

export type {
  AndOr,
  ArithmeticExpression,
  ArithmeticFor,
  Assignment,
  Case,
  Command,
  CommandExpansionPart,
  CommandNode,
  CompoundList,
  For,
  Function as FunctionDefinition,
  HereDoc,
  HereString,
  If,
  ParameterExpansionPart,
  Pipeline,
  PipelineNode,
  Redirect,
  Redirection,
  Script,
  Statement,
  SyntaxNode,
  TestExpression,
  While,
  Word as ShellWord,
  WordPart,
} from "unbash";

/** Something wrong with the script's text; `span` is of the whole text. */
export interface ShellProblem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly refused: boolean;
}

/**
 * A parsed script. Positions in the tree are of `source`; `offset` and `span` lead back to the author's text (for
 * commands that are made while the script runs, to the command that makes them).
 */
export interface ShellFile {
  readonly text: string;
  readonly source: string;
  readonly statements: readonly Statement[];
  readonly problems: readonly ShellProblem[];
  /** The shell stops with a syntax error in what begins on the line that starts here; absent: it reads all. */
  readonly stopsAt?: number;
  /** Why the tree is not the whole script (it is too big); absent: it is. */
  readonly incomplete?: string;
  offset(position: number): number;
  span(node: { readonly pos: number; readonly end: number }): Span;
}

export type { Script as ShellScript };
