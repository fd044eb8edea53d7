import { parseShell } from "../../syntax/shell/parse.ts";
import type { ShellWord } from "../../syntax/shell/shell-file.ts";
import type { Interpreter } from "./interpreter.ts";
import { madeUnit } from "./made-commands.ts";
import { excerpt, type Field } from "./value.ts";

/** The words that an alias puts in place of a command's name; undefined: it is none. */
export function aliasFields(interpreter: Interpreter, name: ShellWord): Field[] | undefined {
  const { state, isDash, unit } = interpreter;
  if (name.parts !== undefined || name.text !== name.value) return undefined;
  const alias = state.alias(name.text);
  if (alias === undefined || !(isDash || state.isOn("expand_aliases"))) return undefined;
  const place = { start: name.pos, end: name.end };
  if (alias.kind === "unknown") return [{ text: name.text, unknown: alias.reason, ...place }];
  const text = alias.kind === "known" ? alias.text : "";
  const file = interpreter.cache.scripts.get(text, () => parseShell(text));
  const [only] = file.statements;
  const command = only?.command;
  if (file.statements.length !== 1 || command?.type !== "Command" || command.name === undefined)
    return [{ text: name.text, unknown: `what the alias ${excerpt(name.text)} does`, ...place }];
  interpreter.unit = madeUnit(unit, file, interpreter.placed(name));
  const words = [command.name, ...command.args.filter((argument) => argument.type === "Word")];
  const fields = interpreter.expander.fieldsOf(words);
  interpreter.unit = unit;
  return fields.map((field) => ({ ...field, ...place }));
}
