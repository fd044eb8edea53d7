import type { LoadedFile } from "../convert/host.ts";
import type { ShellCall } from "../convert/shell/recorder.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain } from "../model/ruleset.ts";
import type { Frame } from "../text/origin.ts";
import { lineStart } from "./lines.ts";
import type { Restriction } from "./restrictions.ts";
import type { Site } from "./site.ts";

// How a script calls iptables: what a line of the same make has to begin with, at some place of the script.

/** `verb`: `-A`, `-I` or `-C`; the command up to the rule's options. */
export type CommandHead = (verb: string) => string;

/** How a line at a site begins that adds to a chain; undefined where no call shows how. */
export function commandHead(file: LoadedFile, site: Site, chain: Chain): CommandHead | undefined {
  const call = callOf(file, site.rule, chain);
  if (!call) return undefined;
  const tool = programAt(file, call, site);
  const table = chain.table.name === "filter" ? "" : `-t ${chain.table.name} `;
  return (verb) => `${tool} ${table}${verb} ${chain.name}`;
}

/** How the author calls iptables for this rule; for a rule of another family, how they call that program. */
function callOf(file: LoadedFile, rule: Rule, chain: Chain): ShellCall | undefined {
  if (file.syntax.dialect !== "shell") return undefined;
  const { calls } = file.syntax.conversion;
  const tool = chain.table.family === "ip6" ? "ip6tables" : "iptables";
  return (
    calls.find((call) => call.tool === tool && isCallOf(call, rule)) ??
    calls.find((call) => call.tool === tool)
  );
}

function isCallOf({ file, statement }: ShellCall, { origin }: Rule): boolean {
  return file === origin.file && statement.start === origin.statement.start;
}

/** The program as the author writes it; where that means something else at the site, as another call or plainly. */
function programAt(file: LoadedFile, call: ShellCall, { left }: Site): string {
  if (isUsable(call, left) || file.syntax.dialect !== "shell") return call.program;
  const other = file.syntax.conversion.calls.find((one) => one.tool === call.tool && isUsable(one, left));
  return other && other.frames.length === 0 ? other.program : call.tool;
}

/** `IPT="iptables -t nat"` or `FW="iptables -A FORWARD"` is for one table or chain alone. */
function isUsable({ program, argv, prefixLength }: ShellCall, left: readonly Frame[]): boolean {
  const isPlain = argv.slice(0, prefixLength).every(({ text }) => /^(?:-w|-W|--wait\S*|\d+)\S*$/.test(text));
  // What eval and xargs are given says itself what is to be done.
  return isPlain && !/^eval\s|(?:^|\s)xargs\s/.test(program) && !readsFrom(program, left);
}

/** Whether a text has a variable that a loop or call gives its value to. */
export function readsFrom(text: string, frames: readonly Frame[]): boolean {
  if (frames.length === 0) return false;
  const loops = frames.filter(({ kind }) => kind === "loop").map(({ name }) => name);
  const variables = [...text.matchAll(/\$\{?([\w@*#]+)/g)].map((found) => found[1]!);
  return variables.some((name) => loops.includes(name) || !/^[A-Za-z_]/.test(name));
}

/**
 * The author's tests as they have to be written outside of the calls and loops that give them values: with the values
 * of this rule. Undefined where these are not known.
 */
export function withValues(
  restrictions: readonly Restriction[],
  file: LoadedFile,
  rule: Rule,
): Restriction[] | undefined {
  if (file.syntax.dialect !== "shell") return undefined;
  const call = file.syntax.conversion.calls.find(
    (one) => isCallOf(one, rule) && sameFrames(one.frames, rule.origin.frames),
  );
  if (!call) return undefined;
  const written: Restriction[] = [];
  for (const one of restrictions) {
    const words = call.argv.filter(({ span }) => one.span.start <= span.start && span.end <= one.span.end);
    if (words.length === 0 || words.some(({ unknown }) => unknown !== undefined)) return undefined;
    written.push({ ...one, text: words.map(({ text }) => quoted(text)).join(" ") });
  }
  return written;
}

function sameFrames(a: readonly Frame[], b: readonly Frame[]): boolean {
  return a.length === b.length && a.every((one, i) => one.at.start === b[i]!.at.start && same(one, b[i]!));
}

function same(a: Frame, b: Frame): boolean {
  return a.iteration === b.iteration && a.detail === b.detail;
}

function quoted(word: string): string {
  return /^[\w./:,+@%!-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The head of a call of the author's own function that hands its arguments on to iptables, as the call that makes this
 * rule has it: `ensure INPUT`, `fwd`. Undefined where the place is not beside such a call.
 */
export function wrapperHead(file: LoadedFile, site: Site, chain: Chain): string | undefined {
  const [frame, ...further] = site.left;
  if (frame?.kind !== "function" || further.length > 0 || file.source.path !== frame.file) return undefined;
  const { text } = file.source;
  const { start, end } = site.rule.origin.statement;
  const inner = text.slice(start, end);
  if (!/"\$@"/.test(inner) || callOf(file, site.rule, chain)?.file !== frame.file) return undefined;
  const program = chain.table.family === "ip6" ? "ip6tables" : "iptables";
  if (!callsOf(file, site.rule).every(({ tool }) => tool === program)) return undefined;
  const words = text.slice(frame.at.start, frame.at.end).trim().split(/\s+/);
  const table = chain.table.name === "filter" ? "" : ` -t ${chain.table.name}`;
  // `ensure INPUT -p tcp …`: the chain is the first argument.
  if (/^[A-Za-z]\w*$/.test(words[1] ?? "") && words[2]?.startsWith("-"))
    return `${words[0]} ${chain.name}${table}`;
  const fixed = /\s-A\s+(\S+)/.exec(inner)?.[1];
  return words[1]?.startsWith("-") && fixed === chain.name && table === "" ? words[0] : undefined;
}

function callsOf(file: LoadedFile, rule: Rule): ShellCall[] {
  return file.syntax.dialect === "shell"
    ? file.syntax.conversion.calls.filter((one) => isCallOf(one, rule))
    : [];
}

/** Whether a function's definition begins on the same line, before the statement: its line is no line of the function. */
export function isInOneLineFunction(text: string, start: number): boolean {
  const before = text.slice(lineStart(text, start), start);
  return /(?:^|[\s;])(?:function\s+[\w:-]+\s*(?:\(\s*\))?|[\w:-]+\s*\(\s*\))\s*[{(]/.test(before);
}
