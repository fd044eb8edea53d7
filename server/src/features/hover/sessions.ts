import { assumedNote, describeStop } from "../../checks/describe.ts";
import type { ClassVerdict, SessionCase } from "../../ftp/judgement.ts";
import { ruleKey } from "../../ftp/judgement.ts";
import type { Role } from "../../ftp/scenario.ts";
import type { Outcome } from "../../ftp/session.ts";
import type { IntervalSet } from "../../model/interval-set.ts";
import { UNPRIVILEGED_PORTS as ALL_PASSIVE } from "../../model/values.ts";
import type { Origin } from "../../text/origin.ts";
import { absoluteSpan } from "../../text/origin.ts";
import { describeValues } from "../describe-values.ts";
import { type HoverInput, plain } from "./topic.ts";

const ROLE_NAMES: Record<Role, string> = {
  server: "an FTP server on this host",
  client: "an FTP client on this host",
  gateway: "FTP that passes through this host",
};

const MOST_LINES = 12;

/** What the ruleset does to each mode and family, as Markdown lines; empty without any session. */
export function sessionLines(input: HoverInput, cases: readonly SessionCase[]): string[] {
  const lines: string[] = [];
  for (const role of ["server", "client", "gateway"] as const) {
    const own = cases.filter((one) => one.role === role);
    if (own.length > 0) lines.push(`For ${ROLE_NAMES[role]}:`, ...roleLines(input, own));
  }
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES - 1), `- … and ${lines.length - MOST_LINES + 1} more`];
}

/** Families with the same outcome share a line. */
function roleLines(input: HoverInput, cases: readonly SessionCase[]): string[] {
  const groups = new Map<string, { mode: string; families: Set<number>; text: string }>();
  for (const one of cases) {
    for (const verdict of one.classes) {
      const text = verdictText(input, one, verdict);
      const port = one.scenario.controlPort === 21 ? "" : ` on port ${one.scenario.controlPort}`;
      const mode = `${one.mode}${port}`;
      const key = `${mode} ${text}`;
      const group = groups.get(key) ?? { mode, families: new Set(), text };
      group.families.add(one.family);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ mode, families, text }) => {
    const names = [...families].sort().map((family) => `IPv${family}`);
    return `- **${mode}** over ${names.join(" and ")}${text}`;
  });
}

function verdictText(input: HoverInput, one: SessionCase, given: ClassVerdict): string {
  const { verdict, reason, outcome, assumption } = given.verdict;
  const clients = given.clients ? `, clients ${addresses(one.family, given.clients)}` : "";
  switch (verdict) {
    case "works":
      return `${clients}: ✔ works${portsNote(one, given)}`;
    case "unknown":
      return `${clients}: ? unknown – it depends on ${plain(reason ?? "something the files do not say")}${place(input, assumption?.origin)}`;
    case "no-control":
      return `${clients}: ✘ no login – ${stopText(input, outcome, reason)}${note(one)}`;
    case "blocked":
      return `${clients}: ✘ blocked – ${stopText(input, outcome, reason)}${note(one)}`;
  }
}

function note(one: SessionCase): string {
  return plain(assumedNote([one]));
}

function addresses(family: 4 | 6, clients: NonNullable<ClassVerdict["clients"]>): string {
  const { text, negated } = describeValues(family === 4 ? "saddr4" : "saddr6", clients);
  return negated ? `other than ${text}` : text;
}

/** The ports that serve passive mode, when they are not simply all. */
function portsNote(one: SessionCase, given: ClassVerdict): string {
  const ports: IntervalSet<number> = given.passivePorts;
  if (one.mode !== "passive" || ports.isEmpty || ports.isSubsetOf(ALL_PASSIVE) === false) return "";
  if (ALL_PASSIVE.isSubsetOf(ports)) return "";
  return ` (server ports ${describeValues("dport", ports).text})`;
}

function stopText(input: HoverInput, outcome: Outcome | undefined, reason: string | undefined): string {
  const stop = outcome?.stop;
  if (!stop) return plain(reason ?? "nothing lets it through");
  const origin = stop.rule?.origin ?? stop.chain?.policy.origin ?? stop.chain?.origin;
  const packet = outcome.step ? `${outcome.step.replaceAll("->", "→")}: ` : "";
  return `${plain(packet + describeStop(stop))}${stop.reason === undefined ? place(input, origin) : ""}`;
}

/** " (line 12)", " (line 12 of rules.v6)". */
export function place(input: HoverInput, origin: Origin | undefined): string {
  if (!origin) return "";
  const file = [...input.host.files, ...input.host.included].find((one) => one.source.path === origin.file);
  if (!file) return "";
  const line = file.lines.position(absoluteSpan(origin).start).line + 1;
  const name = origin.file.slice(origin.file.lastIndexOf("/") + 1);
  return file === input.file ? ` (line ${line})` : ` (line ${line} of ${plain(name)})`;
}

/** The sessions that one of these rules lets in or gives the helper; without any, all that some rule is meant for. */
export function relevantCases(input: HoverInput, keys: ReadonlySet<string>): readonly SessionCase[] {
  const own = input.cases.filter(
    (one) =>
      one.anchors.some((rule) => keys.has(ruleKey(rule))) ||
      one.outcomes.some(({ state }) => state.helperRules.some((rule) => keys.has(ruleKey(rule)))),
  );
  if (own.length > 0) return own;
  const intended = input.cases.filter((one) => one.anchors.length > 0);
  return intended.length > 0 ? intended : input.cases;
}
