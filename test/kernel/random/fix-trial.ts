import { FTP_DATA_PORT } from "../../../server/src/ftp/scenario.ts";
import type { Strategy } from "../cases.ts";
import { type Repair, repair } from "../product.ts";
import { passivePort } from "../rig/ftp-server.ts";
import type { Reachable } from "../rig/probe.ts";
import type { Rig } from "../rig/rig.ts";
import type { RulesetFile } from "../rig/ruleset-loader.ts";
import { bySession, type Outcomes, type SessionName, sessionNames } from "../rig/sessions.ts";
import { isUndecidable } from "./features.ts";
import type { RandomHost } from "./generate.ts";
import { hostOf } from "./trial.ts";

/** What became of a ruleset's sessions, and what strangers reach through it. */
export interface Measured {
  readonly outcomes: Outcomes;
  /** Absent where nobody probed. */
  readonly reached?: Reachable;
}

/** Loads files on the host and makes the sessions; a text says why the real tools refuse them. */
export type Measure = (
  files: readonly RulesetFile[],
  options: { readonly probe: boolean },
) => Promise<Measured | string>;

/** Something that a fix must not do, with a name by which a smaller ruleset is known to show the same. */
export interface Wrong {
  readonly kind: string;
  readonly detail: string;
  /** Of what strangers reach: each way in question. */
  readonly ways?: readonly string[];
}

/** What a fix made of one ruleset. */
export interface FixTrial {
  /** What the kernel did before the fix. */
  readonly before: Outcomes;
  readonly found: boolean;
  readonly changed: boolean;
  readonly blocked: readonly SessionName[];
  readonly repaired: readonly SessionName[];
  /** Sessions that stay blocked, each with the reason that the product gave. */
  readonly declined: Readonly<Partial<Record<SessionName, string>>>;
  readonly undecided: Readonly<Partial<Record<SessionName, string>>>;
  readonly wrong: readonly Wrong[];
  readonly files: readonly RulesetFile[];
}

/** Asks the kernel. */
export function measureIn(rig: Rig, { on, connectTo, controlPort }: RandomHost): Measure {
  return async (files, { probe }) => {
    const trial = await rig.tryRuleset({ on, files, connectTo, controlPort });
    if (!trial.loaded || trial.sessions === undefined) return trial.loadError ?? "no reason was given";
    const outcomes = bySession((name) => trial.sessions![name].outcome);
    return probe ? { outcomes, reached: await rig.probe(on) } : { outcomes };
  };
}

/** Measures the repaired ruleset and says what is wrong. */
async function tryFix(
  host: RandomHost,
  strategy: Strategy,
  { files, found, declined: left, undecided, opensControl, closes }: Repair,
  before: Measured,
  measure: Measure,
): Promise<FixTrial> {
  const changed = isChanged(host, files);
  const after = changed ? await measure(files, { probe: before.reached !== undefined }) : before;
  const blocked = sessionNames.filter((name) => before.outcomes[name] === "blocked");
  const untouched = { before: before.outcomes, found: found.length > 0, changed, blocked, files };
  if (typeof after === "string") {
    const wrong = [{ kind: "refused", detail: `the real tools refuse the fixed text: ${after}` }];
    return { ...untouched, repaired: [], declined: {}, undecided: {}, wrong };
  }
  const failing = blocked.filter((name) => after.outcomes[name] !== "works");
  const declined = reasons(failing, (name) => left.find(({ sessions }) => sessions.includes(name))?.reason);
  return {
    ...untouched,
    repaired: blocked.filter((name) => !failing.includes(name)),
    declined,
    undecided: reasons(failing, (name) => (declined[name] === undefined ? undecided[name] : undefined)),
    wrong: [
      ...failing
        .filter((name) => declined[name] === undefined && undecided[name] === undefined)
        .map((name) => ({
          kind: `${name} unrepaired`,
          detail: `${name} is ${after.outcomes[name]} afterwards, and nothing was said of it`,
        })),
      ...changedSessions(before.outcomes, after.outcomes, opensControl),
      ...changedWays(host, strategy, before, after, { opensControl, closes }),
      ...(changed ? repairedAgain(host, files, strategy) : []),
    ],
  };
}

function isChanged(host: RandomHost, files: readonly RulesetFile[]): boolean {
  return files.some(({ text }, index) => text !== host.files[index]!.text);
}

function reasons(
  names: readonly SessionName[],
  reasonOf: (name: SessionName) => string | undefined,
): Partial<Record<SessionName, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const reason = reasonOf(name);
      return reason === undefined ? [] : [[name, reason]];
    }),
  );
}

/** A fix takes nothing away, and lets nobody log in who could not, but for whom a rule was meant to let in. */
function changedSessions(before: Outcomes, after: Outcomes, opensControl: boolean): Wrong[] {
  return sessionNames.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (was === is || was === "blocked" || (was === "no-control" && opensControl)) return [];
    return [{ kind: `${name} from ${was} to ${is}`, detail: `${name} was ${was} and is ${is} afterwards` }];
  });
}

function changedWays(
  host: RandomHost,
  strategy: Strategy,
  before: Measured,
  after: Measured,
  { opensControl, closes }: Pick<Repair, "opensControl" | "closes">,
): Wrong[] {
  if (before.reached === undefined || after.reached === undefined) return [];
  const opened = [...after.reached].filter((way) => !before.reached!.has(way));
  const tooMuch = opened
    .filter((way) => strategy !== "ports" || !isNeeded(way, host, after.reached!))
    .filter((way) => !opensControl || !isControl(way, host));
  const closed = closes ? [] : [...before.reached].filter((way) => !after.reached!.has(way));
  return [
    ...(tooMuch.length > 0 ? [{ kind: "opened", detail: "strangers get in", ways: tooMuch }] : []),
    ...(closed.length > 0 ? [{ kind: "closed", detail: "strangers no longer get in", ways: closed }] : []),
  ];
}

/** The port that the client dials, or one of those on which random rules have their servers. */
function isControl(way: string, { controlPort = 21 }: RandomHost): boolean {
  return [21, 2121, controlPort].some((port) => way.endsWith(`:${port}`));
}

/**
 * The passive port, for every address that reached the control port of the same host before; with NAT the ports of the
 * range that it sends on to that one. And the server's port 20: data goes out from it, and without a state answers from
 * it look the same; nobody waits for connections there.
 */
function isNeeded(way: string, { on, files, controlPort = 21 }: RandomHost, before: Reachable): boolean {
  const [, source, host, text] = /^(.*):\w+ -> (.*):(\d+)$/.exec(way)!;
  const port = Number(text);
  if (on === "server" && port === FTP_DATA_PORT) return true;
  const isPassive = port === passivePort || (isNear(port) && files.some(translates));
  if (on === "client" || !isPassive) return false;
  return ["high", 20].some((from) =>
    [21, controlPort].some((control) => before.has(`${source}:${from} -> ${host}:${control}`)),
  );
}

/** In the range around the passive port that random rules forward. */
function isNear(port: number): boolean {
  return 50000 <= port && port <= 50100;
}

function translates({ text }: RulesetFile): boolean {
  return /DNAT|REDIRECT|NETMAP|\bdnat\b|\bredirect\b/.test(text);
}

export function describeWrong({ detail, ways = [] }: Wrong): string {
  const shown = ways.slice(0, 6).map((way) => `\n    ${way}`);
  const more = ways.length > shown.length ? `\n    and ${ways.length - shown.length} more` : "";
  return `${detail}${shown.join("")}${more}`;
}

function repairedAgain(host: RandomHost, files: readonly RulesetFile[], strategy: Strategy): Wrong[] {
  const again = repair(hostOf({ ...host, files }), strategy);
  const changed = again.files.filter(({ text }, index) => text !== files[index]!.text);
  const detail = `a second fix changes it again:\n${changed.map(({ text }) => text).join("")}`;
  return changed.length > 0 ? [{ kind: "changed again", detail }] : [];
}

/** Tries that have to show the same before it is believed: a busy machine loses a packet now and then. */
const TRIES = 6;

/**
 * The fixes of one ruleset, by strategy; a text where the real tools refuse the ruleset as it came. `tries`: fewer where
 * something wrong is expected.
 */
export async function tryFixes(
  host: RandomHost,
  strategies: readonly Strategy[],
  measure: Measure,
  tries = TRIES,
): Promise<ReadonlyMap<Strategy, FixTrial> | string> {
  const repairs = strategies.map((strategy) => [strategy, repair(hostOf(host), strategy)] as const);
  // Rate limits make every probe another.
  const probe = !isUndecidable(host.files) && repairs.some(([, { files }]) => isChanged(host, files));
  const trials = new Map<Strategy, FixTrial>();
  for (let attempt = 0; attempt < tries; attempt++) {
    const before = await measure(host.files, { probe });
    if (typeof before === "string") return before;
    for (const [strategy, repaired] of repairs) {
      const last = trials.get(strategy);
      if (last?.wrong.length === 0) continue;
      const trial = await tryFix(host, strategy, repaired, before, measure);
      trials.set(strategy, last ? { ...trial, wrong: inBoth(last.wrong, trial.wrong) } : trial);
    }
    if ([...trials.values()].every(({ wrong }) => wrong.length === 0)) break;
  }
  return trials;
}

/** What was wrong twice; of what strangers reach, the ways that were. NAT chooses ports by what is in use. */
function inBoth(first: readonly Wrong[], second: readonly Wrong[]): Wrong[] {
  return second.flatMap((one) => {
    const other = first.find(({ kind }) => kind === one.kind);
    const ways = one.ways?.filter((way) => other?.ways?.includes(way));
    if (other === undefined || ways?.length === 0) return [];
    return [ways === undefined ? one : { ...one, ways }];
  });
}
