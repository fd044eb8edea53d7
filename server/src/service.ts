import type { CheckLevel, Finding, Mend } from "./checks/check.ts";
import {
  checksInForce,
  findCode,
  UNKNOWN_CHECK,
  UNKNOWN_DIRECTIVE,
  UNUSED_ASSUMPTION,
  UNUSED_SUPPRESSION,
} from "./checks/codes.ts";
import { meantForFtp } from "./checks/meant-range.ts";
import { repairWay } from "./checks/registry.ts";
import { runChecks } from "./checks/run.ts";
import type { DirectedFile, DirectiveProblem, Suppressible } from "./checks/suppression.ts";
import { suppress } from "./checks/suppression.ts";
import { unusedAssumptions } from "./checks/unused-assumptions.ts";
import { directivesOf, directivesOfConfig } from "./convert/directives.ts";
import type { Host, LoadedFile, Snapshot, SourceFile } from "./convert/host.ts";
import { ChangedSnapshot, EMPTY_SNAPSHOT, Loader } from "./convert/host.ts";
import type { StatedValues } from "./convert/shell/assumed-values.ts";
import { readServerConfigs } from "./daemons/read-server-config.ts";
import type { ConfigFile, ServerConfig } from "./daemons/server-config.ts";
import { DAEMON_NAMES } from "./daemons/server-config.ts";
import { Changes } from "./fixes/changes.ts";
import type { Declined, Fix, Strategy } from "./fixes/fix.ts";
import { ignoreHere, ignoreInFile } from "./fixes/ignore-comment.ts";
import { repairRange } from "./fixes/range.ts";
import { correctionOf } from "./fixes/refusals.ts";
import type { Judged } from "./fixes/repair.ts";
import { repairFinding } from "./fixes/repair.ts";
import { blockedOutcome, sameCase } from "./fixes/session-outcomes.ts";
import type { Assumptions, SessionCase } from "./ftp/judgement.ts";
import { DEFAULT_ASSUMPTIONS, judgeHost } from "./ftp/judgement.ts";
import { knownServers, rangeOf, WIDEST_RANGE, widestInterval } from "./ftp/known-server.ts";
import { openedPorts } from "./ftp/opened-ports.ts";
import { forwardedPorts } from "./ftp/published.ts";
import type { Role } from "./ftp/scenario.ts";
import type { SimulatedSession, SimulateOptions } from "./ftp/simulate.ts";
import { simulateHost } from "./ftp/simulate.ts";
import { likelyRange } from "./ftp/verdict.ts";
import type { IntervalSet } from "./model/interval-set.ts";
import { numbers, UNPRIVILEGED_PORTS } from "./model/values.ts";
import { Budget, BudgetExceeded } from "./netfilter/budget.ts";
import { statementsAround } from "./syntax/shell/statements.ts";
import type { TextEdit } from "./text/edit.ts";
import { applyEdits } from "./text/edit.ts";
import type { Origin } from "./text/origin.ts";
import { absoluteSpan } from "./text/origin.ts";
import type { Severity } from "./text/problem.ts";
import type { Span } from "./text/span.ts";

/** Opened when nobody says which passive ports the server uses. */
const DEFAULT_RANGE = numbers(50000, 51000);

function isEncrypted({ cases }: Finding): boolean {
  return cases.some(({ scenario }) => scenario.tls !== "none");
}

function mendsRules({ finding }: Diagnostic): boolean {
  return finding !== undefined && repairWay(finding.code) === "rules";
}

/** Those whose sessions have to pass as before: what only a policy lets in has to pass as well. */
function rolesConcerned({ cases, settings }: Analysis, { role }: Finding): readonly Role[] {
  if (settings.roles) return settings.roles;
  return [...new Set([...(role ? [role] : []), ...cases.map((one) => one.role)])];
}

/** A hint about something that no text of these files can change. */
function isAdviceAlone({ code, severity }: Finding): boolean {
  return severity === "hint" && repairWay(code) === "none";
}

/** Says why it is the other fix that was made. */
function withReason(fix: Fix, first: Fix | Declined): Fix {
  if (!("reason" in first)) return fix;
  const why = `Ports are opened, though the helper comes first elsewhere: ${first.reason}.`;
  return { ...fix, note: fix.note ? `${why} ${fix.note}` : why };
}

const MOST_ROUNDS = 40;

/** It makes no sense to ignore these by another such comment. */
const ABOUT_COMMENTS: ReadonlySet<string> = new Set([
  UNKNOWN_CHECK,
  UNKNOWN_DIRECTIVE,
  UNUSED_ASSUMPTION,
  UNUSED_SUPPRESSION,
]);

/** Everything a user can set; see the settings in contract and manifest. */
export interface Settings extends Assumptions {
  readonly fixStrategy: Strategy;
  readonly checks: Readonly<Record<string, CheckLevel>>;
  /** What variables of scripts hold whose values come from outside. */
  readonly assume: StatedValues;
}

export const DEFAULT_SETTINGS: Settings = {
  ...DEFAULT_ASSUMPTIONS,
  fixStrategy: "helper",
  checks: {},
  assume: {},
};

/** A place in a file, as offsets of its text. */
export interface Place {
  readonly path: string;
  readonly span: Span;
}

/** What a user is told about a place. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  /** Loading the file fails because of it. */
  readonly refused: boolean;
  readonly message: string;
  readonly place: Place;
  readonly related: readonly { readonly message: string; readonly place: Place }[];
  /** The verdict rests on default-deny where the file shows no policy. */
  readonly assumed: boolean;
  /** All of the statement in which the place lies. */
  readonly statement: Span;
  /** The calls and loops of scripts that lead there. */
  readonly calls?: Suppressible["calls"];
  /** For findings about FTP: what the fixes work on. */
  readonly finding?: Finding;
  /** For a comment that asks for something in vain or in a wrong way: what mends it. */
  readonly correction?: DirectiveProblem["correction"];
}

/** A change of text, and what an editor calls it. */
export type TitledEdit = Pick<Fix, "title" | "edits">;

/** One host, understood: its files, its rules, its FTP sessions and what is wrong with them. */
export interface Analysis {
  readonly host: Host;
  readonly settings: Settings;
  /** What includes were read from. */
  readonly snapshot: Snapshot;
  /** The FTP servers' configuration beside the rules. */
  readonly serverFiles: readonly ConfigFile[];
  readonly cases: readonly SessionCase[];
  readonly diagnostics: readonly Diagnostic[];
  /** What comments ask to ignore: told to nobody, and left as it is by the fixes. */
  readonly ignored: readonly Diagnostic[];
  /** Set when the analysis gave up: "the ruleset is too large to follow". */
  readonly incomplete?: string;
}

export interface AnalyseOptions {
  readonly settings?: Settings;
  readonly snapshot?: Snapshot;
  /** The configuration of FTP servers: what lies beside the rules, or was named. */
  readonly serverFiles?: readonly ConfigFile[];
  readonly cancelled?: () => boolean;
}

export interface FixAllOptions extends AnalyseOptions {
  readonly strategy?: Strategy;
  /** Which findings are to be repaired: by default all. */
  readonly wanted?: (diagnostic: Diagnostic) => boolean;
  /** Which of the files that the host's own include may be changed: by default none. */
  readonly mayChange?: (path: string) => boolean;
}

/** What `fixAll` made of the files. */
export interface FixAllResult {
  /** Every file of the host, changed or not, and behind them what they include; `edits` refer to the text that came in. */
  readonly files: readonly {
    readonly path: string;
    readonly text: string;
    readonly edits: readonly TextEdit[];
  }[];
  /** Findings that text cannot repair, each with the reason. */
  readonly remaining: readonly { readonly diagnostic: Diagnostic; readonly reason: string }[];
  /** What was done, each fix once. */
  readonly titles: readonly string[];
  /** What the user has to do besides: the daemon's passive range, say. */
  readonly notes: readonly string[];
  /** Of the fixed text. */
  readonly analysis: Analysis;
}

/** The core's facade: what the language server, the command line and the tests call. Keeps caches. */
export class Service {
  readonly #loader = new Loader();

  load(files: readonly SourceFile[], snapshot?: Snapshot, assumed?: StatedValues): Host {
    return this.#loader.load(files, snapshot, assumed);
  }

  /** Loads the files as the whole host on a fresh kernel and plays FTP sessions through it. */
  simulate(
    files: readonly SourceFile[],
    options: SimulateOptions,
    snapshot?: Snapshot,
    assumed?: StatedValues,
  ): { host: Host; sessions: SimulatedSession[] } {
    const host = this.#loader.load(files, snapshot, assumed);
    return { host, sessions: simulateHost(host.ruleset, options, new Budget()) };
  }

  /** The verified fixes of a finding (preferred first), and why a strategy offers none. */
  fixesFor(analysis: Analysis, diagnostic: Diagnostic): { fixes: Fix[]; declined: Declined[] } {
    const fixes: Fix[] = [];
    const declined: Declined[] = [];
    const { finding, correction } = diagnostic;
    if (correction) fixes.push(commentFix(diagnostic, correction));
    const corrected = finding ? undefined : this.#corrected(analysis, diagnostic);
    if (corrected) fixes.push(corrected);
    const way = finding ? repairWay(finding.code) : "none";
    if (!finding || way === "none") return { fixes, declined };
    const files = changeable(analysis, () => true);
    if (way === "ranges") {
      const ranges = this.#repairRange(files, analysis, finding);
      fixes.push(...ranges.fixes);
      declined.push(...ranges.declined);
    }
    const wanted = strategies(analysis.settings.fixStrategy);
    for (const strategy of way === "ranges" ? rest(finding) : wanted) {
      const result = this.#repairBy(files, analysis, finding, strategy);
      if ("edits" in result) {
        if (!fixes.some((one) => sameEdits(one, result)))
          fixes.push({ ...result, preferred: fixes.length === 0 });
      } else declined.push(result);
    }
    return { fixes, declined };
  }

  /** What the tools refuse, put right; offered where they then take it. */
  #corrected(analysis: Analysis, { code, place, statement, refused }: Diagnostic): Fix | undefined {
    const { host } = analysis;
    const file = [...host.files, ...host.included].find(({ source }) => source.path === place.path);
    const found = refused && file && statement ? correctionOf(code, file, place.span, statement) : undefined;
    if (!found) return undefined;
    const { title, edits } = found;
    const files = changeable(analysis, () => true).map((one) =>
      one.path === place.path ? { ...one, text: applyEdits(one.text, edits) } : one,
    );
    const after = this.#loaded(files, analysis);
    if (after.problems.length >= host.problems.length) return undefined;
    return { title, kind: "correction", preferred: true, edits };
  }

  /** Comments that ignore what was found, with a place for the reason. Not for what is wrong with such comments. */
  ignoring({ host }: Analysis, diagnostic: Diagnostic): TitledEdit[] {
    const { code, place } = diagnostic;
    const file = [...host.files, ...host.included].find(({ source }) => source.path === place.path);
    if (!file || !findCode(code) || ABOUT_COMMENTS.has(code)) return [];
    const here = ignoreHere(file, diagnostic);
    return [
      ...(here
        ? [{ title: `Ignore ${code} here, with a reason`, edits: [{ ...here, path: place.path }] }]
        : []),
      {
        title: `Ignore ${code} in this file, with a reason`,
        edits: [{ ...ignoreInFile(file, code), path: place.path }],
      },
    ];
  }

  /** Repairs every FTP finding that text can repair; several files are one host. */
  fixAll(files: readonly SourceFile[], options: FixAllOptions = {}): FixAllResult {
    const preferred = options.settings?.fixStrategy ?? DEFAULT_SETTINGS.fixStrategy;
    const strategy = options.strategy ?? preferred;
    const { snapshot = EMPTY_SNAPSHOT } = options;
    const notes = new Set<string>();
    const titles = new Set<string>();
    let analysis = this.analyse(files, options);
    const sources = [...analysis.host.files, ...analysis.host.included].map(({ source }) => source);
    const made = new Map(sources.map((file) => [file.path, new Changes(file.path, file.text)]));
    let remaining: { diagnostic: Diagnostic; reason: string }[] = [];
    const declined: { diagnostic: Diagnostic; reason: string }[] = [];
    for (let round = 0; round < MOST_ROUNDS; round++) {
      remaining = [];
      const fix = this.#nextFix(analysis, strategy, options, remaining);
      if (!fix) break;
      declined.push(...remaining);
      titles.add(fix.title);
      if (fix.note) notes.add(fix.note);
      for (const path of new Set(fix.edits.map((edit) => edit.path))) {
        const edits = fix.edits.filter((edit) => edit.path === path);
        made.set(path, withEdits(made.get(path)!, edits));
      }
      const texts = new Map([...made].map(([path, changes]) => [path, changes.text()]));
      const changed = files.map((file) => ({ ...file, text: texts.get(file.path)! }));
      analysis = this.analyse(changed, { ...options, snapshot: new ChangedSnapshot(snapshot, texts) });
    }
    // A repair beside it can turn a certain failure into one that depends on addresses: it is still not repaired.
    for (const one of declined) {
      if (
        !remaining.some((other) => other.diagnostic.code === one.diagnostic.code) &&
        stillFails(one, analysis)
      ) {
        remaining.push(one);
      }
    }
    for (const { finding, message } of analysis.diagnostics) {
      if (finding?.severity === "hint" && notes.size === 0) notes.add(message);
    }
    const fixed = sources.map(({ path }) => {
      const changes = made.get(path)!;
      return { path, text: changes.text(), edits: changes.edits() };
    });
    return { files: fixed, remaining, titles: [...titles], notes: [...notes], analysis };
  }

  #nextFix(
    analysis: Analysis,
    strategy: Strategy,
    { wanted, strategy: asked, mayChange = () => false }: FixAllOptions,
    remaining: { diagnostic: Diagnostic; reason: string }[],
  ): Fix | undefined {
    const files = changeable(analysis, mayChange);
    for (const diagnostic of analysis.diagnostics) {
      if (diagnostic.finding || wanted?.(diagnostic) === false) continue;
      const corrected = this.#corrected(analysis, diagnostic);
      if (corrected?.edits.every(({ path }) => files.some((file) => file.path === path))) return corrected;
    }
    // What the author meant comes before what is missing.
    const inOrder = [...analysis.diagnostics].sort((a, b) => Number(mendsRules(b)) - Number(mendsRules(a)));
    for (const diagnostic of inOrder) {
      const { finding } = diagnostic;
      if (!finding || isAdviceAlone(finding) || wanted?.(diagnostic) === false) continue;
      if (finding.mends?.some((one) => one.isGuess)) {
        remaining.push({ diagnostic, reason: `what is meant can only be guessed. ${diagnostic.message}` });
        continue;
      }
      if (repairWay(finding.code) === "none") {
        remaining.push({
          diagnostic,
          reason: `this is left to you. ${diagnostic.message}`,
        });
        continue;
      }
      const first = this.#preferredRepair(files, analysis, finding, strategy, asked);
      // Nobody has asked for the helper: where TLS rules it out, opening the ports is the fix there is.
      const second =
        asked === undefined && "reason" in first && isEncrypted(finding)
          ? this.#repair(files, analysis, finding, strategy === "helper" ? "ports" : "helper")
          : first;
      const result = "edits" in second ? withReason(second, first) : first;
      if ("edits" in result) return result;
      remaining.push({ diagnostic, reason: result.reason });
    }
    return undefined;
  }

  /** By the finding's own mends where it has some, else by new rules. */
  #repairBy(
    files: readonly SourceFile[],
    analysis: Analysis,
    finding: Finding,
    strategy: Strategy,
  ): Fix | Declined {
    if (repairWay(finding.code) !== "rules") return this.#repair(files, analysis, finding, strategy);
    let declined: Declined = { kind: strategy, reason: `this is left to you. ${finding.message}` };
    for (const mend of finding.mends ?? []) {
      if (mend.strategy !== undefined && mend.strategy !== strategy) continue;
      const result = this.#repair(files, analysis, finding, strategy, mend);
      if ("edits" in result) return result;
      declined = result;
    }
    return declined;
  }

  #repair(
    files: readonly SourceFile[],
    analysis: Analysis,
    finding: Finding,
    strategy: Strategy,
    mend?: Mend,
  ): Fix | Declined {
    const roles = mend ? rolesConcerned(analysis, finding) : analysis.settings.roles;
    const known = analysis.settings.passivePorts;
    const passivePorts = known ?? (mend?.overAllPorts ? UNPRIVILEGED_PORTS : undefined);
    const settings = { ...analysis.settings, roles, ...(passivePorts && { passivePorts }) };
    const judge = (sources: readonly SourceFile[], asked?: readonly Role[]) =>
      this.#judge(
        sources,
        { ...analysis, settings: asked ? { ...settings, roles: asked } : settings },
        analysis.serverFiles,
      );
    const shown = settings.passivePorts ?? serverRange(finding) ?? visibleRange(analysis);
    const range = shown ?? DEFAULT_RANGE;
    const rangeKnown = shown !== undefined;
    try {
      const start = mend ? judge(files) : analysis;
      const complaints = (judged: Judged) => this.#findings(judged, analysis, finding.code).length;
      return repairFinding(files, start, finding, { strategy, range, rangeKnown, judge, mend, complaints });
    } catch (error) {
      if (!(error instanceof BudgetExceeded) || error.cancelled) throw error;
      return { kind: strategy, reason: "the ruleset is too large to follow" };
    }
  }

  /** What a check says of a host, by the roles that its files show. */
  #findings({ host }: Judged, { settings, serverFiles }: Analysis, code: string): Finding[] {
    const servers = knownServers(readServerConfigs(serverFiles));
    const cases = judgeHost(host.ruleset, { ...settings, servers }, new Budget());
    return runChecks(host, cases, new Budget(), { helper: settings.helper }).filter(
      (one) => one.code === code,
    );
  }

  /** For ranges that differ the rules are changed; where that is no way, the strategy may be one. */
  #preferredRepair(
    files: readonly SourceFile[],
    analysis: Analysis,
    finding: Finding,
    strategy: Strategy,
    asked: Strategy | undefined,
  ): Fix | Declined {
    if (repairWay(finding.code) !== "ranges") return this.#repairBy(files, analysis, finding, strategy);
    const { fixes, declined } = this.#repairRange(files, analysis, finding);
    const inRules = fixes.find((one) => one.kind === "ports");
    // Whoever asks for the helper gets it, where that is a way at all.
    if (inRules && asked !== "helper") return inRules;
    const tracked = rest(finding).includes(strategy)
      ? this.#repair(files, analysis, finding, strategy)
      : undefined;
    if (tracked && "edits" in tracked) return tracked;
    return inRules ?? declined[0] ?? { kind: "ports", reason: finding.message };
  }

  #repairRange(
    files: readonly SourceFile[],
    analysis: Analysis,
    finding: Finding,
  ): ReturnType<typeof repairRange> {
    const { cases, serverFiles } = analysis;
    return repairRange({
      files,
      serverFiles,
      cases,
      finding,
      opened: (one) => meantForFtp(one, openedPorts(one, new Budget())),
      judge: (sources, configs) => this.#judge(sources, analysis, configs).cases,
    });
  }

  /** `sources`: the host's own files and some that they include, as they are to be. */
  #judge(
    sources: readonly SourceFile[],
    { host: before, settings, snapshot }: Pick<Analysis, "host" | "settings" | "snapshot">,
    serverFiles: readonly ConfigFile[],
  ): { host: Host; cases: SessionCase[] } {
    const host = this.#loaded(sources, { host: before, settings, snapshot });
    const servers = knownServers(readServerConfigs(serverFiles));
    return { host, cases: judgeHost(host.ruleset, { ...settings, servers }, new Budget()) };
  }

  #loaded(
    sources: readonly SourceFile[],
    { host: before, settings, snapshot }: Pick<Analysis, "host" | "settings" | "snapshot">,
  ): Host {
    const own = before.files.length;
    const included = new Map(sources.slice(own).map(({ path, text }) => [path, text]));
    const changed = new ChangedSnapshot(snapshot, included);
    return this.#loader.load(sources.slice(0, own), changed, settings.assume);
  }

  /** Reads and judges the files of one host. Throws only BudgetExceeded with `cancelled`. */
  analyse(files: readonly SourceFile[], options: AnalyseOptions = {}): Analysis {
    const settings = options.settings ?? DEFAULT_SETTINGS;
    const snapshot = options.snapshot ?? EMPTY_SNAPSHOT;
    const serverFiles = options.serverFiles ?? [];
    const host = this.#loader.load(files, snapshot, settings.assume);
    const configs = readServerConfigs(serverFiles);
    const known = { host, settings, snapshot, serverFiles };
    const budget = new Budget(undefined, options.cancelled);
    try {
      const cases = judgeHost(host.ruleset, { ...settings, servers: knownServers(configs) }, budget);
      const { helper } = settings;
      const findings = runChecks(host, cases, budget, { checks: checksInForce(settings.checks), helper });
      return { ...known, cases, ...diagnosticsOf(known, configs, findings) };
    } catch (error) {
      if (!(error instanceof BudgetExceeded) || error.cancelled) throw error;
      const incomplete = "the ruleset is too large to follow";
      return { ...known, cases: [], ...diagnosticsOf(known, configs, undefined), incomplete };
    }
  }
}

/** The host's own files, and of those that they include what may be changed. */
function changeable({ host }: Analysis, mayChange: (path: string) => boolean): SourceFile[] {
  const included = host.included.map(({ source }) => source);
  return [...host.files.map(({ source }) => source), ...included.filter(({ path }) => mayChange(path))];
}

/** Some findings have one repair, whatever the strategy. */
function sameEdits(a: Fix, b: Fix): boolean {
  return JSON.stringify(a.edits) === JSON.stringify(b.edits);
}

function stillFails({ diagnostic }: { diagnostic: Diagnostic }, { cases }: Analysis): boolean {
  return (diagnostic.finding?.cases ?? []).some((before) => {
    const now = sameCase(cases, before);
    return now?.classes.some(({ verdict, anchors }) => verdict.verdict !== "works" && anchors.length > 0);
  });
}

function strategies(preferred: Strategy): Strategy[] {
  return preferred === "helper" ? ["helper", "ports"] : ["ports", "helper"];
}

/** Where nothing passes, the helper is a third way. */
function rest(finding: Finding): Strategy[] {
  return finding.cases.some((one) => blockedOutcome(one)) ? ["helper"] : [];
}

/** The range of the server's configuration. */
function serverRange({ cases }: Finding): IntervalSet<number> | undefined {
  const server = cases.find((one) => one.server)?.server;
  const range =
    server && server.passivePorts.places.length > 0 ? rangeOf(server.passivePorts.value) : undefined;
  return range && numbers(range.low, range.high);
}

/** A passive range that the rules show: what they open already, or what they forward. */
function visibleRange({ cases, host }: Analysis): IntervalSet<number> | undefined {
  const forwarded = widestInterval(forwardedPorts(host.ruleset));
  return openedRange(cases) ?? (forwarded && numbers(forwarded.low, forwarded.high));
}

/** A passive range that the rules open already, for some clients or some family at least. */
function openedRange(cases: readonly SessionCase[]): IntervalSet<number> | undefined {
  for (const one of cases) {
    if (one.mode !== "passive" || one.role === "client") continue;
    for (const { passivePorts } of one.classes) {
      const range = widestInterval(likelyRange(passivePorts));
      if (range && range.high - range.low < WIDEST_RANGE) return numbers(range.low, range.high);
    }
  }
  return undefined;
}

/** Edits of the current text, made on top of what was changed before. */
function withEdits(changes: Changes, edits: readonly TextEdit[]): Changes {
  return [...edits]
    .reverse()
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((result, { span, newText }) => result.replace(span.start, span.end, newText), changes);
}

/** What a server does not understand, or takes in another way than it is meant. */
function configProblems(configs: readonly ServerConfig[]): Diagnostic[] {
  return configs.flatMap(({ daemon, problems }) =>
    problems.map(({ path, span, message, refused }) => ({
      code: "server-configuration",
      severity: refused ? ("error" as const) : ("warning" as const),
      refused: false,
      message: `${message}${refused ? ` ${DAEMON_NAMES[daemon]} does not start with it.` : ""}`,
      place: { path, span },
      related: [],
      assumed: false,
      statement: span,
    })),
  );
}

function loadProblems({ problems }: Host): Diagnostic[] {
  return problems.map(({ code, severity, refused, message, origin }) => ({
    code,
    severity,
    refused,
    message,
    place: placeOf(origin),
    related: [],
    assumed: false,
    statement: statementOf(origin),
  }));
}

function ftpProblems(host: Host, findings: readonly Finding[]): Diagnostic[] {
  const doubt = host.ruleset.unknowns[0];
  return findings.map((finding) => ({
    code: finding.code,
    severity: finding.severity,
    message: finding.message,
    // What is not known may hold the missing rules: worth knowing, not worth an alarm.
    ...(doubt
      ? {
          severity: finding.severity === "hint" ? ("hint" as const) : ("info" as const),
          message: `${finding.message} It depends on ${doubt.fact}, which is not known here.`,
        }
      : {}),
    refused: false,
    place: placeOf(finding.origin),
    related: finding.related.map(({ message, origin }) => ({ message, place: placeOf(origin) })),
    assumed: finding.cases.some((one) => one.assumed),
    statement: statementOf(finding.origin),
    calls: callsOf(finding.origin),
    finding,
  }));
}

/** `findings`: undefined where FTP could not be judged. */
function diagnosticsOf(
  { host, settings, serverFiles }: Pick<Analysis, "host" | "settings" | "serverFiles">,
  configs: readonly ServerConfig[],
  findings: readonly Finding[] | undefined,
): Pick<Analysis, "diagnostics" | "ignored"> {
  const found = [
    ...loadProblems(host),
    ...configProblems(configs),
    ...ftpProblems(host, findings ?? []),
    ...unusedAssumptions(host).map(directiveDiagnostic),
  ];
  // Of many problems only the first are told: what is asked to be ignored may be among the others.
  const cut = new Set(found.filter((one) => one.code === "too-many-problems").map((one) => one.place.path));
  const wasSought = (code: string, path: string): boolean =>
    !cut.has(path) &&
    (findings !== undefined || findCode(code)?.kind !== "check") &&
    (settings.checks[code] ?? findCode(code)?.level) !== "off";
  const { kept, ignored, problems } = suppress(directedFiles(host, serverFiles), found, wasSought);
  const all = [...kept, ...problems.map(directiveDiagnostic)];
  return { diagnostics: inOrder(all.flatMap((one) => atLevel(one, settings))), ignored };
}

function directedFiles(host: Host, serverFiles: readonly ConfigFile[]): DirectedFile[] {
  return [
    ...[...host.files, ...host.included].map((file) => ({
      path: file.source.path,
      text: file.source.text,
      joinsLines: file.source.dialect !== "iptables-save",
      directives: directivesOf(file),
      ...aroundIn(file),
    })),
    ...serverFiles.map(({ path, text }) => ({
      path,
      text,
      joinsLines: false,
      directives: directivesOfConfig(text),
    })),
  ];
}

function aroundIn({ syntax }: LoadedFile): Pick<DirectedFile, "around"> {
  return syntax.dialect === "shell" ? { around: (span) => statementsAround(syntax.file, span) } : {};
}

/** The calls and loops of scripts that make a rule. */
function callsOf({ frames }: Origin): Suppressible["calls"] {
  const own = frames.filter(({ kind }) => kind === "function" || kind === "loop");
  return own.map(({ file, at }) => ({ path: file, span: { start: at.start, end: at.start } }));
}

function directiveDiagnostic(problem: DirectiveProblem): Diagnostic {
  return { ...problem, refused: false, related: [], assumed: false };
}

/** The diagnostic as loud as the settings want it; nothing where they turn it off. */
function atLevel(one: Diagnostic, { checks }: Settings): Diagnostic[] {
  const level = checks[one.code] ?? one.severity;
  return level === "off" ? [] : [{ ...one, severity: level }];
}

function inOrder(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.sort((a, b) =>
    a.place.path < b.place.path
      ? -1
      : a.place.path > b.place.path
        ? 1
        : a.place.span.start - b.place.span.start,
  );
}

function statementOf({ statement }: Origin): Span {
  return { start: statement.start, end: statement.end };
}

function commentFix({ place }: Diagnostic, { title, edit }: NonNullable<Diagnostic["correction"]>): Fix {
  return { title, kind: "comment", preferred: true, edits: [{ ...edit, path: place.path }] };
}

export function placeOf(origin: Origin): Place {
  return { path: origin.file, span: absoluteSpan(origin) };
}

export type {
  CheckLevel,
  ConfigFile,
  Declined,
  Finding,
  Fix,
  Host,
  LoadedFile,
  SessionCase,
  SimulatedSession,
  SimulateOptions,
  Snapshot,
  SourceFile,
  Strategy,
};
