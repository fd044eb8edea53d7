import { describePins } from "../daemons/passive-range.ts";
import type { SessionCase } from "../ftp/judgement.ts";
import { rangeOf } from "../ftp/known-server.ts";
import { likelyRange } from "../ftp/verdict.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import { UNPRIVILEGED_PORTS } from "../model/values.ts";
import type { Check, Finding } from "./check.ts";
import { assumedNote, familyNames, groupByAnchor, workingAnchors } from "./describe.ts";
import { portsText } from "./server-config.ts";

const id = "passive-range-unconfirmed";

/** Passive mode passes over a range that nothing here confirms to be the server's. */
export const passiveRangeUnconfirmed: Check = {
  id,
  severity: "hint",
  title: "Passive FTP passes over certain ports only, to which the server has to be pinned",
  repair: "none",
  run: ({ cases }) =>
    groupByAnchor(
      cases.filter((one) => !rangeThatPasses(one).isEmpty),
      workingAnchors,
    ).map(
      ({ rule, cases: group }): Finding => ({
        code: id,
        severity: "hint",
        message: message(group),
        origin: rule.origin,
        related: [],
        cases: group,
      }),
    ),
};

/** Empty where the whole range passes, where it is known, and for clients, who cannot know it. */
function rangeThatPasses(one: SessionCase): IntervalSet<number> {
  // Where a server is configured, but for another port, its range is what the ports are open for.
  const unclear = one.rivals.length > 0 || one.others.length === 0;
  const relevant =
    one.mode === "passive" && one.role !== "client" && !one.scenario.passiveRangeKnown && unclear;
  const working = one.classes.find((each) => each.verdict.verdict === "works" && each.anchors.length > 0);
  const ports = relevant && working ? likelyRange(working.passivePorts) : UNPRIVILEGED_PORTS;
  return UNPRIVILEGED_PORTS.isSubsetOf(ports) ? ports.subtract(ports) : ports;
}

function whereToSay(cases: readonly SessionCase[]): string {
  const rivals = cases.flatMap((one) => one.rivals);
  if (rivals.length > 0) {
    const names = [...new Set(rivals.map(({ path }) => path))].join(", ");
    return `Several FTP servers are configured for that port (${names}): name the one that runs with --server-config, or state its range as passivePorts.`;
  }
  return "No FTP server's configuration was found beside these rules: name it with --server-config, or state its range as passivePorts in the settings.";
}

function message(cases: readonly SessionCase[]): string {
  const ports = rangeThatPasses(cases[0]!);
  const range = rangeOf(ports);
  const pins = range ? ` ${describePins(range)}.` : "";
  return `Passive FTP passes over the ports ${portsText(ports)} (${familyNames(cases)}), so the FTP server has to be pinned to them.${pins} ${whereToSay(cases)}${assumedNote(cases)}`;
}
