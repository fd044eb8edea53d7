import type { ShellConversion } from "../../convert/shell/convert.ts";
import type { ShellCall } from "../../convert/shell/recorder.ts";
import { lookUp } from "../../reference/lookup.ts";
import type { ShellFile } from "../../syntax/shell/shell-file.ts";
import type { Placed } from "../../text/origin.ts";
import { contains, type Span } from "../../text/span.ts";
import { chainTopic } from "./chains.ts";
import { iptablesTopic } from "./iptables-topic.ts";
import { constructTopic } from "./shell-constructs.ts";
import { callLine, commandLine } from "./shell-rules.ts";
import { variableNear, variableTopic } from "./shell-variable.ts";
import { block, code, type HoverInput, type Topic, topic } from "./topic.ts";

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
  file: ShellFile,
  conversion: ShellConversion,
  offset: number,
): ShellFinding | undefined {
  const { path } = input.file.source;
  const calls = conversion.calls.filter((call) => call.file === path && isAt(call.statement, offset));
  const variable = variableNear(input.file, offset);
  const about = variable && variableTopic(variable);
  const first = calls[0];
  if (!first) {
    const found = about ?? constructTopic({ path, file, conversion }, offset);
    return found ? { topic: found, calls } : undefined;
  }
  const found = about ?? callTopic(input, calls, offset);
  const { start, end } = first.statement;
  return { topic: found, span: { start, end }, calls };
}

function isAt(placed: Placed, offset: number): boolean {
  return placed.start <= offset && offset <= placed.end;
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
  const commands = [...new Set(calls.map(callLine))];
  const { text } = input.file.source;
  const { start, end } = calls[0]!.statement;
  const written = text
    .slice(start, end)
    .replace(/\\\r?\n/g, " ")
    .replace(/["']/g, "")
    .replace(/\s+/g, " ");
  const [only] = calls;
  if (calls.length === 1 && only && written.endsWith(commandLine(only).replace(/["']/g, "")))
    return undefined;
  const shown = commands.slice(0, most);
  if (commands.length > most) shown.push(`# … and ${commands.length - most} more`);
  const times = calls.length > 1 ? `It is run ${calls.length} times` : "When it is run, it becomes";
  return `${times}:\n\n${block(shown, "shellscript")}`;
}
