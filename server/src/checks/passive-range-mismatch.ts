import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import type { KnownServer } from "../ftp/known-server.ts";
import { WIDEST_RANGE } from "../ftp/known-server.ts";
import type { OpenedPorts } from "../ftp/opened-ports.ts";
import { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Check, CheckContext, Finding } from "./check.ts";
import { blockedClasses, familyNames } from "./describe.ts";
import { portsText, relatedLines, serverName } from "./server-config.ts";

const id = "passive-range-mismatch";

/** The passive ports that the rules open are not those that the server's configuration names. */
export const passiveRangeMismatch: Check = {
  id,
  severity: "warning",
  title: "The passive ports that are open are not those of the FTP server's configuration",
  repair: "ranges",
  run: (context) => {
    const groups = new Map<
      string,
      { rule: Rule; cases: SessionCase[]; server: KnownServer; opened: OpenedPorts }
    >();
    for (const one of context.cases) {
      const found = mismatch(one, context);
      const [rule] = found?.opened.rules ?? [];
      if (!found || !rule) continue;
      const group = groups.get(ruleKey(rule)) ?? { ...found, rule, cases: [] };
      group.cases.push(one);
      groups.set(ruleKey(rule), group);
    }
    return [...groups.values()].map(
      ({ rule, cases, server, opened }): Finding => ({
        code: id,
        severity: "warning",
        message: message(cases, server, opened),
        origin: rule.origin,
        related: [
          ...relatedLines(
            server,
            server.passivePorts,
            "The server's passive ports are set here.",
            "This configuration sets no passive ports.",
          ),
          ...opened.rules
            .slice(1)
            .map(({ origin }) => ({ message: "Passive ports are opened here, too.", origin })),
        ],
        cases,
      }),
    );
  },
};

function mismatch(
  one: SessionCase,
  context: CheckContext,
): { server: KnownServer; opened: OpenedPorts } | undefined {
  const { server, scenario, mode } = one;
  if (!server || mode !== "passive" || scenario.passivePorts !== server.passivePorts.value) return undefined;
  const blocked = blockedClasses(one).length > 0;
  if (blocked && context.causeOf(one) !== "range") return undefined;
  const opened = context.openedPorts(one);
  if (blocked) return { server, opened };
  const works = one.classes.some((each) => each.verdict.verdict === "works" && each.anchors.length > 0);
  const surplus = opened.ports.intersects(scenario.passivePorts)
    ? opened.ports.subtract(scenario.passivePorts)
    : IntervalSet.empty<number>();
  return works && !surplus.isEmpty && width(opened) < WIDEST_RANGE ? { server, opened } : undefined;
}

function width({ ports }: OpenedPorts): number {
  return ports.isEmpty ? 0 : ports.end! - ports.min!;
}

function message(cases: readonly SessionCase[], server: KnownServer, { ports }: OpenedPorts): string {
  const { value, places, note } = server.passivePorts;
  const isPinned = places.length > 0;
  const uses = isPinned ? `uses ${portsText(value)}` : `is pinned to no range and uses ${portsText(value)}`;
  const start = `This rule opens the passive ports ${portsText(ports)}, but ${serverName(server)} ${uses}`;
  const why = note && isPinned ? ` ${note}` : "";
  const families = familyNames(cases);
  if (!cases.some((one) => blockedClasses(one).length > 0)) {
    const surplus = portsText(ports.subtract(value));
    return `${start}: FTP passes (${families}), but ${surplus} are open to whatever else listens there.${why} Open only the server's ports, or pin the server to these.`;
  }
  const often = ports.intersects(value)
    ? "listings and transfers hang now and then"
    : "every listing and transfer hangs";
  const remedy = isPinned
    ? "Open the server's ports, or pin the server to these."
    : "Pin the server to these.";
  return `${start}: the client connects to a port that is not open, and ${often} (${families}).${why} ${remedy}`;
}
