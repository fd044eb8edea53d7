import type { Presence } from "../../model/rule.ts";
import type {
  Command,
  CommandExpansionPart,
  CommandNode,
  PipelineNode,
  Redirection,
  Statement,
} from "../../syntax/shell/shell-file.ts";
import type { Frame, Placed } from "../../text/origin.ts";
import type { CommandCache } from "./command-cache.ts";
import { runCompound } from "./control.ts";
import type { ResolvedFile } from "./convert.ts";
import { Expander, type ExpansionHost } from "./expand.ts";
import { substitutionOutput } from "./output.ts";
import type { Recorder } from "./recorder.ts";
import { runCommand } from "./simple-command.ts";
import { State, type Unit } from "./state.ts";
import { both, either, negate } from "./tests.ts";
import { excerpt, type Field, type Status, unknown, type Value } from "./value.ts";

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

export type StandardInput =
  | { readonly redirects: readonly Redirection[] }
  | { readonly pipedFrom: CommandNode };

export interface InterpreterOptions {
  /** Text of a file that the script sources or loads. */
  readonly resolve: (name: string) => ResolvedFile;
  readonly list: (folder: string) => readonly string[] | "missing" | "pending";
  readonly recorder: Recorder;
  readonly cache: CommandCache;
  /** Commands and loop iterations that may be run in all. */
  readonly steps: number;
}

/** Deep enough for any script; each level takes about ten frames of our own stack. */
const DEEPEST = 200;
const DEEPEST_SUBSTITUTION = 5;
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
  /** Whether the script deletes or checks rules by their text, so that they must be remembered. */
  readonly asksForRules: boolean;
  unit: Unit;
  frames: readonly Frame[] = [];
  /** Innermost last. */
  calls: readonly CallSite[] = [];
  flow: Flow | undefined;
  /** What the next command reads, if not its own redirections. */
  input: StandardInput | undefined;
  /** Something may have left the script, function, loop or iteration already; the reason. */
  readonly doubts: { [kind in Flow["kind"]]: string | undefined } = {
    exit: undefined,
    return: undefined,
    break: undefined,
    continue: undefined,
  };
  /** Variables to be put back when the function that declared them local returns; innermost last. */
  readonly locals: Map<string, Value | undefined>[] = [];
  readonly #conditions: string[] = [];
  #depth = 0;
  #steps = 0;
  #expanded = 0;
  #substitutions = 0;

  constructor(unit: Unit, options: InterpreterOptions) {
    this.unit = unit;
    this.options = options;
    this.recorder = options.recorder;
    this.cache = options.cache;
    this.asksForRules = /-[CD]|--check|--delete/.test(unit.file.source);
  }

  /** Whether what runs now certainly runs. */
  get presence(): Presence {
    const { exit, return: returned, break: broken, continue: continued } = this.doubts;
    const reason = this.#conditions[0] ?? exit ?? returned ?? broken ?? continued;
    return reason === undefined ? "certain" : { maybe: reason };
  }

  /** A place in the author's text. */
  placed(node: { readonly pos: number; readonly end: number }): Placed {
    return this.unit.file.span(node);
  }

  runStatements(statements: readonly Statement[]): Status {
    let status: Status = true;
    for (const statement of statements) {
      status = this.runNode(statement.command);
      if (statement.background === true) status = true;
      if (this.flow !== undefined) return status;
    }
    return status;
  }

  runNode(node: Statement["command"]): Status {
    if (!this.#step(node)) {
      this.flow = { kind: "exit", status: true };
      return { unknown: "more than can be followed" };
    }
    this.#depth++;
    try {
      const status = this.#dispatch(node);
      this.expander.lastStatus = status;
      return status;
    } finally {
      this.#depth--;
    }
  }

  #dispatch(node: Statement["command"]): Status {
    switch (node.type) {
      case "Command":
        return runCommand(this, node);
      case "AndOr":
        return this.#andOr(node.commands, node.operators);
      case "Pipeline": {
        const status = this.#pipeline(node.commands);
        const negations = node.prefixes.filter((prefix) => prefix.type === "Negation").length;
        return negations % 2 === 1 ? negate(status) : status;
      }
      default:
        return runCompound(this, node);
    }
  }

  #andOr(commands: readonly PipelineNode[], operators: readonly ("&&" | "||")[]): Status {
    let status = commands[0] ? this.runNode(commands[0]) : true;
    for (let i = 0; i < operators.length && this.flow === undefined; i++) {
      const next = commands[i + 1];
      const needed = operators[i] === "&&";
      if (next === undefined || status === !needed) continue;
      if (status === needed) status = this.runNode(next);
      else {
        const before = status;
        const after = this.branches(
          (before as { unknown: string }).unknown,
          [() => this.runNode(next)],
          false,
        );
        status = (needed ? both : either)(before, () => after);
      }
    }
    return status;
  }

  /** Every command of a pipeline runs in a shell of its own: its variables are lost. */
  #pipeline(commands: readonly CommandNode[]): Status {
    const last = commands[commands.length - 1];
    if (commands.length === 1 && last) return this.runNode(last);
    const before = this.input;
    let status: Status = true;
    for (const command of commands) {
      status = this.subshell(() => this.runNode(command));
      if (this.flow !== undefined) break;
      this.input = { pipedFrom: command };
    }
    this.input = before;
    return status;
  }

  /** Runs `body` with effects on the firewall, but none on variables; `exit` only leaves the body. */
  subshell(body: () => Status): Status {
    const doubt = this.doubts.exit;
    let status: Status = true;
    this.state.attempt(() => {
      status = body();
    });
    if (this.flow?.kind === "exit") {
      status = this.flow.status;
      if (!this.recorder.exhausted) this.flow = undefined;
    }
    this.doubts.exit = doubt;
    return status;
  }

  /**
   * Runs what may or may not run. `exhaustive`: one of the bodies certainly runs. What they leave behind
   * differently becomes unknown; what leaves the script or loop in one of them puts the rest in doubt.
   */
  branches(reason: string, bodies: readonly (() => Status)[], exhaustive: boolean): Status {
    const outcomes: ReturnType<State["attempt"]>[] = [];
    const flows: (Flow | undefined)[] = [];
    const statuses: Status[] = [];
    for (const body of bodies) {
      const rulesBefore = this.recorder.ruleCount;
      let status: Status = true;
      this.#conditions.push(reason);
      const outcome = this.state.attempt(() => {
        status = body();
      });
      this.#conditions.pop();
      const flow: Flow | undefined = this.flow;
      this.flow = undefined;
      if (this.recorder.exhausted) {
        this.flow = { kind: "exit", status: true };
        return status;
      }
      flows.push(flow);
      if (flow === undefined) statuses.push(status);
      if (flow?.kind !== "exit") outcomes.push(outcome);
      if (flow && !this.#givesUp(flow, rulesBefore)) this.doubts[flow.kind] ??= reason;
    }
    const left = flows[0];
    if (exhaustive && left && flows.every((flow) => flow?.kind === left.kind)) {
      this.flow = left;
      return true;
    }
    if (!exhaustive) outcomes.push(new Map());
    this.state.merge(outcomes, reason);
    const [first] = statuses;
    const agreed = first !== undefined && statuses.every((status) => status === first);
    return agreed && (exhaustive || first === true) ? first : { unknown: reason };
  }

  /**
   * `[ -x /sbin/foo ] || exit 1`: the script gives up before it has added a rule. Whoever asks about its
   * firewall means the run that gets through.
   */
  #givesUp(flow: Flow, rulesBefore: number): boolean {
    if (flow.kind !== "exit" || this.recorder.ruleCount !== rulesBefore) return false;
    this.recorder.note("The script is taken to run to its end, though it may give up at a check on the way.");
    return true;
  }

  /** A body that runs any number of times, maybe never. */
  repeatedly(reason: string, body: () => Status): void {
    const changed = this.recorder.silently(() =>
      this.state.attempt(() => {
        body();
        this.flow = undefined;
      }),
    );
    this.state.forget(changed, reason);
    const { break: broken, continue: continued } = this.doubts;
    this.branches(reason, [body], false);
    if (this.flow?.kind !== "exit") this.flow = undefined;
    this.doubts.break = broken;
    this.doubts.continue = continued;
  }

  /** Runs `body` one function deeper: conditional returns inside it end with it. */
  insideCall(call: CallSite, frame: Frame, body: () => Status): Status {
    const { calls, frames, unit } = this;
    const { return: returned, break: broken, continue: continued } = this.doubts;
    const reason = returned ?? broken ?? continued;
    if (reason !== undefined) this.#conditions.push(reason);
    this.doubts.return = this.doubts.break = this.doubts.continue = undefined;
    this.calls = [...calls, call];
    this.frames = [...frames, frame];
    let status = body();
    this.calls = calls;
    this.frames = frames;
    this.unit = unit;
    Object.assign(this.doubts, { return: returned, break: broken, continue: continued });
    if (reason !== undefined) this.#conditions.pop();
    const flow = this.flow;
    if (flow !== undefined && flow.kind !== "exit") {
      if (flow.kind === "return") status = flow.status;
      this.flow = undefined;
    }
    return status;
  }

  /** Runs a compound command whose commands read what its redirections give. */
  withInput(redirects: readonly Redirection[], body: () => Status): Status {
    const before = this.input;
    this.input = { redirects };
    const status = body();
    this.input = before;
    return status;
  }

  output(part: CommandExpansionPart): Value {
    if (this.#substitutions >= DEEPEST_SUBSTITUTION) return unknown(`the output of ${excerpt(part.text)}`);
    this.#substitutions++;
    const value = substitutionOutput(this, part);
    this.#substitutions--;
    return value;
  }

  expanded(size: number): void {
    this.#expanded += size;
    if (this.#expanded > MOST_EXPANDED) this.tooMuch();
  }

  tooMuch(): void {
    this.#giveUp({ pos: 0, end: 0 }, "the script is too long to follow");
  }

  reference(name: string, start: number, end: number, value: Value): void {
    this.recorder.reference(this.unit, name, start, end, value);
  }

  #step(node: { readonly pos: number; readonly end: number }): boolean {
    if (this.recorder.exhausted) return false;
    if (++this.#steps > this.options.steps) this.#giveUp(node, "the script is too long to follow");
    else if (this.#depth >= DEEPEST) this.#giveUp(node, "the script is nested too deeply to follow");
    return !this.recorder.exhausted;
  }

  /** The budget is used up: one unknown stands for all that follows. */
  #giveUp(node: { readonly pos: number; readonly end: number }, fact: string): void {
    if (!this.recorder.exhausted) this.recorder.unknown(this, node, fact);
    this.recorder.exhausted = true;
    this.flow = { kind: "exit", status: true };
  }
}
