import type { Command } from "../../syntax/shell/shell-file.ts";
import type { Interpreter } from "./interpreter.ts";
import { commandIndex, recognise } from "./programs.ts";
import { runFields } from "./simple-command.ts";
import { runRepeatedly } from "./uncertain.ts";
import type { Field, Status } from "./value.ts";

/** How xargs makes commands of what it reads. */
interface Xargs {
  /** The command with its first arguments. */
  readonly template: readonly Field[];
  /** `-n`, `-L`: how many items or lines each command gets. */
  readonly most: number;
  readonly byLine: boolean;
  /** `-d ,`, `-0` */
  readonly delimiter?: string;
  /** `-I {}`: what stands for the item. */
  readonly place?: string;
  /** `-r`: nothing is run where nothing is read. */
  readonly skipsNothing: boolean;
}

/** `xargs -n1 iptables -A INPUT -j DROP -s`; undefined where it only prints, or is told what is not followed. */
export function runXargs(
  interpreter: Interpreter,
  command: Command,
  args: readonly Field[],
): Status | undefined {
  const xargs = readXargs(args);
  if (xargs === undefined || !runsFirewall(xargs.template)) return undefined;
  const input = inputOf(interpreter);
  if (typeof input !== "string") return unknownItems(interpreter, command, xargs, input.unknown);
  let status: Status = true;
  for (const words of commands(xargs, input, command)) {
    if (interpreter.flow !== undefined || !interpreter.step(command)) break;
    const one = runFields(interpreter, command, words);
    if (one !== true && status !== false) status = one;
  }
  return status;
}

/** All that is read, or why it is not known. */
function inputOf({ input }: Interpreter): string | { readonly unknown: string } {
  if (input === undefined) return { unknown: "what the script reads" };
  if ("unknown" in input) return input;
  const pieces = input.rest();
  const missing = pieces.find((piece) => piece.unknown !== undefined)?.unknown;
  return missing === undefined ? pieces.map(({ text }) => text).join("") : { unknown: missing };
}

function runsFirewall(template: readonly Field[]): boolean {
  const program = template[commandIndex(template)];
  return recognise(template) !== undefined || (program !== undefined && /(?:^|\/)\w*sh$/.test(program.text));
}

function unknownItems(interpreter: Interpreter, command: Command, xargs: Xargs, reason: string): Status {
  const item = { text: xargs.place ?? "", unknown: reason, start: command.end, end: command.end };
  const words = withItems(xargs, [item]);
  if (recognise(words)?.tool.kind === "ipset") return runFields(interpreter, command, words);
  runRepeatedly(interpreter, reason, () => runFields(interpreter, command, words));
  return { unknown: reason };
}

const LETTERS_WITH_VALUE = "nLPIdEsa";

function readXargs(args: readonly Field[]): Xargs | undefined {
  const values = new Map<string, string>();
  let at = 0;
  for (; at < args.length; at++) {
    const { text, unknown } = args[at]!;
    if (unknown !== undefined) return undefined;
    if (!text.startsWith("-")) break;
    const letter = LONG[text.replace(/=.*/, "")] ?? text.charAt(1);
    if (text === "-i") values.set("I", "{}");
    else if (LETTERS_WITH_VALUE.includes(letter) && text.startsWith("--"))
      values.set(letter, text.replace(/^[^=]*=/, ""));
    else if (LETTERS_WITH_VALUE.includes(letter))
      values.set(letter, text.length > 2 ? text.slice(2) : (args[++at]?.text ?? ""));
    else for (const one of text.slice(1)) values.set(one, "");
  }
  if (values.has("a") || values.has("s") || values.has("E")) return undefined;
  const place = values.get("I");
  const delimiter = values.has("0") ? "\0" : values.get("d")?.replace("\\n", "\n").replace("\\t", "\t");
  const most = Number(values.get("n") ?? values.get("L") ?? (place === undefined ? Infinity : 1));
  return {
    ...{ template: args.slice(at), most, byLine: place !== undefined || values.has("L") },
    ...(delimiter !== undefined && { delimiter }),
    ...(place !== undefined && { place }),
    skipsNothing: values.has("r") || place !== undefined,
  };
}

const LONG: Readonly<Record<string, string>> = {
  "--max-args": "n",
  "--max-lines": "L",
  "--max-procs": "P",
  "--delimiter": "d",
  "--null": "0",
  "--no-run-if-empty": "r",
  "--replace": "I",
  "--verbose": "t",
};

function* commands(xargs: Xargs, text: string, { end }: Command): Generator<readonly Field[]> {
  const groups = itemsOf(xargs, text);
  if (groups.length === 0 && !xargs.skipsNothing) groups.push([]);
  for (const group of groups)
    yield withItems(
      xargs,
      group.map((item) => ({ text: item, start: end, end })),
    );
}

/** What each command gets. */
function itemsOf({ most, byLine, delimiter, place }: Xargs, text: string): string[][] {
  if (delimiter !== undefined)
    return grouped(
      (text.endsWith(delimiter) ? text.slice(0, -delimiter.length) : text).split(delimiter),
      most,
    );
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (place !== undefined) return lines.map((line) => [line.trimStart()]);
  return byLine
    ? grouped(lines, most).map((group) => group.flatMap(wordsOf))
    : grouped(lines.flatMap(wordsOf), most);
}

function wordsOf(line: string): string[] {
  const words = line.match(/(?:[^\s"'\\]|"[^"]*"|'[^']*'|\\.)+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'|\\(.)/g, (_, a, b, c) => a ?? b ?? c));
}

function grouped<T>(items: readonly T[], size: number): T[][] {
  if (!(size >= 1) || items.length === 0) return [];
  const groups: T[][] = [];
  for (let at = 0; at < items.length; at += size) groups.push(items.slice(at, at + size));
  return groups;
}

function withItems({ template, place }: Xargs, items: readonly Field[]): Field[] {
  if (place === undefined) return [...template, ...items];
  const [item] = items;
  return template.map((field) => {
    if (item === undefined || !field.text.includes(place)) return field;
    if (item.unknown !== undefined) return { ...field, unknown: item.unknown };
    return { ...field, text: field.text.replaceAll(place, item.text) };
  });
}
