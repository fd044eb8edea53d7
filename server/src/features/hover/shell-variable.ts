import type { LoadedFile } from "../../convert/host.ts";
import type { ShellConversion } from "../../convert/shell/convert.ts";
import { variableAt } from "../../convert/shell/convert.ts";
import type { VariableUse } from "../../convert/shell/recorder.ts";
import type { Assignment, ShellFile } from "../../syntax/shell/shell-file.ts";
import { contains } from "../../text/span.ts";
import { isAssumable } from "../assume.ts";
import { nodesAround } from "./shell-nodes.ts";
import { code, plain, type Topic } from "./topic.ts";

/** Of a variable's uses, how many are looked at for whether it matters. */
const MOST_TRIED = 100;

/**
 * The variable that is read at an offset, or the one that is assigned there, with what it holds where it is read.
 * Undefined where it has nothing to do with the firewall.
 */
export function variableNear({ source, syntax }: LoadedFile, offset: number): VariableUse | undefined {
  if (syntax.dialect !== "shell") return undefined;
  const { conversion, file } = syntax;
  const { path } = source;
  const use = variableAt(conversion, path, offset);
  if (use) return concernsFirewall(conversion, path, offset) ? use : undefined;
  const assignment = assignmentAt(file, offset);
  if (!assignment) return undefined;
  const uses = conversion.variables.filter(
    ({ name, file: where }) => name === assignment.name && where === path,
  );
  if (!uses.slice(0, MOST_TRIED).some(({ span }) => concernsFirewall(conversion, path, span.start)))
    return undefined;
  const { start } = file.span(assignment);
  return {
    file: path,
    name: assignment.name,
    span: { start, end: start + assignment.name.length },
    values: [...new Set(uses.flatMap(({ values }) => values))],
    unknown: [...new Set(uses.flatMap(({ unknown }) => unknown))],
  };
}

/** `NAME` of `NAME=value`, `export NAME=value` and the like. */
function assignmentAt(file: ShellFile, offset: number): Assignment | undefined {
  const [node] = nodesAround(file, offset);
  if (node?.type !== "Command") return undefined;
  return [...node.prefix, ...node.args].find((part): part is Assignment => {
    if (part.type !== "Assignment") return false;
    const { start } = file.span(part);
    return contains({ start, end: start + part.name.length }, offset);
  });
}

/** In a firewall command, or in a loop's head or a function's call that leads to one. */
export function concernsFirewall(conversion: ShellConversion, path: string, offset: number): boolean {
  const isAt = (file: string, { start, end }: { readonly start: number; readonly end: number }) =>
    file === path && start <= offset && offset <= end;
  return (
    conversion.calls.some(
      ({ file, statement, frames }) =>
        isAt(file, statement) || frames.some((frame) => isAt(frame.file, frame.at)),
    ) ||
    conversion.operations.some(
      ({ origin }) =>
        isAt(origin.file, origin.statement) || origin.frames.some((frame) => isAt(frame.file, frame.at)),
    )
  );
}

const MOST_VALUES = 10;
const MOST_REASONS = 3;

/** Its values, or why it has none that is known, and then how to say what it is. */
export function variableTopic(use: VariableUse): Topic {
  const name = code(`$${use.name}`);
  const values = use.values.slice(0, MOST_VALUES).map(code);
  if (use.values.length > MOST_VALUES) values.push("…");
  const parts: string[] = [];
  if (values.length === 1) parts.push(`**${name}** is ${values[0]}.`);
  if (values.length > 1) parts.push(`**${name}** is, one after the other: ${values.join(", ")}.`);
  if (use.unknown.length > 0) {
    const reasons = use.unknown.slice(0, MOST_REASONS).map(plain).join("; ");
    const also = values.length > 0 ? "At times it is" : `**${name}** is`;
    parts.push(`${also} **not known**: it is ${reasons}. What depends on it counts as unknown.`);
    if (isAssumable(use)) {
      parts.push(`Add ${code(`# ftp-firewall: assume ${use.name}=value`)} to say what it is.`);
    }
  }
  return { span: use.span, text: parts.join(" ") };
}
