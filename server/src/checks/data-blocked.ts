import type { SessionCase } from "../ftp/judgement.ts";
import type { Mode } from "../ftp/scenario.ts";
import type { Outcome } from "../ftp/session.ts";
import type { Check, Finding } from "./check.ts";
import {
  advice,
  assumedNote,
  describeStop,
  failingOutcome,
  familyNames,
  groupByAnchor,
  relatedAnchors,
  relatedStops,
  whatHappens,
  whichClients,
} from "./describe.ts";

const WHO_CONNECTS: Record<Mode, string> = {
  active: "the server connects from port 20 to an unprivileged port of the client",
  passive: "the client connects to an unprivileged port of the server",
};

/** The check of one mode: its data connection is stopped, for other reasons than the missing helper alone. */
export function dataBlockedCheck(mode: Mode): Check {
  const id = `${mode}-data-blocked`;
  return {
    id,
    severity: "warning",
    title: `Control connections are let in, but the data connections of ${mode} FTP are not`,
    fixable: true,
    run: ({ cases, causeOf }) =>
      groupByAnchor(cases.filter((one) => one.mode === mode && causeOf(one) === "data")).map(
        ({ rule, cases: group }): Finding => ({
          code: id,
          severity: "warning",
          message: message(mode, group),
          rule,
          related: [
            ...relatedStops(group, `The data connection of ${mode} FTP`),
            ...relatedAnchors(group, rule),
          ],
          cases: group,
        }),
      ),
  };
}

function message(mode: Mode, cases: readonly SessionCase[]): string {
  const outcome = failingOutcome(cases);
  const capital = mode === "active" ? "Active" : "Passive";
  const where = `${familyNames(cases)}${whichClients(cases)}`;
  const why = outcome?.stop === undefined && outcome?.reason ? outcome.reason : whyStopped(mode, outcome);
  return `${capital} FTP logs in here, but ${whatHappens(cases)} (${where}): ${why}. ${advice(cases)}${assumedNote(cases)}`;
}

function whyStopped(mode: Mode, outcome: Outcome | undefined): string {
  const what = WHO_CONNECTS[mode];
  const label = outcome?.state.label ?? "";
  if (outcome?.stop?.reason !== undefined) return `${what}; ${outcome.stop.reason}`;
  const answer = label.includes("SYN+ACK") ? ", and the answer to that does not pass: " : ", and ";
  return `${what}${answer}${describeStop(outcome?.stop)}`;
}
