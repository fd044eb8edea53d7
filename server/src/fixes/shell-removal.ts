import type { Command, PipelineNode, ShellFile, Statement } from "../syntax/shell/shell-file.ts";
import type { Placed } from "../text/origin.ts";
import { lineEnd, ownLines } from "./lines.ts";

const ALONE_IN_BLOCK = "it is the only command of its block, which would be left empty";
const IN_LONGER_COMMAND = "it is part of a longer command";

/** Parts of the tree that a statement can stand in. */
type Node = Statement["command"] | PipelineNode;

/** A list of statements in the order of the text, and whether the shell accepts it empty. */
interface StatementList {
  readonly statements: readonly Statement[];
  readonly mayBeEmpty: boolean;
}

/**
 * What has to go of a script for a command to be gone: the statement that is there for its sake. A text: why it
 * cannot be taken out. Undefined: no command stands just there.
 */
export function commandRemoval(file: ShellFile, { start, end }: Placed): Placed | string | undefined {
  const isIt = (command: Command) => {
    const span = file.span(command);
    return span.start === start && span.end === end;
  };
  const found = findStatement({ statements: file.statements, mayBeEmpty: true }, isIt);
  if (!found) return undefined;
  const { list, index } = found;
  const statement = list.statements[index]!;
  if (!isForTheSakeOf(statement.command, isIt)) return IN_LONGER_COMMAND;
  if (list.statements.length === 1 && !list.mayBeEmpty) return ALONE_IN_BLOCK;
  return stretchOf(file, list.statements, index);
}

/** The innermost statement with the command. */
function findStatement(
  list: StatementList,
  isIt: (command: Command) => boolean,
): { readonly list: StatementList; readonly index: number } | undefined {
  for (const [index, { command }] of list.statements.entries()) {
    for (const inner of listsIn(command)) {
      const found = findStatement(inner, isIt);
      if (found) return found;
    }
    if (commandsOf(command).some(isIt)) return { list, index };
  }
  return undefined;
}

/** The simple commands of a statement that are in none of its blocks. */
function commandsOf(node: Node): Command[] {
  switch (node.type) {
    case "Command":
      return [node];
    case "AndOr":
    case "Pipeline":
      return node.commands.flatMap(commandsOf);
    case "Redirected":
      return commandsOf(node.command);
    default:
      return [];
  }
}

function listsIn(node: Node): StatementList[] {
  const block = ({ commands }: { readonly commands: readonly Statement[] }): StatementList => ({
    statements: commands,
    mayBeEmpty: false,
  });
  switch (node.type) {
    case "AndOr":
    case "Pipeline":
      return node.commands.flatMap(listsIn);
    case "Redirected":
      return listsIn(node.command);
    case "If":
      return [
        ...[node, ...node.elif].flatMap((arm) => [block(arm.clause), block(arm.then)]),
        ...(node.else ? [block(node.else)] : []),
      ];
    case "Case":
      return node.items.map(({ body }) => ({ statements: body.commands, mayBeEmpty: true }));
    case "While":
      return [block(node.clause), block(node.body)];
    case "For":
    case "ArithmeticFor":
    case "Select":
    case "BraceGroup":
    case "Subshell":
      return [block(node.body)];
    case "Function":
      return node.body.type === "CompoundList" ? [block(node.body)] : listsIn(node.body);
    default:
      return [];
  }
}

/** Commands that only ask, or say how it went. */
const BESIDE = new Set(["[", "test", "true", ":", "echo", "logger"]);

/** Whether the other commands of a statement are of no use without one: `[ -e FILE ] && … || true`, `echo 1 | tee …`. */
function isForTheSakeOf(node: Node, isIt: (command: Command) => boolean): boolean {
  switch (node.type) {
    case "Command":
      return isIt(node) || isBeside(node);
    case "TestCommand":
      return true;
    case "AndOr":
    case "Pipeline":
      return node.commands.every((one) => isForTheSakeOf(one, isIt));
    case "Redirected":
      return isForTheSakeOf(node.command, isIt);
    default:
      return false;
  }
}

function isBeside({ name, redirects }: Command): boolean {
  const writes = redirects.some((one) => one.type === "Redirect" && one.target?.text !== "/dev/null");
  return BESIDE.has(name?.value ?? "") && !writes;
}

/** The statement with its lines; on a line with others with what separates it from the next one, or the last. */
function stretchOf(file: ShellFile, statements: readonly Statement[], index: number): Placed | string {
  const { text } = file;
  const statement = statements[index]!;
  // A here document's text stands behind the statement.
  if (commandsOf(statement.command).some(readsHereDocument)) return IN_LONGER_COMMAND;
  const { start, end } = file.span(statement);
  const lines = ownLines(text, start, end);
  if (lines) return lines;
  const isOneLine = (from: number, to: number) => !/[\r\n]/.test(text.slice(from, to));
  const next = statements[index + 1];
  if (next && isOneLine(end, file.span(next).start)) return { start, end: file.span(next).start };
  const before = statements[index - 1];
  const isLast = /^[ \t]*(?:#.*)?$/.test(text.slice(end, lineEnd(text, end)));
  return before && isLast && isOneLine(file.span(before).end, start)
    ? { start: file.span(before).end, end }
    : IN_LONGER_COMMAND;
}

function readsHereDocument({ redirects }: Command): boolean {
  return redirects.some(({ type }) => type === "HereDoc");
}
