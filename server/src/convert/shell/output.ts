import type {
  Command,
  CommandExpansionPart,
  CommandNode,
  PipelineNode,
  Statement,
} from "../../syntax/shell/shell-file.ts";
import { numberRange } from "./braces.ts";
import type { Interpreter } from "./interpreter.ts";
import { excerpt, type Field, known, unknown, type Value } from "./value.ts";

/** Names of programs, as `which` and `command -v` are asked for. */
const PROGRAM_NAME = /^[\w./+-]+$/;
const LONGEST_PRINTED = 100_000;

/** What `$(…)` prints, for the few commands whose output does not depend on the machine. */
export function substitutionOutput(interpreter: Interpreter, part: CommandExpansionPart): Value {
  const nothing = unknown(`the output of ${excerpt(part.text)}`);
  const { script } = part;
  if (script === undefined) return nothing;
  if (/tables|nft|IPT/i.test(part.text) && script.source === undefined)
    interpreter.subshell(() => interpreter.runStatements(script.commands));
  const [only] = script.commands;
  if (only === undefined || script.commands.length !== 1) return nothing;
  const command = firstCommand(only.command);
  const printed = command && printedBy(interpreter, command, command !== only.command);
  return printed === undefined ? nothing : known(printed.replace(/\n+$/, ""));
}

/** The command of `which iptables`, also in `which iptables | head -1` and `which iptables || echo …`. */
function firstCommand(node: Statement["command"] | PipelineNode | CommandNode): Command | undefined {
  let current = node;
  for (;;) {
    if (current.type === "Command") return current;
    if (current.type !== "AndOr" && current.type !== "Pipeline") return undefined;
    const first = current.commands[0];
    if (first === undefined) return undefined;
    current = first;
  }
}

function printedBy(interpreter: Interpreter, command: Command, first: boolean): string | undefined {
  const words = command.args.filter((word) => word.type === "Word");
  const name = command.name?.parts === undefined ? command.name?.value : undefined;
  if (name === undefined || words.length !== command.args.length) return undefined;
  const base = name.slice(name.lastIndexOf("/") + 1);
  if (!/^(?:which|command|type|id|whoami|echo|printf|seq)$/.test(base)) return undefined;
  if (interpreter.state.function(name) !== undefined) return undefined;
  const fields = interpreter.expander.fieldsOf(words);
  if (fields.some((field) => field.unknown !== undefined)) return undefined;
  const texts = fields.map((field) => field.text);
  if (base === "which" || base === "command" || base === "type") return located(base, texts);
  if (first) return undefined;
  switch (base) {
    case "id":
      return texts.join(" ") === "-u" || texts.join(" ") === "-ru" ? "0" : undefined;
    case "whoami":
      return "root";
    case "echo":
      return echoed(fields);
    case "seq":
      return sequence(texts);
    default:
      return undefined;
  }
}

/** The path does not matter, only which program it is. */
function located(base: string, texts: readonly string[]): string | undefined {
  const option = base === "which" ? /^-a?$/ : base === "command" ? /^-[vp]$/ : /^-[pP]$/;
  const names = texts.filter((text) => !option.test(text));
  const asked = base === "which" || names.length < texts.length;
  const [name] = names;
  return asked && names.length === 1 && name !== undefined && PROGRAM_NAME.test(name) ? name : undefined;
}

function echoed(fields: readonly Field[]): string | undefined {
  const texts = fields.map((field) => field.text);
  while (texts[0] === "-n") texts.shift();
  const text = texts.join(" ");
  return /^-|\\/.test(text) || text.length > LONGEST_PRINTED ? undefined : text;
}

function sequence(texts: readonly string[]): string | undefined {
  if (texts.length < 1 || texts.length > 3 || !texts.every((text) => /^-?\d{1,9}$/.test(text)))
    return undefined;
  const numbers = texts.map(Number);
  const first = numbers.length > 1 ? numbers[0]! : 1;
  const step = numbers.length > 2 ? numbers[1]! : 1;
  const last = numbers[numbers.length - 1]!;
  return numberRange(first, last, step)?.join("\n");
}
