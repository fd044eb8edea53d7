import type { SessionCase } from "../ftp/judgement.ts";
import type { Check, Finding } from "./check.ts";
import {
  assumedNote,
  describeStop,
  failingOutcome,
  familyNames,
  groupByAnchor,
  relatedStops,
} from "./describe.ts";

/** Port 21 is let in, but its answers are not let out: nobody can even log in. */
export const controlRepliesBlocked: Check = {
  id: "control-replies-blocked",
  severity: "error",
  title: "Port 21 is let in, but its answers are not let out",
  repair: "sessions",
  run: ({ cases }) =>
    groupByAnchor(cases.filter(loginFails)).map(
      ({ rule, cases: group }): Finding => ({
        code: "control-replies-blocked",
        severity: "error",
        message: message(group),
        origin: rule.origin,
        related: relatedStops(group, "A packet of the control connection"),
        cases: group,
      }),
    ),
};

function loginFails(one: SessionCase): boolean {
  return (
    one.classes.every((each) => each.verdict.verdict === "no-control") &&
    one.outcomes.some((outcome) => outcome.phase === "control")
  );
}

function message(cases: readonly SessionCase[]): string {
  const outcome = failingOutcome(cases);
  const label = outcome?.step ?? "";
  const packet = label.includes("server -> client") ? "the server's answer" : "a later packet of the client";
  return `This rule lets the first packet to port 21 in, but nobody can log in (${familyNames(cases)}): ${packet} does not pass: ${describeStop(outcome?.stop)}. Accept packets of established connections in that chain.${assumedNote(cases)}`;
}
