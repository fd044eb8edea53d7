import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import { PRIORITY } from "../model/builtin-chains.ts";
import type { Check, Finding } from "./check.ts";
import type { Assignment } from "./helper-rules.ts";
import { assignmentsOf, doesMore, HELPER_PRIORITY } from "./helper-rules.ts";

const id = "helper-after-dstnat";

/** The helper is given to connections that DNAT has changed already, which some kernels do not survive. */
export const helperAfterDstnat: Check = {
  id,
  severity: "info",
  title:
    "The helper is set after destination NAT, where kernels without the fix for CVE-2025-68206 garble FTP",
  repair: "rules",
  run: ({ host, cases }) =>
    [...assignmentsOf(host.ruleset)].filter(runsAfterDstnat).flatMap((one) => {
      const concerned = cases.filter((each) => givesTo(one, each));
      return concerned.length > 0 ? [finding(one, concerned)] : [];
    }),
};

function runsAfterDstnat({ chain, table }: Assignment): boolean {
  const { base } = chain;
  if (!base || table.id.backend !== "nftables") return false;
  return base.hook === "prerouting" ? base.priority > PRIORITY.dstnat : base.hook !== "output";
}

/** Whether the rule gives the helper to sessions whose destination was changed before. */
function givesTo({ rule }: Assignment, { outcomes }: SessionCase): boolean {
  return outcomes.some(
    ({ state }) =>
      state.connections.control?.dnat && state.helperRules.some((one) => ruleKey(one) === ruleKey(rule)),
  );
}

function finding({ rule, chain }: Assignment, cases: readonly SessionCase[]): Finding {
  return {
    code: id,
    severity: "info",
    message: `The helper is set here after destination NAT (-100) has changed the connection. Kernels without the fix for CVE-2025-68206 then garble the control connection when the helper rewrites an address in it, and FTP stalls. At priority ${HELPER_PRIORITY}, before NAT, every kernel is right; the rule then sees the port that the client dials.`,
    origin: rule.origin,
    related: [],
    cases,
    isCause: true,
    role: cases[0]!.role,
    mends:
      chain.base?.hook === "prerouting" && !doesMore(chain)
        ? [
            {
              title: `Give the chain priority ${HELPER_PRIORITY}, before NAT`,
              changes: [{ kind: "priority", chain, priority: HELPER_PRIORITY }],
            },
          ]
        : [],
  };
}
