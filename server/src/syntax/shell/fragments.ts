import { type ArithmeticExpression, parse, type Word } from "unbash";

/** Longer texts are not read. */
const LONGEST = 10_000;

/** Reads a text as arithmetic, which `let`, indices and the values of variables are; undefined: it is none. */
export function parseArithmetic(text: string): ArithmeticExpression | undefined {
  if (text.includes("\n")) return undefined;
  const command = onlyCommand(`((${text}))`);
  return command?.type === "ArithmeticCommand" ? command.expression : undefined;
}

/** Reads a text as one word; undefined: it is none, or several. Positions are of the text with a colon and a blank before it. */
export function parseWord(text: string): Word | undefined {
  const command = onlyCommand(`: ${text}`);
  if (command?.type !== "Command" || command.suffix.length !== 1) return undefined;
  const [word] = command.suffix;
  return word?.type === "Word" && word.text === text ? word : undefined;
}

function onlyCommand(text: string) {
  if (text.length > LONGEST) return undefined;
  try {
    const { commands, errors } = parse(text);
    return errors === undefined && commands.length === 1 ? commands[0]?.command : undefined;
  } catch {
    // Nested too deeply.
    return undefined;
  }
}
