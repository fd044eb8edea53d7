import type { ShellConversion } from "../../convert/shell/convert.ts";
import type { ShellCall } from "../../convert/shell/recorder.ts";
import type { Presence } from "../../model/rule.ts";
import type { Frame, Origin } from "../../text/origin.ts";
import { frameValues } from "../expand/place.ts";
import type { RuleOperation } from "./rules.ts";
import { block } from "./topic.ts";

/** Commands that are shown of a loop, a function or a sourced file. */
const MOST_SHOWN = 12;

/** Says of a part of a script's effect whether it comes from the construct that is asked about. */
export type IsInside = (frames: readonly Frame[]) => boolean;

/** Whether something comes from the loop, call or sourced file that begins at an offset. */
export function hasFrame(path: string, kind: Frame["kind"], start: number): IsInside {
  return (frames) =>
    frames.some((frame) => frame.kind === kind && frame.file === path && frame.at.start === start);
}

/** What a construct does to the firewall: "makes 2 rules:" with the rules, else "runs …"; undefined: nothing. */
export function effectSection(conversion: ShellConversion, isInside: IsInside): string | undefined {
  const rules = conversion.operations.filter(isRule).filter(({ origin }) => isInside(origin.frames));
  if (rules.length > 0) {
    const calls = callsByPlace(conversion);
    const lines = rules.map((rule) => withValues(ruleLine(rule, calls), rule.origin.frames, rule.presence));
    return listed("makes", "rule", lines);
  }
  const calls = conversion.calls.filter(({ frames }) => isInside(frames));
  if (calls.length === 0) return undefined;
  return listed("runs", "command", calls.map(callLine));
}

/** The command as it is run, with the values that it gets and whether it is run at all. */
export function callLine(call: ShellCall): string {
  return withValues(commandLine(call), call.frames, call.presence);
}

/** The command as it is run. */
export function commandLine(call: ShellCall): string {
  return [call.tool, ...call.argv.map((word) => quoted(word.text, word.unknown))].join(" ");
}

function quoted(text: string, unknown: string | undefined): string {
  const line = text.replace(/[\r\n]+/g, " ").slice(0, 200);
  if (unknown !== undefined) return line;
  return /^[\w./:,!+@%=-]+$/.test(line) ? line : `"${line}"`;
}

function isRule(operation: ShellConversion["operations"][number]): operation is RuleOperation {
  return "body" in operation;
}

function listed(verb: string, what: string, all: readonly string[]): string {
  const lines = all.filter((line, at) => line !== all[at - 1]);
  const shown = lines.slice(0, MOST_SHOWN);
  if (lines.length > MOST_SHOWN) shown.push(`# … and ${lines.length - MOST_SHOWN} more`);
  const count = lines.length === 1 ? `this ${what}` : `${lines.length} ${what}s`;
  return `${verb} ${count}:\n\n${block(shown, "shellscript")}`;
}

function withValues(line: string, frames: readonly Frame[], presence: Presence): string {
  const notes = frameValues(frames);
  if (presence !== "certain") notes.push("perhaps");
  return notes.length > 0 ? `${line}  # ${notes.join(", ")}` : line;
}

/** As the tools print it; where nobody can tell, as the command that makes it. */
function ruleLine(rule: RuleOperation, calls: ReadonlyMap<string, ShellCall>): string {
  const { table, chain, body } = rule;
  const text = body.listed?.((name) => name).text;
  const call = calls.get(placeKey(rule.origin));
  if (text === undefined) return call ? commandLine(call) : `… in chain ${chain} of table ${table.name}`;
  if (table.backend === "nftables") return `nft add rule ${table.family} ${table.name} ${chain} ${text}`;
  const tool = table.family === "ip6" ? "ip6tables" : "iptables";
  const where = table.name === "filter" ? "" : ` -t ${table.name}`;
  const operation = rule.op === "append" ? "-A" : rule.op === "insert" ? "-I" : "-R";
  const number = rule.op === "append" ? "" : ` ${rule.index + 1}`;
  return `${tool}${where} ${operation} ${chain}${number} ${text}`.trimEnd();
}

function callsByPlace({ calls }: ShellConversion): ReadonlyMap<string, ShellCall> {
  return new Map(calls.map((call) => [placeKey(call), call]));
}

/** One run of one command. */
function placeKey({ file, statement, frames }: Pick<Origin, "file" | "statement" | "frames">): string {
  const around = frames.map((frame) => `${frame.file}:${frame.at.start}:${frame.iteration ?? ""}`);
  return [file, statement.start, ...around].join(" ");
}
