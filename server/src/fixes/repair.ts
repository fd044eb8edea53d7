import type { Finding, Mend, RuleChange } from "../checks/check.ts";
import { workingAnchors } from "../checks/describe.ts";
import { repairWay } from "../checks/registry.ts";
import { numbersOf } from "../checks/rule-facts.ts";
import { icmpErrorStop } from "../checks/run.ts";
import type { Host, SourceFile } from "../convert/host.ts";
import { describePins } from "../daemons/passive-range.ts";
import { controlPorts } from "../ftp/control-port.ts";
import type { Reading } from "../ftp/fragments.ts";
import { readings } from "../ftp/fragments.ts";
import type { SessionCase } from "../ftp/judgement.ts";
import { familiesOf } from "../ftp/judgement.ts";
import type { Outcome } from "../ftp/outcome.ts";
import { opensMore } from "../ftp/probe.ts";
import type { Role } from "../ftp/scenario.ts";
import { FTP_DATA_PORT } from "../ftp/scenario.ts";
import { VARIABLES } from "../ftp/variables.ts";
import { outcomesFor } from "../ftp/verdict.ts";
import { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Ruleset } from "../model/ruleset.ts";
import { tableKey } from "../model/ruleset.ts";
import { ALL_PORTS, numbers, UNPRIVILEGED_PORTS } from "../model/values.ts";
import { Budget } from "../netfilter/budget.ts";
import type { Stop } from "../netfilter/chain.ts";
import { namesPort } from "../netfilter/named-port.ts";
import { fileName } from "../text/origin.ts";
import { Changes } from "./changes.ts";
import type { Declined, FileEdit, Fix, Strategy } from "./fix.ts";
import { helperMends } from "./helper-mends.ts";
import { iptablesWriter } from "./iptables-writer.ts";
import type { Need } from "./need.ts";
import { icmpErrorNeed, needOf } from "./need.ts";
import { nftWriter } from "./nft-writer.ts";
import type { TextChange } from "./rule-changes.ts";
import { writeRuleChanges } from "./rule-changes.ts";
import { addsToOtherFamily, changedRules, multiplies, reorders, sharedText } from "./rule-order.ts";
import {
  blockedOutcome,
  doubtfulAnew,
  failingClass,
  failsAnew,
  lostLogin,
  progressKey,
  sameCase,
} from "./session-outcomes.ts";
import type { Candidate, WriterContext } from "./writer.ts";
import { chainOf } from "./writer.ts";

/** A host judged anew after a change of its files. */
export interface Judged {
  readonly host: Host;
  readonly cases: readonly SessionCase[];
}

export interface RepairOptions {
  readonly strategy: Strategy;
  /** Changes of the author's own rules, to be made first. */
  readonly mend?: Mend;
  /** How often the finding's check complains about a host. */
  readonly complaints?: (judged: Judged) => number;
  /** Passive ports to open. */
  readonly range: IntervalSet<number>;
  /** Whether that range is the server's own; otherwise the user has to set it there. */
  readonly rangeKnown: boolean;
  /** With `roles`: sessions that only a policy lets in as well. */
  readonly judge: (files: readonly SourceFile[], roles?: readonly Role[]) => Judged;
}

/** Something wrong with a session, and what would mend it. */
interface Failure {
  /** Tells one cause from another, wherever in the text it stands. */
  readonly key: string;
  readonly need: Need;
  /** The rule that permits the control connection. */
  readonly anchor: Rule | undefined;
  readonly stop: Stop | undefined;
}

/** More rules than any honest repair needs. */
const MOST_STEPS = 12;

/**
 * Repairs a finding by inserting rules, one at a time: each is written where it should take effect, the text
 * is read and simulated again, and the rule stays only if the session then gets further. Nothing is offered
 * that was not seen to work in the simulator and to leave every other session as it was.
 */
export function repairFinding(
  files: readonly SourceFile[],
  start: Judged,
  finding: Finding,
  options: RepairOptions,
): Fix | Declined {
  const repair = new Repair(files, start, finding, options);
  const reason = repair.run();
  return reason === undefined ? repair.fix() : { kind: options.strategy, reason };
}

class Repair {
  readonly #finding: Finding;
  /** Whether it is the ICMP errors about the sessions that are stopped, not the sessions. */
  readonly #repairsIcmp: boolean;
  readonly #options: RepairOptions;
  readonly #start: Judged;
  /** The ways to read the rules as they came. */
  readonly #before: readonly Reading[];
  #files: readonly SourceFile[];
  #now: Judged;
  readonly #changes = new Map<string, Changes>();
  /** Whether some place was refused because strangers would have got in there. */
  #opened = false;
  /** Whether nothing was added to what the mend changes. */
  #isMendAlone = true;

  constructor(files: readonly SourceFile[], start: Judged, finding: Finding, options: RepairOptions) {
    this.#files = files;
    this.#start = start;
    this.#now = start;
    this.#before = readings(start.host.ruleset);
    this.#finding = finding;
    this.#repairsIcmp = repairWay(finding.code) === "icmp-errors";
    this.#options = options;
    for (const file of files) this.#changes.set(file.path, new Changes(file.path, file.text));
  }

  /** Undefined when all sessions of the finding pass; else why not. */
  run(): string | undefined {
    const unreadable = this.#unreadable() ?? this.#makeMend();
    if (unreadable) return unreadable;
    for (const target of this.#targets()) {
      const reason = this.#repairCase(target);
      if (reason !== undefined) return reason;
    }
    return this.#damage() ?? this.#stillFound();
  }

  /** The sessions that have to pass: those of the finding, and those that passed thanks to what was changed. */
  #targets(): readonly SessionCase[] {
    const { mend } = this.#options;
    if (!mend) return this.#finding.cases;
    const wanted = mend.overAllPorts ? this.#finding.cases : [];
    return this.#start.cases.filter((before) => {
      const after = sameCase(this.#now.cases, before);
      if (!after || !blockedOutcome(after)) return false;
      return sameCase(wanted, before) !== undefined || (!blockedOutcome(before) && failsAnew(before, after));
    });
  }

  #makeMend(): string | undefined {
    const { mend } = this.#options;
    if (!mend) return undefined;
    const written = writeRuleChanges(mend.changes, this.#now.host, this.#options.range);
    if (typeof written === "string") return written;
    const shared = sharedText(mend.changes, this.#now.host.ruleset);
    if (shared) return shared;
    const made = this.#withChanges(written);
    if (typeof made === "string") return made;
    const after = this.#options.judge(made.files);
    if (after.host.problems.length > this.#now.host.problems.length) {
      return "the file could not be loaded afterwards";
    }
    if (this.#opensMore(after.host.ruleset)) return "more than FTP would be open afterwards";
    if (reorders(this.#now.host, after.host, changedRules(mend.changes))) {
      return "other rules would change their order, since some are inserted by number";
    }
    this.#accept(made, after);
    return undefined;
  }

  #stillFound(): string | undefined {
    const { mend, complaints } = this.#options;
    if (!mend || !complaints) return undefined;
    return complaints(this.#now) < complaints(this.#start) ? undefined : "it would change nothing about that";
  }

  /** The files with other changes; a text: which file is not given. */
  #withChanges(written: readonly TextChange[]): Made | string {
    const changes = new Map<string, Changes>();
    const fromTheEnd = [...written].sort((a, b) => compare(a.file, b.file) || b.start - a.start);
    if (fromTheEnd.some((one, i) => overlaps(one, fromTheEnd[i + 1]))) {
      return "two changes would meet in the same words: change them by hand";
    }
    for (const { file, start, end, text } of fromTheEnd) {
      const known = changes.get(file) ?? this.#changes.get(file);
      if (!known) return `a rule would have to be changed in ${fileName(file)}, which was not given`;
      changes.set(file, known.replace(start, end, text));
    }
    const files = this.#files.map((file) => {
      const changed = changes.get(file.path);
      return changed ? { ...file, text: changed.text() } : file;
    });
    return { changes, files };
  }

  #accept({ changes, files }: Made, after: Judged): void {
    for (const [path, one] of changes) this.#changes.set(path, one);
    this.#files = files;
    this.#now = after;
  }

  fix(): Fix {
    const { strategy } = this.#options;
    const edits: FileEdit[] = [...this.#changes.values()].flatMap((one) => one.edits());
    const note = this.#note();
    return {
      title: this.#title(),
      kind: strategy,
      preferred: false,
      edits,
      ...(note ? { note } : {}),
    };
  }

  #repairCase(target: SessionCase): string | undefined {
    const seen = new Set<string>();
    for (let step = 0; step < MOST_STEPS; step++) {
      const one = sameCase(this.#now.cases, target);
      if (!one) return "the session is no longer permitted after the change";
      const failure = this.#failureOf(one);
      if (!failure) return this.#doubt(one, target);
      seen.add(failure.key);
      const reason = this.#advance(one, failure, seen);
      if (reason !== undefined) return reason;
    }
    return "it would take more changes than a fix should make";
  }

  /** What of the finding is still wrong with a session. */
  #failureOf(one: SessionCase): Failure | undefined {
    if (!this.#repairsIcmp) {
      const lost = lostLogin(one);
      if (lost && !this.#isMeant(one)) {
        const reason = "no rule of these files is meant to let FTP in";
        return { key: "unmeant", need: { kind: "declined", reason }, anchor: undefined, stop: lost.stop };
      }
      const outcome = this.#inRange(one, blockedOutcome(one)) ?? lost;
      const need = outcome && needOf(one, outcome, this.#options.strategy, this.#range(one));
      const anchor = failingClass(one)?.anchors[0];
      return outcome && need && { key: progressKey(outcome), need, anchor, stop: outcome.stop };
    }
    const stop = icmpErrorStop(one, new Budget());
    if (!stop) return undefined;
    const key = `${stop.hook} ${stop.chain?.name} ${stop.state.label}`;
    return { key, need: icmpErrorNeed(stop), anchor: workingAnchors(one)[0], stop };
  }

  /** Whether a rule names the control port of a session whose login fails: nobody else is let in. */
  #isMeant(one: SessionCase): boolean {
    const { ruleset } = this.#now.host;
    // Behind NAT a rule names the server's own port.
    const ports = [one.scenario.controlPort, ...controlPorts(ruleset)];
    return (failingClass(one)?.anchors ?? []).some((rule) => {
      const chain = chainOf(ruleset, rule);
      const table = chain && ruleset.tables.get(tableKey(chain.table));
      return ports.some((port) => namesPort(rule, port, table));
    });
  }

  /** Of sessions that fail in several ways, those over the ports that are to be opened count. */
  #inRange(one: SessionCase, shown: Outcome | undefined): Outcome | undefined {
    if (!shown || one.mode !== "passive" || this.#options.strategy !== "ports") return shown;
    const range = this.#range(one);
    const isOver = ({ state }: Outcome) =>
      (state.box.get(VARIABLES.passivePort) as IntervalSet<number>).intersects(range);
    if (isOver(shown)) return shown;
    const clients = failingClass(one)?.clients;
    const others = clients ? outcomesFor(one.outcomes, clients) : one.outcomes;
    return others.find((other) => other.verdict === "blocked" && isOver(other)) ?? shown;
  }

  /** Passing for some addresses or interfaces only is no repair. (A rate limit or the like was there before.) */
  #doubt(one: SessionCase, before: SessionCase): string | undefined {
    const doubtful = (each: SessionCase) =>
      each.classes.find(
        ({ verdict, anchors }) => verdict.verdict === "unknown" && !verdict.assumption && anchors.length > 0,
      );
    const now = doubtful(one);
    return now && !doubtful(before) ? `afterwards it would still depend on ${now.verdict.reason}` : undefined;
  }

  /** Makes the one insertion that gets the session further; the reason when there is none. */
  #advance(one: SessionCase, failure: Failure, seen: ReadonlySet<string>): string | undefined {
    const { need, anchor, stop } = failure;
    if (need.kind === "declined") return need.reason;
    const anchorChain = anchor && (chainOf(this.#now.host.ruleset, anchor) ?? stop?.chain);
    if (!anchor || !anchorChain) return "the rule that permits the control connection cannot be located";
    const { host } = this.#now;
    const files = [...host.files, ...host.included];
    const context = { files, ruleset: host.ruleset, anchor, anchorChain };
    if (need.kind === "accept" && need.chain.name.startsWith("(")) {
      // The stand-in for a fragment's base chain is not in the text.
      return this.#write(one, stop, { ...need, chain: anchorChain }, context, seen);
    }
    return this.#write(one, stop, need, context, seen);
  }

  #write(
    one: SessionCase,
    stop: Stop | undefined,
    need: Exclude<Need, { kind: "declined" }>,
    context: WriterContext,
    seen: ReadonlySet<string>,
  ): string | undefined {
    const { anchorChain } = context;
    for (const changes of helperMends(context.ruleset, need)) {
      if (sharedText(changes, context.ruleset)) continue;
      const written = writeRuleChanges(changes, this.#now.host, this.#options.range);
      if (typeof written === "string" || written.length === 0) continue;
      const { file, start, text } = written[0]!;
      const candidate = { file, at: start, text, changes: written, changed: changedRules(changes) };
      if (this.#try(candidate, one, seen)) return undefined;
    }
    if (need.kind === "track") {
      return "a rule exempts the control connection from connection tracking (notrack), so no helper can follow it";
    }
    const writer =
      (need.kind === "accept" ? need.chain : anchorChain).table.backend === "nftables"
        ? nftWriter
        : iptablesWriter;
    const candidates =
      need.kind === "accept" ? writer.accept(context, need, stop?.rule) : writer.assignHelper(context, need);
    if (typeof candidates === "string") return candidates;
    for (const candidate of candidates) if (this.#try(candidate, one, seen)) return undefined;
    const closed = candidates.find(({ file }) => !this.#changes.has(file));
    if (closed) return `a rule would have to go into ${fileName(closed.file)}, which was not given`;
    if (this.#opened) {
      return "where the missing rule would take effect it would also let in hosts that other rules keep from the control port";
    }
    return candidates.length === 0
      ? "there is no place in these files where the missing rule could be written"
      : "no place was found where the missing rule takes effect";
  }

  /** A client cannot tell which ports the servers of the world use; a server's own range can be pinned. */
  #range(one: SessionCase): IntervalSet<number> {
    const { range, rangeKnown } = this.#options;
    return one.role === "client" && !rangeKnown ? UNPRIVILEGED_PORTS : range;
  }

  #try(candidate: Candidate, one: SessionCase, seen: ReadonlySet<string>): boolean {
    const before = this.#changes.get(candidate.file);
    if (!before) return false;
    if (candidate.withoutCheck !== undefined) {
      const alone = this.#filesWith(before.insert(candidate.at, candidate.withoutCheck));
      if (multiplies(this.#now.host.ruleset, this.#options.judge(alone).host.ruleset)) return false;
    }
    const { file, at, text, changes } = candidate;
    const made = this.#withChanges(changes ?? [{ file, start: at, end: at, text }]);
    if (typeof made === "string") return false;
    const after = this.#options.judge(made.files);
    if (after.host.problems.length > this.#now.host.problems.length) return false;
    if (multiplies(this.#now.host.ruleset, after.host.ruleset)) return false;
    const { onlyFor } = candidate;
    if (onlyFor && addsToOtherFamily(this.#now.host.ruleset, after.host.ruleset, onlyFor)) return false;
    if (reorders(this.#now.host, after.host, candidate.changed ?? [])) return false;
    // What the author wrote serves other sessions as well.
    if (changes && this.#damage(after) !== undefined) return false;
    if (this.#opensMore(after.host.ruleset)) {
      this.#opened = true;
      return false;
    }
    const same = sameCase(after.cases, one);
    if (!same) return false;
    const failure = this.#failureOf(same);
    if (failure && seen.has(failure.key)) return false;
    this.#accept(made, after);
    this.#isMendAlone = false;
    return true;
  }

  #filesWith(changes: Changes): readonly SourceFile[] {
    const text = changes.text();
    return this.#files.map((file) => (file.path === changes.path ? { ...file, text } : file));
  }

  #unreadable(): string | undefined {
    const bad = this.#start.host.problems.find((one) => one.refused && one.code === "syntax-error");
    return bad && `the file has a syntax error, which has to be mended first: ${bad.message}`;
  }

  /** Least privilege: strangers reach nothing more than before, but for the data ports where these are to be opened. */
  #opensMore(after: Ruleset): boolean {
    const { strategy, range } = this.#options;
    const control = IntervalSet.unionOf(controlPorts(after).map((port) => numbers(port)));
    const data = IntervalSet.unionOf([
      control,
      ...(strategy === "ports" ? [range] : []),
      ...(this.#options.mend?.changes ?? []).flatMap(namedPorts),
    ]);
    return readings(after).some(({ ruleset, fragment }) => {
      const before = this.#before.find((one) => one.fragment === fragment)?.ruleset;
      return familiesOf(after).some((family) =>
        (["server", "gateway"] as const).some((role) => {
          const asked = { role, family, sourcePorts: ALL_PORTS, control, data };
          return before !== undefined && opensMore(before, ruleset, asked, new Budget());
        }),
      );
    });
  }

  /** A session that worked before and does not any more. */
  #damage(judged = this.#now): string | undefined {
    for (const before of this.#start.cases) {
      const passes = before.classes.some(
        ({ verdict: { verdict } }) => verdict === "works" || verdict === "unknown",
      );
      if (blockedOutcome(before) || !passes) continue;
      const after = sameCase(judged.cases, before) ?? this.#unintended(before, judged);
      const doubt = after && doubtfulAnew(before, after);
      if (doubt) {
        return `${before.mode} FTP on the ${before.role}, which works now, would depend on ${doubt}`;
      }
      if (!after || failsAnew(before, after)) {
        return `${before.mode} FTP on the ${before.role}, which works now, would stop working`;
      }
    }
    return undefined;
  }

  /** A session of which the rules no longer say that it is meant may pass as before. */
  #unintended(before: SessionCase, { host }: Judged): SessionCase | undefined {
    const sources = [...host.files, ...host.included].map(({ source }) => source);
    const files = this.#files.map((file) => sources.find(({ path }) => path === file.path) ?? file);
    return sameCase(this.#options.judge(files, [before.role]).cases, before);
  }

  #title(): string {
    const { mend } = this.#options;
    if (mend) return (this.#isMendAlone ? mend.titleAlone : undefined) ?? mend.title;
    if (this.#repairsIcmp) return "Accept the ICMP errors of connections";
    return this.#finding.cases.some(lostLogin)
      ? `Let the control connection's answers through; ${lowerFirst(this.#strategyTitle())}`
      : this.#strategyTitle();
  }

  #strategyTitle(): string {
    if (this.#options.strategy === "helper") return "Track FTP with the conntrack helper";
    const range = this.#range(this.#finding.cases[0]!);
    const modes = new Set(this.#finding.cases.map((one) => one.mode));
    const ports = `${range.min}-${range.end! - 1}`;
    const source = this.#finding.cases.find((one) => one.mode === "active")?.scenario.dataPort;
    const data = typeof source === "number" ? source : FTP_DATA_PORT;
    if (!modes.has("passive")) return `Open the data port (${data})`;
    const pin = this.#note() ? "; the server has to be pinned to them" : "";
    return modes.has("active")
      ? `Open the data ports (${data} and ${ports}${pin})`
      : `Open the data ports (${ports}${pin})`;
  }

  #note(): string | undefined {
    const { strategy, range, rangeKnown } = this.#options;
    const [low, high] = [range.min!, range.end! - 1];
    const passive = this.#finding.cases.some((one) => one.mode === "passive" && one.role !== "client");
    const gateway = this.#finding.cases.some((one) => one.role === "gateway");
    if (this.#repairsIcmp) return undefined;
    if (this.#options.mend?.note) return this.#options.mend.note;
    if (strategy === "helper") {
      return gateway
        ? "With NAT the kernel module nf_nat_ftp has to be loaded as well (modprobe nf_nat_ftp); the rule loads only nf_conntrack_ftp."
        : undefined;
    }
    if (!passive || rangeKnown) return undefined;
    const how = describePins({ low, high });
    return `Pin the FTP server to these passive ports${how === "" ? "" : `: ${how}`}.`;
  }
}

/** A rule that is moved so that it takes effect, or is for TCP now, opens what its author wrote. */
function namedPorts(change: RuleChange): IntervalSet<number>[] {
  if (change.kind !== "move" && change.kind !== "tcp") return [];
  const ports = numbersOf(change.rule, "dport");
  return ports ? [ports] : [];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function overlaps(later: TextChange, earlier: TextChange | undefined): boolean {
  return earlier !== undefined && earlier.file === later.file && earlier.end > later.start;
}

interface Made {
  readonly changes: ReadonlyMap<string, Changes>;
  readonly files: readonly SourceFile[];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
