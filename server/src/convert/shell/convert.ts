import type { ShellFile } from "../../syntax/shell/shell-file.ts";
import type { Problem } from "../../text/problem.ts";
import type { Conversion } from "../result.ts";
import { AssumedValues, type StatedValues } from "./assumed-values.ts";
import { CommandCache } from "./command-cache.ts";
import { Interpreter } from "./interpreter.ts";
import { isForDash, setShebangOptions } from "./options.ts";
import {
  type InlineComment,
  type NftHereDocument,
  Recorder,
  type ShellCall,
  type VariableUse,
} from "./recorder.ts";
import { RuleCounter } from "./rule-counter.ts";
import { chooseStartWord } from "./start-word.ts";
import { excerpt } from "./value.ts";

/** A file that a script sources or loads, as the host knows it. */
export type ResolvedFile = { readonly path: string; readonly text: string } | "missing" | "pending";

export interface ShellContext {
  /** The script's path or URI, for origins. */
  readonly path: string;
  /** Looks up a file by the name that the script gives it; never reads outside the workspace. */
  readonly resolve?: (name: string) => ResolvedFile;
  /** The files of a folder, for patterns in what nft includes. */
  readonly list?: (folder: string) => readonly string[] | "missing" | "pending";
  /** How many commands and loop iterations may be run; 100,000 by default. */
  readonly budget?: number;
  /** What the settings say that variables hold whose values come from outside; comments count more. */
  readonly assumed?: StatedValues;
  /** Hand in the same one at every change of the script. */
  readonly cache?: CommandCache;
}

/** What a script does to the firewall, with what editors want to know about its commands. */
export interface ShellConversion extends Conversion {
  /** Every run of iptables and ip6tables, in order. */
  readonly calls: readonly ShellCall[];
  /** Every here document that nft reads, each time. */
  readonly nftHereDocuments: readonly NftHereDocument[];
  /** Every place where a variable is read, with the values it had there. */
  readonly variables: readonly VariableUse[];
  /** Comments of rulesets that stand in the script, as far as they are instructions to this program. */
  readonly comments: readonly InlineComment[];
  /** The names of the assumed values that were needed, from settings or comments. */
  readonly usedAssumptions: ReadonlySet<string>;
  /** What was taken for granted: full sentences for the user. */
  readonly notes: readonly string[];
}

const DEFAULT_BUDGET = 100_000;

/**
 * Follows a script from the top as the shell would, without executing anything, and gives the operations
 * on the ruleset in order. Never throws. What depends on the outside is "maybe" or an unknown operation.
 */
export function convertShell(file: ShellFile, context: ShellContext): ShellConversion {
  const recorder = new Recorder();
  const cache = context.cache ?? new CommandCache();
  cache.begin();
  const assumed = new AssumedValues(context.assumed);
  assumed.addComments(file);
  const interpreter = new Interpreter(
    { path: context.path, file },
    {
      recorder,
      cache,
      resolve: context.resolve ?? (() => "missing"),
      list: context.list ?? (() => "missing"),
      steps: context.budget ?? DEFAULT_BUDGET,
      isDash: isForDash(file.source),
      assumed,
    },
  );
  const all = { pos: 0, end: file.source.length };
  try {
    if (file.incomplete !== undefined) recorder.unknown(interpreter, all, file.incomplete);
    setShebangOptions(interpreter, file.source);
    if (!interpreter.options.assumed.has("1")) assumeArguments(interpreter, file);
    interpreter.runScript(file);
  } catch (error) {
    // A defect of ours must not take the editor down; it shows as an unknown, not as a clean bill.
    const fact = `a part of the script that could not be followed (${excerpt(String(error))})`;
    recorder.unknown(interpreter, all, fact);
  }
  return {
    operations: recorder.operations,
    problems: [...textProblems(file, context.path), ...recorder.problems],
    needs: recorder.needs,
    included: recorder.included,
    hostCommands: recorder.hostCommands,
    calls: recorder.calls,
    nftHereDocuments: recorder.nftHereDocuments,
    variables: recorder.variables,
    comments: recorder.comments,
    usedAssumptions: assumed.used,
    notes: recorder.notes,
  };
}

function assumeArguments(interpreter: Interpreter, file: ShellFile): void {
  if (!/[$]\{?1/.test(file.source)) return;
  const start = chooseStartWord(file, new RuleCounter(file));
  if (start === undefined) return;
  interpreter.recorder.note(start.note);
  const field = { text: start.word, start: 0, end: 0 };
  interpreter.state.positional =
    start.word === "" ? { fields: [], open: false } : { fields: [field], open: true };
}

function textProblems(file: ShellFile, path: string): Problem[] {
  return file.problems.map(({ span, ...problem }) => ({
    ...problem,
    origin: { file: path, statement: span, span: { start: 0, end: span.end - span.start }, frames: [] },
  }));
}

/** What a variable holds at an offset of the script's text, for a hover. */
export function variableAt(
  conversion: ShellConversion,
  file: string,
  offset: number,
): VariableUse | undefined {
  return conversion.variables.find(
    (use) => use.file === file && use.span.start <= offset && offset <= use.span.end,
  );
}
