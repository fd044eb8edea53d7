import type { SimulatedSession } from "../ftp/simulate.ts";
import { traceSteps } from "../netfilter/state.ts";
import type { Host } from "../service.ts";
import { placeOf } from "../service.ts";
import { passingEntries } from "./passing.ts";
import type { Places } from "./places.ts";
import { loadOrder } from "./places.ts";
import { decidingPlace, decidingStep, reasonOf, showEffect, withPort } from "./reasons.ts";

/** The contract's document for `simulate --format json`. */
export function simulateDocument(
  { host, sessions }: { readonly host: Host; readonly sessions: readonly SimulatedSession[] },
  places: Places,
  traceAll = false,
): object {
  const problems = host.problems
    .filter((one) => one.refused)
    .map(({ code, message, origin }) => ({ code, message, refused: true, ...places.of(placeOf(origin)) }));
  const notes = notesOn(host);
  const order = loadOrder(host);
  return {
    version: 1,
    ...(order.length > 1 ? { loadOrder: order } : {}),
    sessions: Object.fromEntries(
      sessions.map((one) => [sessionName(one), sessionEntry(one, places, traceAll)]),
    ),
    ...(problems.length > 0 ? { problems } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** What the files hold but no session meets. */
export function notesOn({ ruleset }: Host): string[] {
  return [...ruleset.tables.values()]
    .filter(({ id }) => id.family === "bridge")
    .map(
      ({ id }) =>
        `table bridge ${id.name} is out of the path: it sees what a bridge of this host forwards, not what is routed or for the host itself`,
    );
}

/** "active4", "passive4", "active6", "passive6". */
export function sessionName({ mode, family }: SimulatedSession): string {
  return `${mode}${family}`;
}

function sessionEntry(session: SimulatedSession, places: Places, traceAll: boolean): object {
  const { verdict } = session;
  const classes = passingEntries(session);
  if (verdict.verdict === "works") {
    return { verdict: "works", classes, ...(traceAll && { trace: traceEntries(session, places) }) };
  }
  const at = decidingPlace(verdict);
  return {
    verdict: verdict.verdict,
    step: decidingStep(verdict.outcome, session.scenario),
    at: at && places.of(at),
    reason: reasonOf(verdict),
    classes,
    trace: traceEntries(session, places),
  };
}

function traceEntries({ verdict, scenario }: SimulatedSession, places: Places): object[] | undefined {
  const { outcome } = verdict;
  if (!outcome) return undefined;
  return traceSteps(outcome.state.trace).map((step) => ({
    packet: withPort(step.packet, outcome, scenario),
    hook: step.hook,
    chain: step.chain?.name,
    rule: step.rule && places.of(placeOf(step.rule.origin)),
    effect: showEffect(step),
  }));
}
