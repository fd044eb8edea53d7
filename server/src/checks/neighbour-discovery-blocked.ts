import type { Check, Finding } from "./check.ts";
import { describeStop, failingOutcome, groupByAnchor, relatedStops } from "./describe.ts";

/** ICMPv6 neighbour discovery is dropped, so no IPv6 connection can start at all. */
export const neighbourDiscoveryBlocked: Check = {
  id: "neighbour-discovery-blocked",
  severity: "warning",
  title: "IPv6 neighbour discovery is dropped, so no IPv6 connection works",
  repair: "none",
  run: ({ cases }) =>
    groupByAnchor(cases.filter((one) => one.outcomes.every((outcome) => outcome.phase === "neighbour"))).map(
      ({ rule, cases: group }): Finding => {
        const outcome = failingOutcome(group);
        return {
          code: "neighbour-discovery-blocked",
          severity: "warning",
          message: `IPv6 clients cannot reach port 21 at all: a ${outcome?.step ?? "neighbour discovery packet"} does not pass: ${describeStop(outcome?.stop)}. Without neighbour discovery (IPv6's ARP) hosts do not find each other. Accept ICMPv6 nd-neighbor-solicit and nd-neighbor-advert (types 135 and 136), in both directions.`,
          origin: rule.origin,
          related: relatedStops(group, "Neighbour discovery"),
          cases: group,
        };
      },
    ),
};
