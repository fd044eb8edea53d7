import type { SessionCase } from "../ftp/judgement.ts";
import type { Check, Finding } from "./check.ts";
import {
  assumedNote,
  blockedClasses,
  describeStop,
  familyNames,
  groupByAnchor,
  workingAnchors,
} from "./describe.ts";

const id = "path-mtu-discovery-blocked";

/** FTP passes, but a router's word that a packet is too big does not: large files hang where the path is narrow. */
export const pathMtuDiscoveryBlocked: Check = {
  id,
  severity: "info",
  title: "ICMP errors of data connections are dropped, so large files hang where a link has a smaller MTU",
  repair: "icmp-errors",
  run: ({ cases, icmpErrorStop }) =>
    groupByAnchor(
      // What does not pass at all is reported as that.
      cases.filter((one) => !cases.some((other) => isBlockedBeside(one, other)) && icmpErrorStop(one)),
      workingAnchors,
    ).map(({ rule, cases: group }): Finding => {
      const stop = icmpErrorStop(group[0]!);
      const origin = stop?.rule?.origin ?? stop?.chain?.policy.origin ?? stop?.chain?.origin;
      return {
        code: id,
        severity: "info",
        message: `${message(group)}: ${describeStop(stop)}. Accept RELATED ICMP as well.${assumedNote(group)}`,
        origin: rule.origin,
        related: origin ? [{ message: "The ICMP error is stopped here.", origin }] : [],
        cases: group,
      };
    }),
};

function isBlockedBeside(one: SessionCase, other: SessionCase): boolean {
  return one.role === other.role && one.family === other.family && blockedClasses(other).length > 0;
}

function message(cases: readonly SessionCase[]): string {
  const errors = cases.some((one) => one.family === 4) ? "fragmentation needed" : "packet too big";
  return `FTP passes here, but large files hang where a link on the way has a smaller MTU (${familyNames(cases)}): the router's ICMP error (${errors}) is RELATED to the data connection and does not pass`;
}
