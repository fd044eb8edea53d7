import type { Presence } from "../../model/rule.ts";
import type {
  Command,
  CommandExpansionPart,
  CommandNode,
  PipelineNode,
  ShellFile,
  ShellScript,
  Statement,
  WordPart,
} from "../../syntax/shell/shell-file.ts";
import type { Frame, Placed } from "../../text/origin.ts";
import { createNftSession, type NftSession } from "../nftables/convert.ts";
import { assignedIn } from "./assigned-names.ts";
import type { AssumedValues } from "./assumed-values.ts";
import type { CommandCache } from "./command-cache.ts";
import { runCompound } from "./control.ts";
import type { ResolvedFile } from "./convert.ts";
import { NOT_FOUND } from "./dash.ts";
import { Expander, type ExpansionHost } from "./expand.ts";
import { filesLike } from "./files.ts";
import { startsLater } from "./later.ts";
import { LiveRuleset } from "./live-ruleset.ts";
import { madeUnit, runMade } from "./made-commands.ts";
import { FAILURE_TRAP } from "./options.ts";
import { mentionsFirewall } from "./programs.ts";
import type { Recorder } from "./recorder.ts";
import { runCommand } from "./simple-command.ts";
import type { StandardInput } from "./standard-input.ts";
import { State, type Unit } from "./state.ts";
import { outputValue, Sink, Source, type StreamPiece } from "./streams.ts";
import { both, either, negate } from "./tests.ts";
import { runBranches } from "./uncertain.ts";
import { excerpt, type Field, known, type Status, unknown, type Value } from "./value.ts";

/** Why the next command is not run: the script, function or loop is left. */
export type Flow =
  | { readonly kind: "exit" | "return"; readonly status: Status }
  | { readonly kind: "break" | "continue"; readonly levels: number };

/** A function call (or sourced file) that is being run. */
export interface CallSite {
  readonly unit: Unit;
  readonly command: Command;
  readonly fields: readonly Field[];
  /** Frames around the call itself. */
  readonly frames: readonly Frame[];
}

export interface InterpreterOptions {
  /** Text of a file that the script sources or loads. */
  readonly resolve: (name: string) => ResolvedFile;
  readonly list: (folder: string) => readonly string[] | "missing" | "pending";
  readonly recorder: Recorder;
  readonly cache: CommandCache;
  /** By dash, which Debian has as `sh`; else by bash. */
  readonly isDash: boolean;
  readonly assumed: AssumedValues;
  /** Commands and loop iterations that may be run in all. */
  readonly steps: number;
}

/** Deep enough for any script; each level takes about ten frames of our own stack. */
const DEEPEST = 250;
const DEEPEST_SUBSTITUTION = 40;
/** Characters that all expansions together may yield. */
const MOST_EXPANDED = 5_000_000;

/**
 * Runs a script in the abstract: values are known or unknown with a reason, code behind a condition that
 * we cannot decide runs as "maybe". Nothing is executed; external commands have no effect.
 */
export class Interpreter implements ExpansionHost {
  readonly state = new State();
  readonly expander = new Expander(this);
  readonly options: InterpreterOptions;
  readonly recorder: Recorder;
  readonly cache: CommandCache;
  /** What its nft commands have declared so far. */
  readonly nftSession: NftSession = createNftSession();
  /** What the script has made of the rules so far. */
  readonly live: LiveRuleset;
  unit: Unit;
  /** Of the shell that runs now; a script may start another one. */
  isDash: boolean;
  /** The script itself. */
  script: Unit | undefined;
  frames: readonly Frame[] = [];
  /** Innermost last. */
  calls: readonly CallSite[] = [];
  flow: Flow | undefined;
  /** What the commands read; undefined: what the user types. */
  input: StandardInput | undefined;
  /** What is read from other descriptors than 0. */
  descriptors: ReadonlyMap<number, StandardInput> = new Map();
  /** Where standard output goes; undefined: nobody of the script reads it. */
  output: Sink | undefined;
  /** What `return 3` or `exit 3` says about the command that has just ended. */
  code: number | undefined;
  /** How many `eval`s are around. */
  madeDepth = 0;
  /** The status of the last `$(…)` of the command that is being put together. */
  substitutionStatus: Status | undefined;
  /** Something may have left the script, function, loop or iteration already; the reason. */
  readonly doubts: { [kind in Flow["kind"]]: string | undefined } = {
    exit: undefined,
    return: undefined,
    break: undefined,
    continue: undefined,
  };
  /** Variables to be put back when the function that declared them local returns; innermost last. */
  readonly locals: Map<string, Value | undefined>[] = [];
  /** What commands complain of is thrown away (`2>/dev/null`). */
  hidesComplaints = false;
  /** Why it is not known whether what runs now runs at all; outermost first. */
  readonly conditions: string[] = [];
  #depth = 0;
  #steps = 0;
  #expanded = 0;
  #substitutions = 0;
  #subshells = 0;
  /** Numbers that names of files were made from. */
  #numbers = 100;
  /** How many conditions are around, in which a command may fail although `set -e` is on. */
  #tested = 0;

  constructor(unit: Unit, options: InterpreterOptions) {
    this.unit = unit;
    this.options = options;
    this.isDash = options.isDash;
    this.expander.assumed = options.assumed;
    this.recorder = options.recorder;
    this.cache = options.cache;
    this.live = new LiveRuleset(options.recorder.operations);
  }

  /** A command that is neither built in nor a program. */
  notFound(): Status {
    this.code = NOT_FOUND;
    return false;
  }

  /** Whether what runs now certainly runs. */
  get presence(): Presence {
    const { exit, return: returned, break: broken, continue: continued } = this.doubts;
    const reason = this.conditions[0] ?? exit ?? returned ?? broken ?? continued;
    return reason === undefined ? "certain" : { maybe: reason };
  }

  /** A place in the author's text. */
  placed(node: { readonly pos: number; readonly end: number }): Placed {
    return this.unit.file.span(node);
  }

  /** Runs the script from its first command to what `trap … EXIT` asks for. */
  runScript(file: ShellFile): void {
    const { statements } = file;
    this.script = this.unit;
    this.runFile(file);
    if (statements[0] === undefined) return;
    this.flow = undefined;
    this.doubts.exit = undefined;
    this.#runExitTrap(statements[0]);
  }

  #runExitTrap(node: { readonly pos: number; readonly end: number }): void {
    const trap = this.state.option("trap");
    if (trap === undefined || this.recorder.exhausted) return;
    if (trap.kind === "unknown") this.recorder.unknown(this, node, trap.reason);
    else if (trap.kind === "known" && trap.text !== "") runMade(this, node, trap.text);
  }

  /** A shell of its own runs what it was itself told by `trap … EXIT` when it ends. */
  withOwnTrap(node: { readonly pos: number; readonly end: number }, body: () => Status): Status {
    if (this.state.option("trap")) this.state.setOption("trap", known(""));
    const status = body();
    const { flow, code } = this;
    if (flow !== undefined && flow.kind !== "exit") return status;
    this.flow = undefined;
    this.#runExitTrap(node);
    this.flow = flow ?? this.flow;
    this.code = code;
    return status;
  }

  /** Runs a file's commands up to where the shell stops reading it. */
  runFile({ statements, stopsAt }: ShellFile): Status {
    if (stopsAt === undefined) return this.runStatements(statements);
    const read = statements.filter(({ end }) => end <= stopsAt);
    const status = this.runStatements(read);
    return this.flow === undefined ? false : status;
  }

  runStatements(statements: readonly Statement[]): Status {
    let status: Status = true;
    for (const statement of statements) {
      if (statement.background === true && startsLater(this, statement)) continue;
      status = this.runNode(statement.command);
      if (statement.background === true) status = true;
      if (this.flow !== undefined) return status;
    }
    return status;
  }

  runNode(node: Statement["command"]): Status {
    if (!this.step(node)) {
      this.flow = { kind: "exit", status: true };
      return { unknown: "more than can be followed" };
    }
    this.#depth++;
    try {
      const status = this.#dispatch(node);
      this.expander.lastStatus = status;
      if (status === false) this.expander.lastCode = this.code ?? 1;
      if (this.flow === undefined) this.code = undefined;
      if (status === false && this.#tested === 0 && CAN_END_THE_SCRIPT.has(node.type)) this.#failed(node);
      return status;
    } finally {
      this.#depth--;
    }
  }

  /** `set -e`: a command that fails where nobody asks whether it does ends the script. */
  #failed(node: Statement["command"]): void {
    if (this.flow !== undefined) return;
    if (node.type === "Pipeline" && node.prefixes.some(({ type }) => type === "Negation")) return;
    this.#trapFailure(node);
    if (this.flow !== undefined || !this.state.isOn("errexit")) return;
    this.flow = { kind: "exit", status: false };
    if (this.output !== undefined || this.#subshells > 0) return;
    const written = excerpt(this.unit.file.source.slice(node.pos, node.end));
    this.recorder.note(`The script ends at "${written}": it fails, and set -e is on.`);
  }

  /** `trap 'commands' ERR`; functions and subshells only have it after `set -E`. */
  #trapFailure(node: Statement["command"]): void {
    const trap = this.state.option(FAILURE_TRAP);
    const within = this.calls.length > 0 || this.#substitutions > 0 || this.#subshells > 0;
    if (trap === undefined || (within && !this.state.isOn("errtrace"))) return;
    const { lastStatus, lastCode } = this.expander;
    this.state.setOption(FAILURE_TRAP, known(""));
    if (trap.kind === "unknown") this.recorder.unknown(this, node, trap.reason);
    else if (trap.kind === "known") runMade(this, node, trap.text);
    this.state.setOption(FAILURE_TRAP, trap);
    Object.assign(this.expander, { lastStatus, lastCode });
  }

  /** Runs a command whose status is asked for, so that it may fail. */
  tested(body: () => Status): Status {
    this.#tested++;
    const status = body();
    this.#tested--;
    return status;
  }

  #dispatch(node: Statement["command"]): Status {
    switch (node.type) {
      case "Command":
        return runCommand(this, node);
      case "AndOr":
        return this.#andOr(node.commands, node.operators);
      case "Pipeline": {
        const negations = node.prefixes.filter((prefix) => prefix.type === "Negation").length;
        if (negations === 0) return this.#pipeline(node.commands);
        const status = this.tested(() => this.#pipeline(node.commands));
        return negations % 2 === 1 ? negate(status) : status;
      }
      default:
        return runCompound(this, node);
    }
  }

  #andOr(commands: readonly PipelineNode[], operators: readonly ("&&" | "||")[]): Status {
    const run = (index: number) =>
      index < commands.length - 1
        ? this.tested(() => this.runNode(commands[index]!))
        : this.runNode(commands[index]!);
    let status = commands[0] ? run(0) : true;
    for (let i = 0; i < operators.length && this.flow === undefined; i++) {
      const next = commands[i + 1];
      const needed = operators[i] === "&&";
      if (next === undefined || status === !needed) continue;
      if (status === needed) status = run(i + 1);
      else {
        const before = status;
        const after = runBranches(this, (before as { unknown: string }).unknown, [() => run(i + 1)], false);
        status = (needed ? both : either)(before, () => after);
      }
    }
    return status;
  }

  /** Every command of a pipeline runs in a shell of its own: its variables are lost. */
  #pipeline(commands: readonly CommandNode[]): Status {
    const last = commands[commands.length - 1];
    if (commands.length === 1 && last) return this.runNode(last);
    const { input, output } = this;
    const statuses: Status[] = [];
    for (const command of commands) {
      const sink = command === last ? output : new Sink();
      this.output = sink;
      statuses.push(this.subshell(() => this.runNode(command)));
      this.output = output;
      if (this.flow !== undefined) break;
      if (sink !== undefined && command !== last) this.input = new Source(sink.pieces, this.unit);
    }
    this.input = input;
    const ended = statuses[statuses.length - 1] ?? true;
    if (!this.state.isOn("pipefail")) return ended;
    return statuses.reduce((all, status) => both(all, () => status), true as Status);
  }

  /** What the commands of `$(…)` or `<(…)` print. */
  capture(part: { readonly pos: number; readonly end: number }, script: ShellScript): readonly StreamPiece[] {
    const { output, unit } = this;
    const sink = new Sink();
    this.output = sink;
    if (script.source !== undefined) {
      const { source, commands } = script;
      const problems: never[] = [];
      const file = { ...unit.file, source, statements: commands, problems };
      this.unit = madeUnit(unit, file, this.placed(part));
    }
    this.substitutionStatus = this.subshell(() => {
      this.state.setOption("errexit", known("off"));
      return this.runStatements(script.commands);
    });
    this.unit = unit;
    this.output = output;
    if (this.substitutionStatus === false) this.code = this.expander.lastCode;
    return sink.pieces;
  }

  /** Runs `body` with effects on the firewall, but none on variables; `exit` only leaves the body. */
  subshell(body: () => Status): Status {
    const doubt = this.doubts.exit;
    let status: Status = true;
    this.#subshells++;
    this.state.attempt(() => {
      status = body();
    });
    this.#subshells--;
    if (this.flow?.kind === "exit") {
      status = this.flow.status;
      if (!this.recorder.exhausted) this.flow = undefined;
    }
    this.doubts.exit = doubt;
    return status;
  }

  /** Runs `body` one function deeper: conditional returns inside it end with it. */
  insideCall(call: CallSite, frame: Frame, body: () => Status): Status {
    const { calls, frames, unit } = this;
    const { return: returned, break: broken, continue: continued } = this.doubts;
    const reason = returned ?? broken ?? continued;
    if (reason !== undefined) this.conditions.push(reason);
    this.doubts.return = this.doubts.break = this.doubts.continue = undefined;
    this.calls = [...calls, call];
    this.frames = [...frames, frame];
    let status = body();
    this.calls = calls;
    this.frames = frames;
    this.unit = unit;
    Object.assign(this.doubts, { return: returned, break: broken, continue: continued });
    if (reason !== undefined) this.conditions.pop();
    const flow = this.flow;
    if (flow !== undefined && flow.kind !== "exit") {
      if (flow.kind === "return") status = flow.status;
      this.flow = undefined;
    }
    return status;
  }

  substitute(part: CommandExpansionPart): Value {
    const { script } = part;
    const tooDeep = this.#substitutions >= DEEPEST_SUBSTITUTION;
    if (tooDeep) this.#giveUp(part, "the rest of the script, which is nested too deeply to follow");
    if (script === undefined || tooDeep) return unknown(`the output of ${excerpt(part.text)}`);
    this.#substitutions++;
    const value = substituted(part, this.capture(part, script));
    this.#substitutions--;
    return value;
  }

  processSubstitution(part: WordPart & { readonly type: "ProcessSubstitution" }): Value {
    const { script, operator, text } = part;
    if (operator !== "<" && mentionsFirewall(text))
      this.recorder.unknown(this, part, `what ${excerpt(text)} does`);
    if (script === undefined || operator !== "<") return unknown(`the output of ${excerpt(text)}`);
    const pieces = this.capture(part, script);
    const name = `/dev/fd/${this.nextNumber()}`;
    this.state.write(name, { pieces });
    return known(name);
  }

  nextNumber(): number {
    return ++this.#numbers;
  }

  filesLike(pattern: string): readonly string[] | "unknown" | undefined {
    return filesLike(this, pattern);
  }

  callNames(): readonly string[] {
    return this.calls.map(({ fields }) => fields[0]?.text ?? "").reverse();
  }

  ownName(): string {
    return baseName(this.unit.path);
  }

  assigns(name: string): boolean {
    return assignedIn(this.unit.file).has(name);
  }

  /** The shell ends with an error of its own. */
  stop(): void {
    this.flow ??= { kind: "exit", status: false };
  }

  expanded(size: number): void {
    this.#expanded += size;
    if (this.#expanded > MOST_EXPANDED) this.tooMuch();
  }

  tooMuch(): void {
    this.#giveUp({ pos: 0, end: 0 }, "the rest of the script, which is too long to follow");
  }

  reference(name: string, start: number, end: number, value: Value): void {
    this.recorder.reference(this.unit, name, start, end, value);
  }

  /** Counts what is done; false: enough was done, and that has been said. */
  step(node: { readonly pos: number; readonly end: number }): boolean {
    if (this.recorder.exhausted) return false;
    if (++this.#steps > this.options.steps)
      this.#giveUp(node, "the rest of the script, which is too long to follow");
    else if (this.#depth >= DEEPEST)
      this.#giveUp(node, "the rest of the script, which is nested too deeply to follow");
    return !this.recorder.exhausted;
  }

  /** The budget is used up: one unknown stands for all that follows. */
  #giveUp(node: { readonly pos: number; readonly end: number }, fact: string): void {
    if (!this.recorder.exhausted) this.recorder.giveUp(() => this.recorder.unknown(this, node, fact));
    this.flow = { kind: "exit", status: true };
  }
}

/** `set -e` looks at these; of what stands in others it has looked at the commands already. */
const CAN_END_THE_SCRIPT: ReadonlySet<string> = new Set([
  "Command",
  "Pipeline",
  "Subshell",
  "TestCommand",
  "ArithmeticCommand",
]);

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** What `$(…)` is worth; what a program of the machine prints is named by the whole of it. */
function substituted(part: CommandExpansionPart, pieces: readonly StreamPiece[]): Value {
  const value = outputValue(pieces);
  if (value.kind !== "unknown" || !value.reason.startsWith("the output of ")) return value;
  return unknown(`the output of ${excerpt(part.text)}`);
}
