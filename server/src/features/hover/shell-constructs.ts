import type { Command, SyntaxNode } from "../../syntax/shell/shell-file.ts";
import { contains } from "../../text/span.ts";
import { branchTopic, caseTopic } from "./shell-case.ts";
import { nodesAround, type ScriptInput } from "./shell-nodes.ts";
import { effectSection, hasFrame } from "./shell-rules.ts";
import { sourceTopic } from "./shell-source.ts";
import { code, type Topic } from "./topic.ts";

/** What the shell's own words do to the firewall: loops, functions and their calls, `case`, `source`. */
export function constructTopic(input: ScriptInput, offset: number): Topic | undefined {
  const around = nodesAround(input.file, offset);
  for (const [at, node] of around.entries()) {
    const found = nodeTopic(input, node, around[at + 1], offset);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nodeTopic(
  input: ScriptInput,
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  offset: number,
): Topic | undefined {
  switch (node.type) {
    case "For":
      return loopTopic(input, node, node.name.end, offset);
    case "While":
      return loopTopic(input, node, node.pos + node.kind.length, offset);
    case "ArithmeticFor":
      return loopTopic(input, node, node.pos + "for".length, offset);
    case "Function":
      return definitionTopic(input, node.name, offset);
    case "Command":
      return commandTopic(input, node, offset);
    case "Case":
      return caseTopic(input, node, offset);
    case "CaseItem":
      return parent?.type === "Case" ? branchTopic(input, parent, node, offset) : undefined;
    default:
      return undefined;
  }
}

/** `headEnd`: where the part ends that stands for the loop, a position of the tree. */
function loopTopic(
  { path, file, conversion }: ScriptInput,
  node: SyntaxNode,
  headEnd: number,
  offset: number,
): Topic | undefined {
  const span = file.span({ pos: node.pos, end: headEnd });
  if (!contains(span, offset)) return undefined;
  const effect = effectSection(conversion, hasFrame(path, "loop", file.offset(node.pos)));
  return effect === undefined
    ? undefined
    : { span, text: `The loop ${code(file.text.slice(span.start, span.end))} ${effect}` };
}

function definitionTopic(
  { file, conversion }: ScriptInput,
  word: { readonly pos: number; readonly end: number; readonly value: string },
  offset: number,
): Topic | undefined {
  const span = file.span(word);
  if (!contains(span, offset)) return undefined;
  const name = word.value;
  const effect = effectSection(conversion, (frames) =>
    frames.some((frame) => frame.kind === "function" && frame.name === name),
  );
  return effect === undefined ? undefined : { span, text: `The function ${code(name)} ${effect}` };
}

function commandTopic(input: ScriptInput, node: Command, offset: number): Topic | undefined {
  const { path, file, conversion } = input;
  const { name } = node;
  if (name === undefined) return undefined;
  if (name.value === "." || name.value === "source") return sourceTopic(input, node, offset);
  const span = file.span(name);
  if (!contains(span, offset)) return undefined;
  const isThisCall = hasFrame(path, "function", file.offset(node.pos));
  const effect = effectSection(conversion, isThisCall);
  return effect === undefined
    ? undefined
    : { span, text: `The function ${code(name.text)}, called here, ${effect}` };
}
