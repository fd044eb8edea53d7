import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import type { KnownServer } from "../ftp/known-server.ts";
import type { OpenedPorts } from "../ftp/opened-ports.ts";
import type { Rule } from "../model/rule.ts";
import type { Check, CheckContext, Finding } from "./check.ts";
import { blockedClasses, familyNames } from "./describe.ts";
import { portsText, relatedLines, serverName } from "./server-config.ts";

const id = "passive-range-mismatch";

/** What is wider is no range that somebody chose. */
const WIDEST_RANGE = 20_000;

/** The passive ports that the rules open are not those that the server's configuration names. */
export const passiveRangeMismatch: Check = {
  id,
  severity: "warning",
  title: "The passive ports that are open are not those of the FTP server's configuration",
  fixable: true,
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
        rule,
        related: [
          ...relatedLines(server, server.passivePorts, "The server's passive ports are set here."),
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
  const surplus = opened.ports.subtract(scenario.passivePorts);
  return works && !surplus.isEmpty && width(opened) < WIDEST_RANGE ? { server, opened } : undefined;
}

function width({ ports }: OpenedPorts): number {
  return ports.isEmpty ? 0 : ports.end! - ports.min!;
}

function message(cases: readonly SessionCase[], server: KnownServer, { ports }: OpenedPorts): string {
  const { value, places, note } = server.passivePorts;
  const uses =
    places.length > 0
      ? `uses ${portsText(value)}`
      : `is not pinned to a range and may use ${portsText(value)}`;
  const why = note && places.length > 0 ? ` ${note}` : "";
  const start = `This rule opens the passive ports ${portsText(ports)}, but ${serverName(server)} ${uses}`;
  if (cases.some((one) => blockedClasses(one).length > 0)) {
    return `${start}: the client connects to a port that is not open, and every listing and transfer fails or hangs, always or now and then (${familyNames(cases)}).${why} Open the server's ports, or pin the server to these.`;
  }
  return `${start}: FTP passes (${familyNames(cases)}), but ${portsText(ports.subtract(value))} are open to whatever else listens there.${why} Open only the server's ports, or pin the server to these.`;
}
