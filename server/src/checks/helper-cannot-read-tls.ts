import type { SessionCase } from "../ftp/judgement.ts";
import type { Check, Finding } from "./check.ts";
import { assumedNote, familyNames, groupByAnchor, relatedStops } from "./describe.ts";
import { relatedLines, serverName } from "./server-config.ts";

const id = "helper-cannot-read-tls";

/** The rules rely on the conntrack helper, but the control connection is encrypted. */
export const helperCannotReadTls: Check = {
  id,
  severity: "warning",
  title: "The rules rely on the conntrack helper, but the control connection is encrypted",
  repair: "sessions",
  run: ({ cases, causeOf }) =>
    byWhatPortsCanDo(cases.filter((one) => causeOf(one) === "tls")).map(
      ({ rule, cases: group }): Finding => ({
        code: id,
        severity: "warning",
        message: message(group),
        origin: rule.origin,
        related: [...tlsLines(group), ...relatedStops(group, "The data connection")],
        cases: group,
      }),
    ),
};

/** Opening ports is no way for active mode unless this is the server: what can be repaired stands by itself. */
function byWhatPortsCanDo(cases: readonly SessionCase[]): ReturnType<typeof groupByAnchor> {
  const hopeless = (one: SessionCase) => one.mode === "active" && one.role !== "server";
  return [...groupByAnchor(cases.filter((one) => !hopeless(one))), ...groupByAnchor(cases.filter(hopeless))];
}

function message(cases: readonly SessionCase[]): string {
  const modes = [...new Set(cases.map((one) => one.mode))].sort().join(" and ");
  const server = cases.find((one) => one.server)?.server;
  const who = server
    ? `${serverName(server)} offers TLS`
    : `port ${cases[0]!.scenario.controlPort} means TLS`;
  return `FTP over TLS logs in here, but in ${modes} mode every listing and transfer hangs (${familyNames(cases)}): ${who}, and the conntrack helper, on which these rules rely for the data connections, cannot read an encrypted control connection. ${remedy(cases)}${assumedNote(cases)}`;
}

function remedy(cases: readonly SessionCase[]): string {
  return cases.every((one) => one.mode === "active")
    ? "Let clients use passive mode: active mode would need every high port of theirs open."
    : "Pin the server to a passive range and open exactly that.";
}

function tlsLines(cases: readonly SessionCase[]) {
  const server = cases.find((one) => one.server)?.server;
  return server && server.tls.places.length > 0
    ? relatedLines(server, server.tls, "TLS is switched on here.")
    : [];
}
