import type { Host } from "../convert/host.ts";
import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import type { KnownServer } from "../ftp/known-server.ts";
import type { Outcome } from "../ftp/outcome.ts";
import type { Mode } from "../ftp/scenario.ts";
import { FTP_DATA_PORT } from "../ftp/scenario.ts";
import { namesPort } from "../netfilter/named-port.ts";
import type { Check, Finding, Related } from "./check.ts";
import {
  advice,
  assumedNote,
  describeStop,
  failingOutcome,
  familyNames,
  groupByAnchor,
  relatedAnchors,
  relatedStops,
  whatHappens,
  whichClients,
} from "./describe.ts";
import { relatedCommands } from "./helper-commands.ts";
import { assignmentsOf, relatedMatches } from "./helper-rules.ts";
import { statementsOf } from "./rule-facts.ts";
import { rulesAbout } from "./rules-about.ts";
import { relatedLines, serverName } from "./server-config.ts";

function whoConnects(mode: Mode, cases: readonly SessionCase[]): string {
  if (mode === "passive") return "the client connects to an unprivileged port of the server";
  const port = cases[0]?.scenario.dataPort ?? FTP_DATA_PORT;
  const from = port === "any" ? "any of its ports" : `port ${port}`;
  return `the server connects from ${from} to an unprivileged port of the client`;
}

/** The check of one mode: its data connection is stopped, for other reasons than the missing helper alone. */
export function dataBlockedCheck(mode: Mode): Check {
  const id = `${mode}-data-blocked`;
  return {
    id,
    severity: "warning",
    title: `Control connections are let in, but the data connections of ${mode} FTP are not`,
    repair: "sessions",
    run: ({ cases, causeOf, host }) =>
      groupByAnchor(cases.filter((one) => one.mode === mode && causeOf(one) === "data")).map(
        ({ rule, cases: group }): Finding => ({
          code: id,
          severity: "warning",
          message: message(mode, group),
          origin: rule.origin,
          related: [
            ...relatedStops(group, `The data connection of ${mode} FTP`),
            ...relatedAnchors(group, rule),
            ...announcedLines(group),
            ...causesIn(group),
            ...attemptsIn(host, group),
          ],
          cases: group,
        }),
      ),
  };
}

/** What in the rules keeps the helper from being of use, each with the reason. */
function causesIn(cases: readonly SessionCase[]): Related[] {
  const [first] = cases;
  if (!first) return [];
  return [...untrackedBy(first), ...relatedMatches(first.reading.ruleset), ...assignedInVain(cases)];
}

/** What scripts do to get the helper without a rule, where no rule assigns it and it could read the connection. */
function attemptsIn(host: Host, cases: readonly SessionCase[]): Related[] {
  const encrypted = cases.some(({ scenario }) => scenario.tls !== "none");
  const assigned = !assignmentsOf(host.ruleset).next().done;
  return encrypted || assigned ? [] : relatedCommands(host);
}

/** The rules that hide the control connection from connection tracking. */
function untrackedBy({ outcomes, reading, scenario }: SessionCase): Related[] {
  if (!outcomes.some(({ state }) => !state.connections.control)) return [];
  return [...rulesAbout(reading.ruleset, "notrack")]
    .filter(
      ({ rule, table }) =>
        statementsOf(rule).some((one) => one.kind === "notrack") &&
        namesPort(rule, scenario.controlPort, table),
    )
    .map(({ rule }) => ({
      message:
        "The control connection is exempted from connection tracking here, so no helper can follow it.",
      origin: rule.origin,
      explains: true,
    }));
}

/** Where the helper works and nothing accepts what it expects. */
function assignedInVain(cases: readonly SessionCase[]): Related[] {
  const rules = cases.flatMap(({ classes }) =>
    classes.flatMap(({ verdict: { verdict, outcome } }) => {
      const expected = outcome?.stop?.state.tracking;
      const isRelated = expected?.kind === "tracked" && expected.state === "related";
      return verdict === "blocked" && isRelated ? (outcome?.state.helperRules ?? []) : [];
    }),
  );
  return [...new Map(rules.map((rule) => [ruleKey(rule), rule])).values()].map(({ origin }) => ({
    message:
      "The helper is assigned here, so the data connection is RELATED; but no rule accepts it as that.",
    origin,
  }));
}

function message(mode: Mode, cases: readonly SessionCase[]): string {
  const outcome = failingOutcome(cases);
  const capital = mode === "active" ? "Active" : "Passive";
  const where = `${familyNames(cases)}${whichClients(cases)}`;
  const why =
    outcome?.stop === undefined && outcome?.reason
      ? outcome.reason
      : whyStopped(whoConnects(mode, cases), outcome);
  const server = announcesForeign(cases);
  const foreign = server
    ? ` The conntrack helper is no way out: it does not follow the 227 reply of ${serverName(server)}, which names another address than its own.`
    : "";
  return `${capital} FTP logs in here, but ${whatHappens(cases)} (${where}): ${why}.${foreign} ${advice(cases)}${assumedNote(cases)}`;
}

/** The server whose 227 reply names a foreign address: the helper is of no use then. */
function announcesForeign(cases: readonly SessionCase[]): KnownServer | undefined {
  return cases.find(
    ({ scenario, server, mode }) =>
      mode === "passive" && server && scenario.announced && scenario.tls === "none",
  )?.server;
}

function announcedLines(cases: readonly SessionCase[]): Related[] {
  const server = announcesForeign(cases);
  return server ? relatedLines(server, server.announced, "The address in the 227 reply is set here.") : [];
}

function whyStopped(what: string, outcome: Outcome | undefined): string {
  const label = outcome?.state.label ?? "";
  if (outcome?.stop?.reason !== undefined) return `${what}; ${outcome.stop.reason}`;
  const answer = label.includes("SYN+ACK") ? ", and the answer to that does not pass: " : ", and ";
  return `${what}${answer}${describeStop(outcome?.stop)}`;
}
