import type { SessionCase } from "../ftp/judgement.ts";
import type { Mode } from "../ftp/scenario.ts";
import type { Check, Finding } from "./check.ts";
import {
  assumedNote,
  blockedClasses,
  describeStop,
  failingOutcome,
  familyNames,
  groupByAnchor,
  relatedAnchors,
  relatedStops,
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
    run: ({ cases, wouldPassWithHelper }) =>
      groupByAnchor(
        cases.filter(
          (one) => one.mode === mode && blockedClasses(one).length > 0 && !wouldPassWithHelper(one),
        ),
      ).map(
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
  const why =
    outcome?.stop === undefined && outcome?.reason
      ? outcome.reason
      : `${WHO_CONNECTS[mode]}, and ${describeStop(outcome?.stop)}`;
  return `${capital} FTP logs in here, but every listing and transfer hangs (${where}): ${why}. ${advice(cases)}${assumedNote(cases)}`;
}

function advice(cases: readonly SessionCase[]): string {
  return cases.some((one) => one.scenario.tls !== "none")
    ? "Open the data ports: on an encrypted control connection the conntrack helper cannot read which port is meant."
    : "Track FTP with the conntrack helper, or open the data ports.";
}
