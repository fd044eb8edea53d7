import { PRIORITY } from "../model/builtin-chains.ts";
import type { Check, Finding } from "./check.ts";
import type { Assignment } from "./helper-rules.ts";
import { assignmentsOf, doesMore, HELPER_PRIORITY } from "./helper-rules.ts";

const id = "helper-priority-unstable";

/** The helper is set at the very priority of connection tracking: which comes first depends on who registered first. */
export const helperPriorityUnstable: Check = {
  id,
  severity: "warning",
  title: "The helper is set at priority -200, where it works until the rules are loaded again",
  repair: "rules",
  run: ({ host }) => [...assignmentsOf(host.ruleset)].filter(isAtConntrack).map(finding),
};

/** Connection tracking looks at packets in prerouting and output; in the other hooks it has seen them long since. */
function isAtConntrack({ chain: { base }, table }: Assignment): boolean {
  const tracks = base?.hook === "prerouting" || base?.hook === "output";
  return tracks && table.id.backend === "nftables" && !table.dormant && base.priority === PRIORITY.conntrack;
}

function finding({ rule, chain }: Assignment): Finding {
  return {
    code: id,
    severity: "warning",
    message: `The helper is set at priority ${PRIORITY.conntrack}, which is that of connection tracking itself: which of the two sees a packet first depends on which was registered first. After loading the file afresh FTP may work, and after the next reload no longer. Priority ${HELPER_PRIORITY} is right in every case.`,
    origin: rule.origin,
    related: chain.origin ? [{ message: "The chain's priority is set here.", origin: chain.origin }] : [],
    cases: [],
    isCause: true,
    mends: doesMore(chain)
      ? []
      : [
          {
            title: `Give the chain priority ${HELPER_PRIORITY}`,
            changes: [{ kind: "priority", chain, priority: HELPER_PRIORITY }],
          },
        ],
  };
}
