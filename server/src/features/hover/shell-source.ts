import type { Command } from "../../syntax/shell/shell-file.ts";
import { contains } from "../../text/span.ts";
import type { ScriptInput } from "./shell-nodes.ts";
import { effectSection, hasFrame } from "./shell-rules.ts";
import { code, plain, type Topic } from "./topic.ts";

/** On `. file`: whether the file was read, and what it does to the firewall. */
export function sourceTopic(
  { path, file, conversion }: ScriptInput,
  node: Command,
  offset: number,
): Topic | undefined {
  const span = file.span(node);
  const [word] = node.args;
  if (!contains(span, offset) || word?.type !== "Word") return undefined;
  const name = code(word.text);
  const lost = conversion.operations.find(
    ({ op, origin }) => op === "unknown" && origin.file === path && origin.statement.start === span.start,
  );
  if (lost?.op === "unknown") {
    const advice = "A file that lies beside the script or elsewhere in the workspace is followed.";
    return { span, text: `${name} was **not read**: the ruleset depends on ${plain(lost.fact)}. ${advice}` };
  }
  const base = word.value.slice(word.value.lastIndexOf("/") + 1);
  const isRead = conversion.included?.some((one) => one.dialect === "shell" && one.path.endsWith(base));
  if (!isRead) return undefined;
  const effect = effectSection(conversion, hasFrame(path, "include", span.start));
  const what = effect === undefined ? "It makes no rules by itself." : `It ${effect}`;
  return { span, text: `${name} was **read**: its commands are run as if they stood here. ${what}` };
}
