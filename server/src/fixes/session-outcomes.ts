import { blockedClasses } from "../checks/describe.ts";
import type { SessionCase } from "../ftp/judgement.ts";
import type { Outcome } from "../ftp/outcome.ts";
import { VARIABLES } from "../ftp/variables.ts";

// How the sessions of a host fared before a change and after it.

/** Whether a session fails for a reason that stopped none of its kind before. */
export function failsAnew(before: SessionCase, after: SessionCase): boolean {
  const stopped = new Set(
    before.outcomes.filter(({ verdict }) => verdict === "blocked").map((one) => stopKey(one)),
  );
  const now = blockedOutcome(after);
  return now !== undefined && !stopped.has(stopKey(now));
}

/** What a session that passed for certain depends on afterwards. */
export function doubtfulAnew(before: SessionCase, after: SessionCase): string | undefined {
  const isSure = before.classes.every(({ verdict }) => verdict.verdict === "works");
  const doubtful = after.classes.find(
    ({ verdict }) => verdict.verdict === "unknown" && verdict.assumption === undefined,
  );
  return isSure ? doubtful?.verdict.reason : undefined;
}

function stopKey({ stop, reason, step }: Outcome): string {
  return [step, reason, stop?.hook, stop?.chain?.name].join("|");
}

export function sameCase(cases: readonly SessionCase[], wanted: SessionCase): SessionCase | undefined {
  return cases.find(
    (one) =>
      one.role === wanted.role &&
      one.mode === wanted.mode &&
      one.family === wanted.family &&
      one.scenario.controlPort === wanted.scenario.controlPort &&
      one.reading.fragment === wanted.reading.fragment,
  );
}

export function blockedOutcome(one: SessionCase): Outcome | undefined {
  return blockedClasses(one)[0]?.verdict.outcome;
}

/** A login that fails although a rule lets its first packet in. */
export function lostLogin(one: SessionCase): Outcome | undefined {
  if (blockedOutcome(one)) return undefined;
  const { outcome } = failingClass(one)?.verdict ?? {};
  return outcome?.phase === "control" ? outcome : undefined;
}

export function failingClass(one: SessionCase) {
  return (
    blockedClasses(one)[0] ??
    one.classes.find(({ verdict, anchors }) => verdict.verdict === "no-control" && anchors.length > 0)
  );
}

export function progressKey(outcome: Outcome): string {
  const { stop, state } = outcome;
  const tracking = stop?.state.tracking;
  return [
    outcome.step,
    outcome.reason,
    stop?.hook,
    stop?.chain &&
      `${stop.chain.table.backend} ${stop.chain.table.family} ${stop.chain.table.name} ${stop.chain.name}`,
    tracking?.kind === "tracked" ? tracking.state : tracking?.kind,
    state.connections.control?.helper,
    [...state.box.get(VARIABLES.client).bounds].join(","),
  ].join("|");
}
