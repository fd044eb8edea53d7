import type { ProblemCode } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";
import type { Word } from "../word.ts";
import type {
  IptablesJump,
  IptablesModule,
  IptablesOperation,
  IptablesOption,
  IptablesProblem,
  IptablesProgram,
  OptionOwner,
} from "./command.ts";
import type { ExtensionSpec } from "./extensions.ts";

export type CommandContext = "command" | "save-line";

/** An extension that `-m`, `-j` or `-p` brought in; the newest is asked first. */
export interface Loaded {
  readonly spec: ExtensionSpec;
  readonly owner: OptionOwner;
}

/** What the parser knows while it walks over the words. */
export interface ParseState {
  readonly program: IptablesProgram;
  readonly context: CommandContext;
  readonly words: readonly Word[];
  at: number;
  readonly options: IptablesOption[];
  readonly modules: IptablesModule[];
  readonly problems: IptablesProblem[];
  readonly loaded: Loaded[];
  operation: IptablesOperation | undefined;
  table: Word | undefined;
  jump: IptablesJump | undefined;
  /** Number and word of the first `-p`. */
  protocol: { readonly number: number; readonly word: Word } | undefined;
  /** A word of unknown value gives the protocol. */
  protocolUnknown: boolean;
  /** Who may own an option that nobody in sight knows: an unknown module, target or word. */
  stranger: string | undefined;
  uncertain: string | undefined;
  otherFamily: boolean;
  /** A word that belongs to nothing was reported already. */
  strayReported: boolean;
  /** A `!` that waits for its option. */
  negation: Word | undefined;
}

export function startState(
  words: readonly Word[],
  program: IptablesProgram,
  context: CommandContext,
): ParseState {
  return {
    program,
    context,
    words,
    at: 0,
    options: [],
    modules: [],
    problems: [],
    loaded: [],
    operation: undefined,
    table: undefined,
    jump: undefined,
    protocol: undefined,
    stranger: undefined,
    uncertain: undefined,
    negation: undefined,
    protocolUnknown: false,
    otherFamily: false,
    strayReported: false,
  };
}

/** Notes that the program refuses these words. */
export function refuse(
  state: ParseState,
  at: Span,
  message: string,
  code: ProblemCode = "syntax-error",
): void {
  state.problems.push({ code, severity: "error", message, span: at, refused: true });
}

/** A word that does not start an option, so that an optional argument takes it. */
export function looksLikeArgument(word: Word | undefined): word is Word {
  if (word === undefined) return false;
  const first = word.text.charCodeAt(0);
  if (first === DASH || first === BANG) return false;
  return word.unknown === undefined || /^["']?\w/.test(word.text);
}

/** As looksLikeArgument, for an argument that must come: a word of unknown value will do. */
export function mayBeArgument(word: Word | undefined): word is Word {
  if (word?.unknown !== undefined) return !/^["']?[-!]/.test(word.text);
  return looksLikeArgument(word);
}

const DASH = 45;
const BANG = 33;

/** Adds an option that starts at `at`, or at the `!` that waits for it. */
export function addOption(
  state: ParseState,
  option: {
    name: string;
    written: string;
    owner: OptionOwner;
    at: Span;
    values: readonly Word[];
    negated?: boolean;
  },
): IptablesOption {
  const mark = state.negation;
  state.negation = undefined;
  const start = mark ? Math.min(mark.span.start, option.at.start) : option.at.start;
  let end = option.at.end;
  for (const value of option.values) if (value.span.end > end) end = value.span.end;
  const added: IptablesOption = {
    name: option.name,
    written: option.written,
    owner: option.owner,
    negated: (mark !== undefined) !== (option.negated ?? false),
    values: option.values,
    span: { start, end },
  };
  state.options.push(added);
  return added;
}

/** The part of a word from `offset` on, as a word of its own (`-ptcp`, `--dport=21`). */
export function tailOf(word: Word, offset: number): Word {
  const plain = word.span.end - word.span.start === word.text.length;
  const start = plain ? word.span.start + offset : word.span.start;
  return {
    text: word.text.slice(offset),
    span: { start, end: word.span.end },
    unknown: word.unknown,
  };
}
