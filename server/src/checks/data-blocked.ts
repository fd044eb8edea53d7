import type { SessionCase } from "../ftp/judgement.ts";
import type { KnownServer } from "../ftp/known-server.ts";
import type { Outcome } from "../ftp/outcome.ts";
import type { Mode } from "../ftp/scenario.ts";
import { FTP_DATA_PORT } from "../ftp/scenario.ts";
import type { Check, Finding, Related } from "./check.ts";
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
import { relatedLines, serverName } from "./server-config.ts";

function whoConnects(mode: Mode, cases: readonly SessionCase[]): string {
  if (mode === "passive") return "the client connects to an unprivileged port of the server";
  const port = cases[0]?.scenario.dataPort ?? FTP_DATA_PORT;
  const from = port === "any" ? "any of its ports" : `port ${port}`;
  return `the server connects from ${from} to an unprivileged port of the client`;
}

/** The check of one mode: its data connection is stopped, for other reasons than the missing helper alone. */
export function dataBlockedCheck(mode: Mode): Check {
  const id = `${mode}-data-blocked`;
  return {
    id,
    severity: "warning",
    title: `Control connections are let in, but the data connections of ${mode} FTP are not`,
    repair: "sessions",
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
            ...announcedLines(group),
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
      : whyStopped(whoConnects(mode, cases), outcome);
  const server = announcesForeign(cases);
  const foreign = server
    ? ` The conntrack helper is no way out: it does not follow the 227 reply of ${serverName(server)}, which names another address than its own.`
    : "";
  return `${capital} FTP logs in here, but ${whatHappens(cases)} (${where}): ${why}.${foreign} ${advice(cases)}${assumedNote(cases)}`;
}

/** The server whose 227 reply names a foreign address: the helper is of no use then. */
function announcesForeign(cases: readonly SessionCase[]): KnownServer | undefined {
  return cases.find(
    ({ scenario, server, mode }) =>
      mode === "passive" && server && scenario.announced && scenario.tls === "none",
  )?.server;
}

function announcedLines(cases: readonly SessionCase[]): Related[] {
  const server = announcesForeign(cases);
  return server ? relatedLines(server, server.announced, "The address in the 227 reply is set here.") : [];
}

function whyStopped(what: string, outcome: Outcome | undefined): string {
  const label = outcome?.state.label ?? "";
  if (outcome?.stop?.reason !== undefined) return `${what}; ${outcome.stop.reason}`;
  const answer = label.includes("SYN+ACK") ? ", and the answer to that does not pass: " : ", and ";
  return `${what}${answer}${describeStop(outcome?.stop)}`;
}
