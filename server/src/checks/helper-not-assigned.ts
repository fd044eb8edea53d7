import type { SessionCase } from "../ftp/judgement.ts";
import { PRIORITY } from "../model/builtin-chains.ts";
import type { Chain } from "../model/ruleset.ts";
import type { Check, Finding, Related } from "./check.ts";
import {
  advice,
  assumedNote,
  familyNames,
  groupByAnchor,
  relatedAnchors,
  relatedStops,
  whatHappens,
  whichClients,
} from "./describe.ts";
import { relatedCommands } from "./helper-commands.ts";
import { assignmentsOf, relatedMatches } from "./helper-rules.ts";

/** RELATED is accepted, but without a helper on the control connection no data connection is ever RELATED. */
export const helperNotAssigned: Check = {
  id: "helper-not-assigned",
  severity: "warning",
  title: "RELATED is accepted, but no rule assigns the FTP helper, so nothing is ever RELATED",
  repair: "sessions",
  run: ({ cases, causeOf, host }) =>
    groupByAnchor(cases.filter((one) => causeOf(one) === "helper")).map(
      ({ rule, cases: group }): Finding => ({
        code: "helper-not-assigned",
        severity: "warning",
        message: message(group),
        origin: rule.origin,
        related: [
          ...uselessAssignments(group),
          ...relatedCommands(host),
          ...relatedMatches(group[0]!.reading.ruleset),
          ...relatedStops(group, "The data connection"),
          ...relatedAnchors(group, rule),
        ],
        cases: group,
      }),
    ),
};

function message(cases: readonly SessionCase[]): string {
  const modes = [...new Set(cases.map((one) => one.mode))].sort().join(" and ");
  const capital = modes.charAt(0).toUpperCase() + modes.slice(1);
  const verb = modes.includes(" and ") ? "log" : "logs";
  const where = `${familyNames(cases)}${whichClients(cases)}`;
  const set = uselessAssignments(cases).length > 0;
  const why = set
    ? 'the conntrack helper "ftp" is set by a rule that does not work for this connection'
    : 'no rule assigns the conntrack helper "ftp"';
  return `${capital} FTP ${verb} in here, but ${whatHappens(cases)} (${where}): the rules accept RELATED, yet ${why}, so the data connections are never RELATED. Loading nf_conntrack_ftp alone is not enough. ${advice(cases)}${assumedNote(cases)}`;
}

/** Rules that set the FTP helper where it has no effect on these sessions, each with the reason. */
function uselessAssignments(cases: readonly SessionCase[]): Related[] {
  const [first] = cases;
  if (!first) return [];
  return [...assignmentsOf(first.reading.ruleset)].map(({ rule, chain }) => ({
    message: `The helper is set here, without effect: ${whyUseless(first, chain)}.`,
    origin: rule.origin,
    explains: true,
  }));
}

/** Where the first packet of a control connection comes by after connection tracking. */
const HOOKS: Readonly<Record<SessionCase["role"], readonly string[]>> = {
  server: ["prerouting", "input"],
  gateway: ["prerouting", "forward", "postrouting"],
  client: ["output", "postrouting"],
};

function whyUseless(one: SessionCase, { base, table }: Chain): string {
  const [hook] = HOOKS[one.role];
  if (base && table.backend === "nftables" && base.priority <= PRIORITY.conntrack) {
    return `priority ${base.priority} is before connection tracking (-200); -150 is right`;
  }
  const isReached =
    table.backend === "nftables" ? HOOKS[one.role].includes(base?.hook ?? "") : base?.hook === hook;
  if (base && !isReached) return `the connection begins in hook ${hook}, not in ${base.hook}`;
  return "the first packet of this connection does not reach it, since an earlier rule decides, or does not match it";
}
