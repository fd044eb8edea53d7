import type { Case, Strategy } from "./cases.ts";
import type { Refused } from "./failure-modes.ts";
import { type Host, hostOf } from "./host.ts";
import { type FixResult, findings, fix, refusals, simulate } from "./product.ts";
import { passivePort } from "./rig/ftp-server.ts";
import type { Reachable } from "./rig/probe.ts";
import type { Rig, Trial } from "./rig/rig.ts";
import type { RulesetFile } from "./rig/ruleset-loader.ts";
import {
  bySession,
  type Outcomes,
  type SessionName,
  type SessionResults,
  sessionNames,
} from "./rig/sessions.ts";
import { serverAddress } from "./rig/topology.ts";

/** What has been tried, and how often it came out as it has to. */
export const totals = {
  rulesets: 0,
  sessions: 0,
  agreeing: 0,
  fixes: 0,
  passing: 0,
  declined: 0,
  refused: 0,
  findings: 0,
};

/** Asks the kernel, the simulator and the fixes about one ruleset; returns everything that is wrong. */
export async function judge(rig: Rig, one: Case): Promise<string[]> {
  const host = hostOf(one);
  const { outcomes, results, problems } = await tryInKernel(rig, one, host.files);
  if (outcomes === undefined || results === undefined) return problems;
  problems.push(...disagreements("kernel", outcomes, "case table", stated(one), results));
  if (one.mtu !== undefined) return [...problems, ...(await checkLargeFiles(rig, one, host, outcomes))];
  const strategies = one.strategies ?? (["helper", "ports"] as const);
  const before = one.hole || strategies.length > 0 ? await rig.probe(one.on) : new Set<string>();
  problems.push(...holeProblems(one, host, before));
  problems.push(
    ...refusals(host).map((said) => `the kernel loads it, and the product says that it does not: ${said}`),
  );
  problems.push(...compareSimulator(host, outcomes, results), ...findingProblems(one, host));
  for (const strategy of strategies) {
    problems.push(...(await checkFix(rig, one, host, strategy, outcomes, before)));
  }
  return problems;
}

/** The kernel's outcomes, where the ruleset loads, and everything that is wrong with them or with the verdicts. */
interface Judged {
  readonly outcomes?: Outcomes;
  readonly problems: readonly string[];
}

/**
 * Asks the kernel and the simulator alone. `recorded` is what the kernel did before; with `unknown`, a part of the
 * reason, the simulator may say that the files do not tell. A busy machine lets a transfer time out now and then, so
 * that a difference counts only when it is there again.
 */
export async function judgeVerdicts(
  rig: Rig,
  host: Host,
  { recorded, unknown }: { readonly recorded?: Outcomes; readonly unknown?: string },
): Promise<Judged> {
  const refused = refusals(host).map((said) => `the product says that it does not load: ${said}`);
  let judged: Judged = { problems: [] };
  for (let attempt = 0; attempt < 3; attempt++) {
    const { outcomes, results, problems } = await tryInKernel(rig, host, host.files);
    if (outcomes === undefined || results === undefined) return { problems };
    if (recorded !== undefined)
      problems.push(...disagreements("kernel", outcomes, "record", recorded, results));
    problems.push(...compareSimulator(host, outcomes, results, unknown));
    judged = { outcomes, problems: [...problems, ...refused] };
    if (problems.length === 0) break;
  }
  return judged.problems.length === 0
    ? judged
    : { ...judged, problems: [...judged.problems, show(host.files)] };
}

/** Asks the real tools and the product about a ruleset that cannot be loaded. */
export async function judgeRefusal(rig: Rig, one: Refused): Promise<string[]> {
  const host = hostOf(one);
  const problems: string[] = [];
  const { loaded } = await rig.tryRuleset({ ...one, files: host.files });
  if (loaded) problems.push("the real tools load it, and should refuse it");
  const said = refusals(host);
  if (said.length === 0) problems.push("the product does not say that it is refused");
  problems.push(...findingProblems(one, host));
  totals.refused++;
  for (const strategy of ["helper", "ports"] as const)
    problems.push(...(await judgeCorrection(rig, one, host, strategy)));
  return problems.length === 0 ? [] : [...problems, show(host.files)];
}

/** What the fix makes of a ruleset that cannot be loaded: one that can, through which everything passes. */
async function judgeCorrection(rig: Rig, one: Refused, host: Host, strategy: Strategy): Promise<string[]> {
  const fixed = fix(host, strategy);
  totals.fixes++;
  const { outcomes, results, problems } = await tryInKernel(rig, one, fixed.files);
  if (outcomes && results) {
    problems.push(...disagreements("kernel", outcomes, "what a fix has to reach", allWork, results));
    const reached = await rig.probe(one.on);
    const tooMuch = [...reached].filter(
      (way) => !way.includes("[") && !isControlPort(way, host) && !isPassivePort(way, host),
    );
    if (tooMuch.length > 0) problems.push(`strangers reach more than FTP:${examples(tooMuch)}`);
  }
  const again = fix({ ...host, files: fixed.files }, strategy);
  if (show(again.files) !== show(fixed.files)) problems.push("a second fix changes it again");
  if (problems.length === 0) totals.passing++;
  return problems.map((problem) => `fix with ${strategy}: ${problem}`);
}

/** What `check` has to report of a faulty form, and must not report of one that works. */
function findingProblems(one: Pick<Case, "finds" | "silentAbout">, host: Host): string[] {
  const { finds = [], silentAbout = [] } = one;
  if (finds.length + silentAbout.length === 0) return [];
  const codes = findings(host);
  totals.findings += finds.length + silentAbout.length;
  return [
    ...finds
      .filter((code) => !codes.includes(code))
      .map((code) => `check does not report ${code}: ${codes.join()}`),
    ...silentAbout
      .filter((code) => codes.includes(code))
      .map((code) => `check reports ${code}, which is not so`),
  ];
}

const allWork: Outcomes = { active4: "works", passive4: "works", active6: "works", passive6: "works" };

function stated(one: Case): Outcomes {
  return { active4: one.ipv4[0], passive4: one.ipv4[1], active6: one.ipv6[0], passive6: one.ipv6[1] };
}

function holeProblems(one: Case, host: Host, reached: Reachable): string[] {
  if (one.hole === undefined) return [];
  if (one.hole !== "none")
    return reached.has(one.hole) ? [] : [`strangers do not have this way in: ${one.hole}`];
  const control = `-> ${serverAddress.ipv4}:${host.controlPort}`;
  const tooMuch = [...reached].filter((way) => !way.includes("[") && !way.endsWith(control));
  return tooMuch.length === 0 ? [] : [`strangers reach more than the control port:${examples(tooMuch)}`];
}

interface Tried {
  readonly outcomes?: Outcomes;
  readonly results?: SessionResults;
  readonly problems: string[];
}

async function tryInKernel(
  rig: Rig,
  one: Omit<Trial, "files">,
  files: readonly RulesetFile[],
): Promise<Tried> {
  const trial = await rig.tryRuleset({ ...one, files });
  if (!trial.loaded || trial.sessions === undefined) {
    return { problems: [`the real tools refuse it: ${trial.loadError}\n${show(files)}`] };
  }
  // A script goes on after a command that failed; what it leaves behind is not what its text says.
  const problems =
    trial.complaints === "" ? [] : [`the real tools complain: ${trial.complaints}\n${show(files)}`];
  const results = trial.sessions;
  const outcomes = bySession((name) => results[name].outcome);
  return { outcomes, results, problems };
}

function compareSimulator(host: Host, kernel: Outcomes, results: SessionResults, unknown?: string): string[] {
  const verdicts = simulate(host);
  const said = bySession((name) => {
    const { verdict, reason } = verdicts[name];
    const isRight = verdict === "unknown" && unknown !== undefined && reason?.includes(unknown);
    return isRight ? kernel[name] : verdict;
  });
  totals.rulesets++;
  totals.sessions += sessionNames.length;
  totals.agreeing += sessionNames.filter((name) => said[name] === kernel[name]).length;
  const reasons = sessionNames.map((name) => `${name}: ${verdicts[name]?.reason ?? ""}`).join("\n    ");
  return disagreements("simulator", said, "kernel", kernel, results).map((text) => `${text}\n    ${reasons}`);
}

/** One text that shows both sides in full, where they differ. */
function disagreements(
  left: string,
  leftSays: Readonly<Record<SessionName, string>>,
  right: string,
  rightSays: Readonly<Record<SessionName, string>>,
  results: SessionResults,
): string[] {
  const differing = sessionNames.filter((name) => leftSays[name] !== rightSays[name]);
  if (differing.length === 0) return [];
  const lines = differing.map(
    (name) =>
      `  ${name}: ${left} says ${leftSays[name]}, ${right} says ${rightSays[name]} (${results[name].detail})`,
  );
  return [`${left} and ${right} differ\n${lines.join("\n")}`];
}

/** What the fix makes of a ruleset over whose links large files hang: that they pass, and that nobody else gets in. */
async function checkLargeFiles(rig: Rig, one: Case, host: Host, before: Outcomes): Promise<string[]> {
  if (!sessionNames.some((name) => before[name] === "blocked")) return [];
  return checkFix(rig, one, host, "helper", before, await rig.probe(one.on));
}

async function checkFix(
  rig: Rig,
  one: Case,
  host: Host,
  strategy: Strategy,
  before: Outcomes,
  reachedBefore: Reachable,
): Promise<string[]> {
  const fixed = fix(host, strategy);
  const changed = fixed.files.some((file, index) => file.text !== host.files[index]!.text);
  const problems = declineProblems(one, strategy, fixed);
  if (fixed.declined !== "") totals.declined++;
  if (one.silent && (changed || fixed.declined !== ""))
    problems.push("something was said, though it should not");
  if (changed) {
    totals.fixes++;
    problems.push(...(await checkFixedText(rig, one, host, strategy, before, fixed, reachedBefore)));
    if (problems.length === 0) totals.passing++;
  } else if (
    !one.silent &&
    fixed.declined === "" &&
    sessionNames.some((name) => before[name] === "blocked")
  ) {
    problems.push("nothing was changed, though transfers are blocked, and nothing was declined");
  }
  return problems.map((problem) => `fix with ${strategy}: ${problem}`);
}

function declineProblems(one: Case, strategy: Strategy, fixed: FixResult): string[] {
  const expected = one.declines?.includes(strategy) ?? false;
  if (expected === (fixed.declined !== "")) return [];
  return [expected ? "was expected to be declined" : `was declined: ${fixed.declined.trim()}`];
}

async function checkFixedText(
  rig: Rig,
  one: Case,
  host: Host,
  strategy: Strategy,
  before: Outcomes,
  fixed: FixResult,
  reachedBefore: Reachable,
): Promise<string[]> {
  const { outcomes, results, problems } = await tryInKernel(rig, one, fixed.files);
  if (outcomes === undefined || results === undefined) return problems;
  for (const name of sessionNames) {
    const toRepair = before[name] === "blocked" && fixed.declined === "";
    const wanted = before[name] === "works" || toRepair;
    if (wanted && outcomes[name] !== "works") {
      problems.push(`${name} is ${outcomes[name]} afterwards (${results[name].detail})`);
    }
  }
  if (one.fixedForLargeFiles) problems.push(...(await largeFileProblems(rig, one, fixed.files, outcomes)));
  const reached = await rig.probe(one.on);
  if (one.hole !== undefined && fixed.declined === "" && reached.has(one.hole))
    problems.push(`strangers still have this way in: ${one.hole}`);
  const opened = [...reached].filter((way) => !reachedBefore.has(way));
  const tooMuch = opened.filter(
    (way) =>
      !(strategy === "ports" && isPassivePort(way, host)) && !(one.opensControl && isControlPort(way, host)),
  );
  if (tooMuch.length > 0)
    problems.push(`strangers reach ${tooMuch.length} more ways in:${examples(tooMuch)}`);
  const again = fix({ ...host, files: fixed.files }, strategy);
  if (show(again.files) !== show(fixed.files))
    problems.push(`a second fix changes it again:\n${show(again.files)}`);
  return problems.length === 0 ? [] : [...problems, `the fixed text:\n${show(fixed.files)}`];
}

const smallMtu = 1300;

/** Large files that hang on a small link, of sessions that pass otherwise. */
async function largeFileProblems(
  rig: Rig,
  one: Case,
  files: readonly RulesetFile[],
  passing: Outcomes,
): Promise<string[]> {
  const { outcomes, results, problems } = await tryInKernel(rig, { ...one, mtu: smallMtu }, files);
  if (outcomes === undefined || results === undefined) return problems;
  const hanging = sessionNames.filter((name) => passing[name] === "works" && outcomes[name] !== "works");
  return [
    ...problems,
    ...hanging.map(
      (name) => `${name}: a large file over a small link is ${outcomes[name]} (${results[name].detail})`,
    ),
  ];
}

function examples(ways: readonly string[]): string {
  const shown = ways.slice(0, 10).map((way) => `\n  ${way}`);
  return shown.join("") + (ways.length > shown.length ? "\n  and so on" : "");
}

/** As the client dials it, and as the server has it. */
function isControlPort(way: string, { controlPort }: Host): boolean {
  return way.endsWith(`:${controlPort}`) || way.endsWith(":21");
}

/** The server's passive range is what opening the ports opens; to the client's side only. */
function isPassivePort(way: string, host: Host): boolean {
  const destinations = [serverAddress, host.connectTo].flatMap((address) => [
    `-> ${address.ipv4}:${passivePort}`,
    `-> [${address.ipv6}]:${passivePort}`,
  ]);
  return host.on !== "client" && destinations.some((destination) => way.endsWith(destination));
}

function show(files: readonly RulesetFile[]): string {
  return files.map((file) => `--- ${file.kind}\n${file.text}`).join("");
}
