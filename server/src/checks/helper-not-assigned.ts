import type { SessionCase } from "../ftp/judgement.ts";
import type { Check, Finding } from "./check.ts";
import {
  assumedNote,
  blockedClasses,
  familyNames,
  groupByAnchor,
  relatedAnchors,
  relatedStops,
  whichClients,
} from "./describe.ts";

/** RELATED is accepted, but without a helper on the control connection no data connection is ever RELATED. */
export const helperNotAssigned: Check = {
  id: "helper-not-assigned",
  severity: "warning",
  title: "RELATED is accepted, but no rule assigns the FTP helper, so nothing is ever RELATED",
  fixable: true,
  run: ({ cases, wouldPassWithHelper }) =>
    groupByAnchor(cases.filter((one) => blockedClasses(one).length > 0 && wouldPassWithHelper(one))).map(
      ({ rule, cases: group }): Finding => ({
        code: "helper-not-assigned",
        severity: "warning",
        message: message(group),
        rule,
        related: [...relatedStops(group, "The data connection"), ...relatedAnchors(group, rule)],
        cases: group,
      }),
    ),
};

function message(cases: readonly SessionCase[]): string {
  const modes = [...new Set(cases.map((one) => one.mode))].sort().join(" and ");
  const capital = modes.charAt(0).toUpperCase() + modes.slice(1);
  return `${capital} FTP logs in here, but every listing and transfer hangs (${familyNames(cases)}${whichClients(cases)}): the rules accept RELATED, yet nothing assigns the conntrack helper "ftp" to this connection, so its data connections are never RELATED. Loading nf_conntrack_ftp alone has not been enough since kernel 4.7. Assign the helper to port 21, or open the data ports.${assumedNote(cases)}`;
}
