import type { RuleChange, Stated } from "../checks/check.ts";
import type { Host, LoadedFile } from "../convert/host.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain, HelperObject } from "../model/ruleset.ts";
import { numbers } from "../model/values.ts";
import type { Origin, Placed } from "../text/origin.ts";
import { commentOf } from "./comment-above.ts";
import { iptablesWriter } from "./iptables-writer.ts";
import { indentation, lineBefore, lineEnd, lineStart, ownLines, startsLine } from "./lines.ts";
import type { AcceptPlan } from "./need.ts";
import { nftWriter } from "./nft-writer.ts";
import { NO_TEXT, narrowing, withoutPort } from "./port-changes.ts";
import { commandRemoval } from "./shell-removal.ts";
import { chainOf, fileOf } from "./writer.ts";

/** A stretch of one file's text that becomes another. */
export interface TextChange {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The changes as changes of the files' texts; a text: why that cannot be written. */
export function writeRuleChanges(
  changes: readonly RuleChange[],
  host: Host,
  range: IntervalSet<number>,
): TextChange[] | string {
  const written: TextChange[] = [];
  const paired = changes.some(
    (one) => "rule" in one && one.kind !== "accept" && isPaired(one.rule.origin, host),
  );
  if (paired) return "the script also checks or removes this rule by its text: change both by hand";
  for (const change of changes) {
    const one =
      change.kind === "accept"
        ? acceptance(change, host)
        : writeChange(change, [...host.files, ...host.included], range);
    if (typeof one === "string") return one;
    written.push(...one);
  }
  return written;
}

/** The first of the places at which the dialect's writer would put it. */
function acceptance(
  { rule, chain, daddr, port, before }: RuleChange & { kind: "accept" },
  host: Host,
): TextChange[] | string {
  const files = [...host.files, ...host.included];
  const context = {
    files,
    ruleset: host.ruleset,
    anchor: rule,
    anchorChain: chainOf(host.ruleset, rule) ?? chain,
  };
  const plan: AcceptPlan = { daddr, dport: numbers(port) };
  const hook = chain.base?.hook ?? "forward";
  const writer = chain.table.backend === "nftables" ? nftWriter : iptablesWriter;
  const candidates = writer.accept(context, { kind: "accept", chain, hook, plan }, before);
  if (typeof candidates === "string") return candidates;
  const [first] = candidates;
  if (!first) return "there is no place in these files where the rule could be written";
  return [{ file: first.file, start: first.at, end: first.at, text: first.text }];
}

function writeChange(
  change: Exclude<RuleChange, { kind: "accept" }>,
  files: readonly LoadedFile[],
  range: IntervalSet<number>,
): TextChange[] | string {
  switch (change.kind) {
    case "remove":
      return removal(change.rule, files);
    case "without-words":
      return withoutWords(change, files);
    case "move":
      return movement(change.rule, change.before, files);
    case "replace":
      return replacement(change, files);
    case "require":
      return requirement(change, files);
    case "without-port":
      return withoutPort(change, files);
    case "assign":
      return assignment(change.rule, files);
    case "tcp":
      return overTcp(change.rule, files);
    case "any-family":
      return anyFamily(change.helper, files);
    case "narrow":
      return narrowing(change, files, range);
    case "priority":
      return priorityChange(change.chain, change.priority, files);
  }
}

const NOT_ALONE = "the rule does not stand on a line of its own";
const NOT_STRAIGHT =
  "between the two places the script does more than to call iptables, so that the rule may be another one there";

function replacement(
  { rule, span, by }: RuleChange & { kind: "replace" },
  files: readonly LoadedFile[],
): TextChange[] | string {
  const { file, statement } = rule.origin;
  const loaded = fileOf(files, file);
  if (!loaded) return NO_TEXT;
  const { text } = loaded.source;
  const at = { start: statement.start + span.start, end: statement.start + span.end };
  const before = text.slice(at.start, at.end);
  if (isNftText(loaded, rule)) return [{ file, ...withSpaceBefore(text, at, by.nft), text: by.nft }];
  const written = asWritten(by.iptables, before);
  const whole = written.includes(optionOf(before)) ? at : withModule(text, at);
  return [{ file, ...withSpaceBefore(text, whole, written), text: written }];
}

function optionOf(text: string): string {
  return /--\w+/.exec(text)?.[0] ?? text;
}

/** A module is not loaded for an option that is gone: iptables refuses a module without any. */
function withModule(text: string, { start, end }: Placed): Placed {
  const module = /-m\s+(?:conntrack|state|helper)\s+$/.exec(text.slice(0, start));
  return { start: start - (module?.[0].length ?? 0), end };
}

/** `-m state --state` is the older way to write `-m conntrack --ctstate`. */
function asWritten(text: string, like: string): string {
  return /--state\b/.test(like)
    ? text.replace("-m conntrack", "-m state").replace("--ctstate", "--state")
    : text;
}

function requirement(
  { rule, at, by }: RuleChange & { kind: "require" },
  files: readonly LoadedFile[],
): TextChange[] | string {
  const { file, statement } = rule.origin;
  const loaded = fileOf(files, file);
  if (!loaded) return NO_TEXT;
  const { text } = loaded.source;
  const style = /-m\s+state\b/.test(text) && !/-m\s+conntrack\b/.test(text) ? "--state" : "";
  const isNft = isNftText(loaded, rule);
  const target = /\s(?:-j|--jump|-g|--goto)\s/.exec(text.slice(statement.start, statement.end));
  // An iptables rule's conditions stand before its target.
  const place = !isNft && target ? Math.min(at, target.index + 1) : at;
  const start = statement.start + place;
  const condition = isNft ? by.nft : asWritten(by.iptables, style);
  // Before a statement the space comes behind, after a condition in front.
  const before = /[ \t]/.test(text[start - 1] ?? " ");
  return [{ file, start, end: start, text: before ? `${condition} ` : ` ${condition}` }];
}

/** Each stretch of a statement's text that a pattern finds becomes another; none: why not. */
function inStatement(
  { file, statement }: Origin,
  files: readonly LoadedFile[],
  pattern: RegExp,
  by: (found: RegExpExecArray) => string,
  none: string,
): TextChange[] | string {
  const loaded = fileOf(files, file);
  if (!loaded) return NO_TEXT;
  const text = loaded.source.text.slice(statement.start, statement.end);
  const found = [...text.matchAll(pattern)].map((one) => ({
    file,
    start: statement.start + one.index,
    end: statement.start + one.index + one[0].length,
    text: by(one),
  }));
  return found.length > 0 ? found : none;
}

const ASKS = /\bct helper (?=["\w])(?!set\b)|(?:-m\s+helper\s+)?--helper\s+(\S+)\s+(?:-j|--jump)\s+ACCEPT\b/g;

function assignment({ origin }: Rule, files: readonly LoadedFile[]): TextChange[] | string {
  const none = "the rule is not written in a way that can be changed into an assignment";
  return inStatement(
    origin,
    files,
    ASKS,
    ([text, name]) => (text.startsWith("ct") ? "ct helper set " : `-j CT --helper ${name}`),
    none,
  );
}

function overTcp({ origin }: Rule, files: readonly LoadedFile[]): TextChange[] | string {
  const udp = /(?<=(?:-p|-m|--protocol|--proto)[ =]+)udp\b|\budp(?=\s+[sd]port\b)/gi;
  return inStatement(origin, files, udp, () => "tcp", "UDP is not named in the rule itself");
}

/** Without `l3proto` an object is for the table's own family: for both in table inet. */
function anyFamily({ origin }: HelperObject, files: readonly LoadedFile[]): TextChange[] | string {
  const file = fileOf(files, origin.file);
  if (!file) return NO_TEXT;
  const { text } = file.source;
  const from = origin.statement.start;
  const found = /\bl3proto\s+\w+\s*;?[ \t]*/.exec(text.slice(from, from + text.slice(from).indexOf("}")));
  if (!found) return "the helper's family is not written in one of these files";
  const start = from + found.index;
  const end = start + found[0].trimEnd().length;
  const line = ownLines(text, start, end);
  if (line) return [{ file: origin.file, ...line, text: "" }];
  return [{ file: origin.file, start, end: start + found[0].length, text: "" }];
}

/** What is taken out leaves no double space, and at the start of a line the indentation. */
function withSpaceBefore(text: string, { start, end }: Placed, by: string): Placed {
  if (by !== "" || end === start) return { start, end };
  if (startsLine(text, start)) return { start, end: end + /^[ \t]*/.exec(text.slice(end))![0].length };
  return /[ \t]/.test(text[start - 1] ?? "") ? { start: start - 1, end } : { start, end };
}

function withoutWords(
  { rule: { origin }, span }: RuleChange & { kind: "without-words" },
  files: readonly LoadedFile[],
): TextChange[] | string {
  const file = fileOf(files, origin.file);
  if (!file) return NO_TEXT;
  const at = { start: origin.statement.start + span.start, end: origin.statement.start + span.end };
  return [{ file: origin.file, ...withSpaceBefore(file.source.text, at, ""), text: "" }];
}

/** In a script both tools can stand. */
function isNftText({ source, syntax }: LoadedFile, { origin }: Rule): boolean {
  if (syntax.dialect !== "shell") return syntax.dialect === "nft";
  const { start, end } = origin.statement;
  return !/^\s*-|iptables|\s-[AIR]\s/.test(source.text.slice(start, end));
}

function removal({ origin }: Stated, files: readonly LoadedFile[]): TextChange[] | string {
  const file = fileOf(files, origin.file);
  if (!file) return NO_TEXT;
  const { text } = file.source;
  const { start, end } = origin.statement;
  if (file.syntax.dialect === "shell") {
    const stretch = commandRemoval(file.syntax.file, origin.statement);
    if (typeof stretch === "string") return stretch;
    if (stretch) return [{ file: origin.file, ...stretch, text: "" }];
  }
  const line = ownLines(text, start, end);
  if (line) return [{ file: origin.file, ...line, text: "" }];
  if (file.syntax.dialect !== "nft") return NOT_ALONE;
  const after = /^[ \t]*;[ \t]*/.exec(text.slice(end));
  if (after) return [{ file: origin.file, start, end: end + after[0].length, text: "" }];
  const before = /;[ \t]*$/.exec(text.slice(lineStart(text, start), start));
  return before ? [{ file: origin.file, start: start - before[0].length, end, text: "" }] : NOT_ALONE;
}

/** Whether other commands of a script name the same rule: `-C … || -A …`, or `-D …` where it is stopped. */
function isPaired({ file, statement }: Origin, { files, included }: Host): boolean {
  const loaded = [...files, ...included].find(({ source }) => source.path === file);
  if (loaded?.syntax.dialect !== "shell") return false;
  const { text } = loaded.source;
  const spec = /(?:-[AI]|--append|--insert)\s+(\S+)(?:\s+\d+)?\s+(.*)$/s.exec(
    text.slice(statement.start, statement.end),
  );
  if (!spec) return false;
  const options = spec[2]!.trim().split(/\s+/).join(" ");
  const commands = text.split(/\s+/).join(" ");
  return ["-D", "-C", "--delete", "--check"].some((verb) =>
    commands.includes(`${verb} ${spec[1]} ${options}`),
  );
}

/** A line that does nothing but to call iptables by some name. */
const CALL =
  /^[ \t]*(?:(?:sudo[ \t]+)?(?:\S*\/)?ip6?tables\S*|\$\{?\w+\}?)[ \t]+(?!.*(?:&&|\|\||[;|`]|\$\())/;

/** Whether both stand in the same stretch of a script, in which every line runs, one after the other. */
function isStraight(text: string, rule: Rule, before: Rule): boolean {
  if (rule.origin.file !== before.origin.file) return false;
  const frames = [...rule.origin.frames, ...before.origin.frames];
  if (frames.some(({ kind }) => kind !== "include")) return false;
  const [from, to] = [before.origin.statement.start, rule.origin.statement.end];
  if (from > to) return false;
  const lines = text.slice(lineStart(text, from), to).split(/\r?\n/);
  return lines.every((line, i) => {
    const isContinued = /\\$/.test(lines[i - 1] ?? "");
    return isContinued || /^[ \t]*(?:#.*)?$/.test(line) || CALL.test(line);
  });
}

function movement(rule: Rule, before: Rule, files: readonly LoadedFile[]): TextChange[] | string {
  const removed = removal(rule, files);
  const target = fileOf(files, before.origin.file);
  const from = fileOf(files, rule.origin.file);
  if (typeof removed === "string") return removed;
  if (!target || !from) return NO_TEXT;
  const { text } = target.source;
  if (target.syntax.dialect === "shell" && !isStraight(text, rule, before)) return NOT_STRAIGHT;
  const { start, end } = rule.origin.statement;
  const statement = from.source.text.slice(start, end);
  const there = before.origin.statement;
  if (!startsLine(text, there.start)) {
    if (target.syntax.dialect !== "nft") return NOT_ALONE;
    return [
      ...removed,
      { file: before.origin.file, start: there.start, end: there.start, text: `${statement}; ` },
    ];
  }
  const comment = /^[ \t]*;?[ \t]*#.*/.exec(from.source.text.slice(end, lineEnd(from.source.text, end)));
  const line = `${statement}${comment?.[0] ?? ""}`;
  const above = commentOf(from.source.text, start, end);
  const insertion = lineBefore(text, there.start, indentation(text, there.start), [...above.lines, line]);
  return [
    ...(above.lines.length > 0 ? removed.map((one) => ({ ...one, start: above.start })) : removed),
    { file: before.origin.file, start: insertion.at, end: insertion.at, text: insertion.text },
  ];
}

/** The priority of a base chain, where it is written: `type filter hook prerouting priority raw;`. */
export function priorityChange(
  { origin }: Chain,
  priority: number,
  files: readonly LoadedFile[],
): TextChange[] | string {
  const file = origin && fileOf(files, origin.file);
  if (!origin || !file) return "the chain is not declared in one of these files";
  const { text } = file.source;
  const from = origin.statement.start;
  const found = /\bhook\s+\w+\s+(?:device[^;}]*?)?priority\s+([^;}]+?)\s*[;}]/.exec(text.slice(from));
  if (!found) return "the chain's priority is not written in one of these files";
  const start = from + found.index + found[0].indexOf(found[1]!, found[0].indexOf("priority") + 8);
  return [{ file: origin.file, start, end: start + found[1]!.length, text: String(priority) }];
}
