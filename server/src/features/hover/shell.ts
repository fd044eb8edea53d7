import type { ShellConversion } from "../../convert/shell/convert.ts";
import { variableAt } from "../../convert/shell/convert.ts";
import type { ShellCall, VariableUse } from "../../convert/shell/recorder.ts";
import { lookUp } from "../../reference/lookup.ts";
import type { Placed } from "../../text/origin.ts";
import { contains, type Span } from "../../text/span.ts";
import { chainTopic } from "./chains.ts";
import { iptablesTopic } from "./iptables-topic.ts";
import { block, code, type HoverInput, plain, type Topic, topic } from "./topic.ts";

/** What is under the cursor in a script, and the commands that its text becomes. */
export interface ShellFinding {
  readonly topic?: Topic;
  /** Of the firewall command under the cursor. */
  readonly span?: Span;
  /** The runs of that command. */
  readonly calls: readonly ShellCall[];
}

/** Undefined where the script does not concern the firewall. */
export function shellFinding(
  input: HoverInput,
  conversion: ShellConversion,
  offset: number,
): ShellFinding | undefined {
  const { path } = input.file.source;
  const calls = conversion.calls.filter((call) => call.file === path && isAt(call.statement, offset));
  const variable = variableAt(conversion, path, offset);
  const relevant = variable && (calls.length > 0 || concernsFirewall(conversion, path, offset));
  const about = relevant ? variableTopic(variable) : undefined;
  const first = calls[0];
  if (!first) return about ? { topic: about, calls } : undefined;
  const found = about ?? callTopic(input, calls, offset);
  const { start, end } = first.statement;
  return { topic: found, span: { start, end }, calls };
}

function isAt(placed: Placed, offset: number): boolean {
  return placed.start <= offset && offset <= placed.end;
}

/** In a loop's head or a function's call that leads to a firewall command. */
function concernsFirewall(conversion: ShellConversion, path: string, offset: number): boolean {
  const inside = (origin: { readonly frames: ShellCall["frames"] }) =>
    origin.frames.some((frame) => frame.file === path && isAt(frame.at, offset));
  return (
    conversion.calls.some(inside) ||
    conversion.operations.some(({ origin }) => origin.file === path && isAt(origin.statement, offset)) ||
    conversion.operations.some(({ origin }) => inside(origin))
  );
}

const MOST_VALUES = 10;

function variableTopic(use: VariableUse): Topic {
  const name = code(`$${use.name}`);
  const values = use.values.slice(0, MOST_VALUES).map(code);
  if (use.values.length > MOST_VALUES) values.push("…");
  const parts: string[] = [];
  if (values.length === 1) parts.push(`**${name}** is ${values[0]}.`);
  if (values.length > 1) parts.push(`**${name}** is, one after the other: ${values.join(", ")}.`);
  if (use.unknown.length > 0) {
    const reasons = use.unknown.slice(0, 3).map(plain).join("; ");
    const also = values.length > 0 ? "At times it is" : `**${name}** is`;
    parts.push(`${also} **not known**: it is ${reasons}. What depends on it counts as unknown.`);
  }
  return { span: use.span, text: parts.join(" ") };
}

function callTopic(input: HoverInput, calls: readonly ShellCall[], offset: number): Topic | undefined {
  const call = calls[0]!;
  if (contains(call.programSpan, offset)) return programTopic(calls);
  const table = {
    backend: "iptables",
    family: call.tool === "iptables" ? "ip" : "ip6",
    name: call.command.table?.text ?? "filter",
  } as const;
  const chain = (name: string, span: Span) => chainTopic(input, table, name, span, true);
  const { text } = input.file.source;
  const place = { text, start: call.statement.start, command: call.command, chain };
  return iptablesTopic(place, offset) ?? tableOption(call, offset);
}

function tableOption(call: ShellCall, offset: number): Topic | undefined {
  const { table } = call.command;
  if (!table) return undefined;
  const span = { start: call.statement.start + table.span.start, end: call.statement.start + table.span.end };
  return contains(span, offset)
    ? topic(span, `-t ${table.text}`, lookUp("iptables table", table.text))
    : undefined;
}

function programTopic(calls: readonly ShellCall[]): Topic {
  const call = calls[0]!;
  const tools = [...new Set(calls.map((one) => one.tool))];
  const families = tools.map((tool) => (tool === "iptables" ? "IPv4" : "IPv6")).join(" and ");
  const text = `**${code(call.program)}** – changes the firewall's rules for ${families}. *(iptables(8))*`;
  return { span: call.programSpan, text };
}

/** The commands that are run, at most `most`, when they differ from the text: a Markdown section. */
export function expansion(input: HoverInput, calls: readonly ShellCall[], most: number): string | undefined {
  if (calls.length === 0) return undefined;
  const commands = [...new Set(calls.map(commandLine))];
  const { text } = input.file.source;
  const { start, end } = calls[0]!.statement;
  const written = text
    .slice(start, end)
    .replace(/\\\r?\n/g, " ")
    .replace(/["']/g, "")
    .replace(/\s+/g, " ");
  if (commands.length === 1 && written.endsWith(commands[0]!.replace(/["']/g, ""))) return undefined;
  const shown = commands.slice(0, most);
  if (commands.length > most) shown.push(`# and ${commands.length - most} more`);
  const times = calls.length > 1 ? `It is run ${calls.length} times` : "When it is run, it becomes";
  return `${times}:\n\n${block(shown, "shellscript")}`;
}

function commandLine(call: ShellCall): string {
  return [call.tool, ...call.argv.map((word) => quoted(word.text, word.unknown))].join(" ");
}

function quoted(text: string, unknown: string | undefined): string {
  const line = text.replace(/[\r\n]+/g, " ").slice(0, 200);
  if (unknown !== undefined) return line;
  return /^[\w./:,!+@%=-]+$/.test(line) ? line : `"${line}"`;
}
