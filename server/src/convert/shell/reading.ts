import type { Command } from "../../syntax/shell/shell-file.ts";
import { arrayOf } from "./array-value.ts";
import type { Interpreter } from "./interpreter.ts";
import { ALL_ARGUMENTS } from "./parameters.ts";
import { nextLine } from "./standard-input.ts";
import { FIRST_PLACEHOLDER, type Line, unknownIn } from "./streams.ts";
import { EMPTY, type Field, known, type Status, unknown, type Value } from "./value.ts";

interface ReadOptions {
  readonly raw: boolean;
  readonly delimiter: string;
  readonly array: string | undefined;
  readonly descriptor: number;
  /** `-t`, `-n`, `-u`: what is read then is not followed. */
  readonly other: boolean;
  readonly names: readonly string[];
}

/** `read [-r] [-a ARRAY] [-d X] NAME…` */
export function runRead(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  const options = readOptions(fields);
  const { expander, state } = interpreter;
  if (options.other) return readUnknown(interpreter, options, "what the script reads");
  const line = wholeLine(interpreter, options);
  if ("unknown" in line) return readUnknown(interpreter, options, line.unknown);
  const ifs = state.variable("IFS");
  const separators = ifs?.kind === "known" ? ifs.text : " \t\n";
  if (options.array !== undefined) {
    const words = separated(line.text, separators, Number.POSITIVE_INFINITY, options.raw);
    state.setVariable(options.array, arrayOf(words.map((word) => readValue(word, line))));
  } else {
    const { names } = options;
    const words =
      names.length > 0 ? separated(line.text, separators, names.length, options.raw) : [line.text];
    (names.length > 0 ? names : ["REPLY"]).forEach((name, index) => {
      expander.variables.write(name, readValue(words[index] ?? "", line));
    });
  }
  return line.ended;
}

function readUnknown(interpreter: Interpreter, options: ReadOptions, reason: string): Status {
  const names = options.array === undefined ? options.names : [options.array];
  for (const name of names.length > 0 ? names : ["REPLY"])
    interpreter.expander.variables.write(name, unknown(reason));
  return { unknown: reason };
}

const FLAGS = /^-[a-zA-Z]+/;

function readOptions(fields: readonly Field[]): ReadOptions {
  let raw = false;
  let delimiter = "\n";
  let array: string | undefined;
  let descriptor = 0;
  let other = false;
  let at = 1;
  for (; at < fields.length; at++) {
    const { text, unknown } = fields[at]!;
    if (unknown !== undefined || !FLAGS.test(text)) break;
    for (let i = 1; i < text.length; i++) {
      const flag = text.charAt(i);
      if (flag === "r") raw = true;
      else if ("es".includes(flag)) continue;
      else {
        const glued = text.slice(i + 1);
        const value = glued !== "" ? glued : (fields[++at]?.text ?? "");
        if (flag === "d") delimiter = value === "" ? "\0" : value.charAt(0);
        else if (flag === "a") array = value;
        else if (flag === "u" && /^\d+$/.test(value)) descriptor = Number(value);
        else if (flag !== "p") other = true;
        break;
      }
    }
  }
  const names = fields
    .slice(at)
    .flatMap(({ text }) => (/^[A-Za-z_]\w*(?:\[.*\])?$/.test(text) ? [text] : []));
  return { raw, delimiter, array, descriptor, other, names };
}

/** Without `-r` a backslash at the end continues the line. */
function wholeLine(
  interpreter: Interpreter,
  { raw, delimiter, descriptor }: ReadOptions,
): Line | { unknown: string } {
  let line = nextLine(interpreter, delimiter, descriptor);
  while (!raw && !("unknown" in line) && line.ended && /(?<!\\)(?:\\\\)*\\$/.test(line.text)) {
    const next = nextLine(interpreter, delimiter, descriptor);
    if ("unknown" in next) return next;
    const shifted = shiftedPlaceholders(next, line.unknowns.length);
    line = {
      text: line.text.slice(0, -1) + shifted,
      unknowns: [...line.unknowns, ...next.unknowns],
      ended: next.ended,
    };
  }
  return line;
}

function shiftedPlaceholders({ text, unknowns }: Line, by: number): string {
  if (unknowns.length === 0 || by === 0) return text;
  return [...text]
    .map((character) => {
      const index = character.charCodeAt(0) - FIRST_PLACEHOLDER;
      return index >= 0 && index < unknowns.length
        ? String.fromCharCode(FIRST_PLACEHOLDER + index + by)
        : character;
    })
    .join("");
}

function readValue(text: string, line: Line): Value {
  const reason = unknownIn(text, line.unknowns);
  if (reason !== undefined) return unknown(reason);
  return text === "" ? EMPTY : known(text);
}

/** At most `most` words; the last has all the rest. POSIX `read` and 2.6.5. */
function separated(line: string, separators: string, most: number, raw: boolean): string[] {
  const blank = [...separators].filter((character) => " \t\n".includes(character)).join("");
  const characters = unescapedCharacters(line, raw);
  const is = (set: string, index: number) => {
    const one = characters[index];
    return one !== undefined && !one.quoted && set.includes(one.text);
  };
  const words: string[] = [];
  let at = 0;
  const skip = () => {
    while (is(blank, at)) at++;
  };
  skip();
  while (at < characters.length && words.length < most - 1) {
    let word = "";
    while (at < characters.length && !is(separators, at)) word += characters[at++]!.text;
    words.push(word);
    skip();
    if (is(separators, at) && !is(blank, at)) {
      at++;
      skip();
    }
  }
  if (at < characters.length) words.push(lastWord(characters.slice(at), separators, blank));
  return words;
}

interface Character {
  readonly text: string;
  readonly quoted: boolean;
}

function unescapedCharacters(line: string, raw: boolean): Character[] {
  const characters: Character[] = [];
  for (let at = 0; at < line.length; at++) {
    const quoted = !raw && line.charAt(at) === "\\";
    if (quoted) at++;
    if (at < line.length) characters.push({ text: line.charAt(at), quoted });
  }
  return characters;
}

/** The rest of the line; a single separator that ends it is left out when no other stands in it. */
function lastWord(rest: readonly Character[], separators: string, blank: string): string {
  let end = rest.length;
  const is = (set: string, index: number) => !rest[index]!.quoted && set.includes(rest[index]!.text);
  while (end > 0 && is(blank, end - 1)) end--;
  const others = rest
    .slice(0, end)
    .filter((one, index) => !one.quoted && is(separators, index) && !is(blank, index));
  if (others.length === 1 && end > 0 && is(separators, end - 1)) {
    end--;
    while (end > 0 && is(blank, end - 1)) end--;
  }
  return rest
    .slice(0, end)
    .map(({ text }) => text)
    .join("");
}

const MOST_LINES = 50_000;

/** `mapfile [-t] ARRAY`: the lines as elements. */
export function runMapfile(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  const trims = fields.some(({ text }) => /^-[a-zA-Z]*t/.test(text));
  const others = fields.slice(1).filter(({ text }) => /^-[nOsucC]/.test(text));
  const at = fields.findIndex(({ text }) => text === "-d");
  const delimiter = at > 0 ? (fields[at + 1]?.text.charAt(0) ?? "") : "\n";
  const operands = fields.slice(1).filter((_, index) => at < 0 || index !== at);
  const name = operands.findLast(({ text }) => /^[A-Za-z_]\w*$/.test(text))?.text ?? "MAPFILE";
  const values: Value[] = [];
  while (values.length < MOST_LINES && others.length === 0) {
    const line = nextLine(interpreter, delimiter === "" ? "\0" : delimiter);
    if ("unknown" in line) return readUnknown(interpreter, arrayOnly(name), line.unknown);
    if (!line.ended && line.text === "") break;
    values.push(readValue(line.ended && !trims ? line.text + delimiter : line.text, line));
  }
  if (others.length > 0) return readUnknown(interpreter, arrayOnly(name), "what mapfile reads");
  interpreter.state.setVariable(name, arrayOf(values));
  return true;
}

function arrayOnly(array: string): ReadOptions {
  return { raw: true, delimiter: "\n", array, descriptor: 0, other: false, names: [] };
}

/** `getopts OPTSTRING NAME [ARGUMENT…]`, POSIX. */
export function runGetopts(interpreter: Interpreter, _command: Command, fields: readonly Field[]): Status {
  const { state, expander } = interpreter;
  const [, letters, name, ...given] = fields;
  if (letters === undefined || name === undefined) return false;
  const { fields: positional, open } = state.positional;
  const args = given.length > 0 ? given : positional;
  const index = expander.variables.number({ type: "Word", text: "OPTIND", value: "OPTIND", pos: 0, end: 0 });
  const missing = [letters, ...args].find((field) => field.unknown !== undefined)?.unknown;
  if (missing !== undefined || (open && given.length === 0) || typeof index === "string") {
    const reason = missing ?? ALL_ARGUMENTS;
    for (const variable of [name.text, "OPTARG", "OPTIND"]) state.setVariable(variable, unknown(reason));
    return { unknown: reason };
  }
  return nextOption(interpreter, letters.text, name.text, args, Math.max(1, index));
}

/** How far into a group of letters such as `-ab` we are. */
const WITHIN = "OPTIND within";

function nextOption(
  { state }: Interpreter,
  letters: string,
  name: string,
  args: readonly Field[],
  index: number,
): Status {
  const word = args[index - 1]?.text;
  const within = state.variable(WITHIN);
  const at = within?.kind === "known" ? Number(within.text) : 1;
  const set = (variable: string, text: string) => state.setVariable(variable, known(text));
  if (word === undefined || !/^-./.test(word) || word === "--") {
    set(name, "?");
    if (word === "--") set("OPTIND", String(index + 1));
    else set("OPTIND", String(index));
    return false;
  }
  const letter = word.charAt(at);
  const position = letter === ":" ? -1 : letters.replace(/^:/, "").indexOf(letter);
  const takesValue = letters.replace(/^:/, "").charAt(position + 1) === ":";
  set(name, position < 0 ? "?" : letter);
  state.setVariable("OPTARG", position < 0 && letters.startsWith(":") ? known(letter) : EMPTY);
  if (position >= 0 && takesValue) {
    const glued = word.slice(at + 1);
    const value = glued === "" ? args[index]?.text : glued;
    if (value === undefined) set(name, letters.startsWith(":") ? ":" : "?");
    set("OPTARG", value ?? letter);
    set("OPTIND", String(index + (glued === "" ? 2 : 1)));
    set(WITHIN, "1");
    return true;
  }
  const isLast = at + 1 >= word.length;
  set("OPTIND", String(isLast ? index + 1 : index));
  set(WITHIN, String(isLast ? 1 : at + 1));
  return true;
}
