import type { Flow, Interpreter } from "./interpreter.ts";
import type { State } from "./state.ts";
import type { Status } from "./value.ts";

/** Loops around of unknown length, in whose first pass an inner one gets a second. */
const MOST_SILENT_PASSES = 3;

/**
 * Runs what may or may not run. `exhaustive`: one of the bodies certainly runs. What they leave behind
 * differently becomes unknown; what leaves the script or loop in one of them puts the rest in doubt.
 */
export function runBranches(
  interpreter: Interpreter,
  reason: string,
  bodies: readonly (() => Status)[],
  exhaustive: boolean,
): Status {
  const outcomes: ReturnType<State["attempt"]>[] = [];
  const flows: (Flow | undefined)[] = [];
  const statuses: Status[] = [];
  const { output } = interpreter;
  const printed = output?.length ?? 0;
  let prints = false;
  for (const body of bodies) {
    const rulesBefore = interpreter.recorder.ruleCount;
    let status: Status = true;
    interpreter.conditions.push(reason);
    const outcome = interpreter.state.attempt(() => {
      status = body();
    });
    interpreter.conditions.pop();
    prints ||= (output?.length ?? 0) > printed;
    output?.truncate(printed);
    const flow: Flow | undefined = interpreter.flow;
    interpreter.flow = undefined;
    if (interpreter.recorder.exhausted) {
      interpreter.flow = { kind: "exit", status: true };
      return status;
    }
    flows.push(flow);
    if (flow === undefined) statuses.push(status);
    if (flow?.kind !== "exit") outcomes.push(outcome);
    if (flow && !givesUp(interpreter, flow, rulesBefore)) interpreter.doubts[flow.kind] ??= reason;
  }
  if (prints)
    output?.write({ text: "", start: 0, end: 0, unit: interpreter.unit, unknown: reason, anyLines: true });
  const left = flows[0];
  if (exhaustive && left && flows.every((flow) => flow?.kind === left.kind)) {
    interpreter.flow = left;
    return true;
  }
  if (!exhaustive) outcomes.push(new Map());
  interpreter.state.merge(outcomes, reason);
  const [first] = statuses;
  const agreed = first !== undefined && statuses.every((status) => status === first);
  return agreed && (exhaustive || first === true) ? first : { unknown: reason };
}

/**
 * `[ -x /sbin/foo ] || exit 1`: the script gives up before it has added a rule. Whoever asks about its
 * firewall means the run that gets through.
 */
function givesUp({ recorder }: Interpreter, flow: Flow, rulesBefore: number): boolean {
  if (flow.kind !== "exit" || recorder.ruleCount !== rulesBefore) return false;
  recorder.note("The script is taken to run to its end, though it may give up at a check on the way.");
  return true;
}

/** A body that runs any number of times, maybe never. */
export function runRepeatedly(interpreter: Interpreter, reason: string, body: () => Status): void {
  const printed = interpreter.output?.length ?? 0;
  const changed = interpreter.recorder.silently(() =>
    interpreter.state.attempt(() => {
      body();
      interpreter.flow = undefined;
    }),
  );
  interpreter.output?.truncate(printed);
  interpreter.state.forget(changed, reason);
  // Two passes for each loop around would be more than can be followed.
  if (interpreter.recorder.silence >= MOST_SILENT_PASSES) return;
  const { break: broken, continue: continued } = interpreter.doubts;
  runBranches(interpreter, reason, [body], false);
  if (interpreter.flow?.kind !== "exit") interpreter.flow = undefined;
  interpreter.doubts.break = broken;
  interpreter.doubts.continue = continued;
}
