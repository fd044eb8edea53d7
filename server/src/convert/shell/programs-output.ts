import type { Command } from "../../syntax/shell/shell-file.ts";
import { numberRange } from "./braces.ts";
import { readFile } from "./files.ts";
import type { Interpreter } from "./interpreter.ts";
import { OWN_PATH } from "./parameters.ts";
import { printText, printUnknown } from "./printing.ts";
import { isFirewallProgram } from "./programs.ts";
import { standardInput } from "./standard-input.ts";
import { makeTemporary } from "./temporary-file.ts";
import { FILTERS } from "./text-filters.ts";
import { excerpt, type Field, type Status } from "./value.ts";

type Program = (
  interpreter: Interpreter,
  command: Command,
  args: readonly Field[],
  name: string,
) => Status | undefined;

/** Names of programs, as `which` and `command -v` are asked for. */
const PROGRAM_NAME = /^[\w./+-]+$/;

/** Programs that every Linux host with a firewall script has. */
const PRESENT = new Set(
  (
    "awk basename bash cat chmod cp cut date dirname echo egrep env expr false grep head hostname id ip kill ln logger ls " +
    "mkdir mktemp modprobe mv printf pwd rm sed seq sh sleep sort sysctl tail tee test touch tr true uname uniq wc whoami xargs"
  ).split(" "),
);

/** Programs whose output does not depend on the machine, where their words do not. */
const PROGRAMS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ["seq", runSeq],
  ["id", (interpreter, command, args) => prints(interpreter, command, userId(texts(args)), args)],
  ["whoami", (interpreter, command, args) => prints(interpreter, command, "root", args)],
  [
    "basename",
    (interpreter, command, args) =>
      prints(interpreter, command, ownBaseName(interpreter, args) ?? baseName(texts(args)), args, true),
  ],
  ["dirname", (interpreter, command, args) => prints(interpreter, command, folderName(args), args, true)],
  ["readlink", (interpreter, command, args) => prints(interpreter, command, ownPath(args), args, true)],
  ["realpath", (interpreter, command, args) => prints(interpreter, command, ownPath(args), args, true)],
  ["expr", runExpr],
  ["mktemp", makeTemporary],
  ["which", (interpreter, command, args, name) => located(interpreter, command, args, name)],
]);

/** Runs a program of which we know what it prints; undefined when we do not. */
export function runKnownProgram(
  interpreter: Interpreter,
  command: Command,
  name: string,
  args: readonly Field[],
): Status | undefined {
  const program = PROGRAMS.get(name);
  if (program) return program(interpreter, command, args, name);
  return FILTERS.has(name) ? runFilter(interpreter, command, name, args) : undefined;
}

function texts(args: readonly Field[]): string[] {
  return args.map((field) => field.text);
}

/** `text` undefined: what it prints is not followed. `open`: also where its words are not known. */
function prints(
  interpreter: Interpreter,
  command: Command,
  text: string | undefined,
  args: readonly Field[],
  open = false,
): Status | undefined {
  const missing =
    open && text !== undefined ? undefined : args.find((field) => field.unknown !== undefined)?.unknown;
  if (missing !== undefined) printUnknown(interpreter, command, missing);
  else if (text === undefined) return undefined;
  else printText(interpreter, command, `${text}\n`);
  return true;
}

function userId(args: readonly string[]): string | undefined {
  return args.join(" ") === "-u" || args.join(" ") === "-ru" ? "0" : undefined;
}

function ownBaseName(interpreter: Interpreter, args: readonly Field[]): string | undefined {
  const [path, ...more] = args;
  return path !== undefined && more.length === 0 && isOwnPath(path) ? interpreter.ownName() : undefined;
}

function baseName(args: readonly string[]): string | undefined {
  const [path, suffix, ...more] = args;
  if (path === undefined || path.startsWith("-") || more.length > 0) return undefined;
  const name = path.replace(/(?<=.)\/+$/, "").replace(/^.*\/(?=.)/s, "");
  return suffix !== undefined && name !== suffix && name.endsWith(suffix)
    ? name.slice(0, -suffix.length)
    : name;
}

/** A script's own name is not known, but its folder is where the script looks for what it sources. */
const OWN_NAME = /^["']?\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?(?::-\$0)?\})["']?$/;

function folderName(args: readonly Field[]): string | undefined {
  const [path, ...more] = args;
  if (path === undefined || more.length > 0) return undefined;
  if (isOwnPath(path)) return ".";
  if (path.unknown !== undefined) return undefined;
  const folder = path.text.replace(/(?<=.)\/+$/, "").replace(/[^/]*$/, "");
  return folder === "" ? "." : folder === "/" ? "/" : folder.replace(/\/+$/, "");
}

export function isOwnPath({ text, unknown }: Field): boolean {
  if (unknown === undefined) return text === SCRIPT;
  return OWN_NAME.test(text) || unknown.startsWith(OWN_PATH);
}

/** Stands for the script's own path, however it was found. */
const SCRIPT = "./(this script)";

/** `readlink -f "$0"` */
function ownPath(args: readonly Field[]): string | undefined {
  const operands = args.filter(({ text }) => !/^-[a-z]*$/.test(text));
  return operands.length === 1 && isOwnPath(operands[0]!) ? SCRIPT : undefined;
}

function runSeq(interpreter: Interpreter, command: Command, args: readonly Field[]): Status | undefined {
  const text = sequence(texts(args));
  if (text !== TOO_LONG) return prints(interpreter, command, text, args);
  printUnknown(
    interpreter,
    command,
    `a list that is too long to follow (${excerpt(["seq", ...texts(args)].join(" "))})`,
  );
  return true;
}

const TOO_LONG = Symbol("too long");

function sequence(all: readonly string[]): string | typeof TOO_LONG | undefined {
  const pads = all.includes("-w");
  const plain = all.flatMap((text) => (/^-s./s.test(text) ? ["-s", text.slice(2)] : [text]));
  const at = plain.indexOf("-s");
  const separator = at >= 0 ? plain[at + 1] : "\n";
  const args = plain.filter((text, index) => text !== "-w" && index !== at && (at < 0 || index !== at + 1));
  if (args.length < 1 || args.length > 3 || !args.every((text) => /^-?\d{1,15}$/.test(text)))
    return undefined;
  const numbers = args.map(Number);
  const first = numbers.length > 1 ? numbers[0]! : 1;
  const step = numbers.length > 2 ? numbers[1]! : 1;
  const range = numberRange(first, numbers[numbers.length - 1]!, step);
  if (range === undefined && step !== 0) return TOO_LONG;
  const width = pads ? Math.max(...args.map((text) => text.length)) : 0;
  return range?.map((number) => number.padStart(width, "0")).join(separator);
}

/** `expr 20 + 1`: the operators that scripts count with. */
function runExpr(interpreter: Interpreter, command: Command, args: readonly Field[]): Status | undefined {
  const missing = args.find((field) => field.unknown !== undefined)?.unknown;
  if (missing !== undefined) {
    printUnknown(interpreter, command, missing);
    return { unknown: missing };
  }
  const words = texts(args);
  const isArithmetic = words.every((word, index) => (index % 2 === 0 ? /^-?\d+$/ : /^[-+*/%]$/).test(word));
  if (!isArithmetic || words.length % 2 === 0) return undefined;
  const outcome = interpreter.expander.variables.arithmeticText(words.join(" "));
  if (!("number" in outcome)) return false;
  printText(interpreter, command, `${outcome.number}\n`);
  return outcome.number !== 0n;
}

/** `which iptables`, `command -v iptables`, `type -p iptables`: the path does not matter, only which program it is. */
export function located(
  interpreter: Interpreter,
  command: Command,
  args: readonly Field[],
  asked: string,
): Status {
  const option = asked === "which" ? /^-as?$|^-s$/ : asked === "command" ? /^-[vVp]+$/ : /^-[tpPa]+$/;
  const names = args.filter(({ text }) => !option.test(text));
  const missing = names.find((field) => field.unknown !== undefined)?.unknown;
  const [name] = names;
  if (missing !== undefined || name === undefined || !PROGRAM_NAME.test(name.text)) {
    printUnknown(interpreter, command, missing);
    return { unknown: missing ?? `the outcome of "${asked}"` };
  }
  const base = name.text.slice(name.text.lastIndexOf("/") + 1);
  const { state } = interpreter;
  if (isFirewallProgram(name.text) || PRESENT.has(base) || state.function(name.text)) {
    const isFunction = state.function(name.text) !== undefined;
    if (asked === "type") printKind(interpreter, command, args, isFunction);
    else printText(interpreter, command, `${name.text}\n`);
    return true;
  }
  const fact = `whether ${excerpt(name.text)} is installed`;
  printUnknown(interpreter, command, fact);
  return { unknown: fact };
}

/** `type -t NAME` prints `function` or `file`; of what is both built in and a program nothing is said. */
function printKind(
  interpreter: Interpreter,
  command: Command,
  args: readonly Field[],
  isFunction: boolean,
): void {
  const [option, name] = args;
  if (option?.text === "-t" && isFunction) printText(interpreter, command, "function\n");
  else if (option?.text === "-t" && isFirewallProgram(name?.text ?? ""))
    printText(interpreter, command, "file\n");
  else if (/^-[pP]$/.test(option?.text ?? "") && !isFunction)
    printText(interpreter, command, `${name?.text ?? ""}\n`);
  else printUnknown(interpreter, command);
}

function runFilter(
  interpreter: Interpreter,
  command: Command,
  name: string,
  args: readonly Field[],
): Status | undefined {
  const missing = args.find((field) => field.unknown !== undefined)?.unknown;
  if (missing !== undefined) return notKnown(interpreter, command, missing);
  const call = FILTERS.get(name)?.(texts(args));
  const input = call && filterInput(interpreter, command, call.files);
  if (call === undefined || input === undefined) {
    // It reads what is there, whatever it makes of it.
    standardInput(interpreter);
    return undefined;
  }
  if ("unknown" in input) return notKnown(interpreter, command, input.unknown);
  const filtered = call.filter(input.text);
  if (filtered === undefined) return undefined;
  printText(interpreter, command, filtered.text);
  return filtered.succeeds;
}

function notKnown(interpreter: Interpreter, command: Command, reason: string): Status {
  printUnknown(interpreter, command, reason);
  return { unknown: reason };
}

function filterInput(
  interpreter: Interpreter,
  command: Command,
  files: readonly string[],
): { readonly text: string } | { readonly unknown: string } | undefined {
  const [file, ...more] = files.filter((name) => name !== "-");
  if (more.length > 0) return undefined;
  const { input } = interpreter;
  if (file === undefined && (input === undefined || "unknown" in input)) return input;
  const content = file === undefined ? undefined : readFile(interpreter, file, command);
  if (content && "unknown" in content) return content;
  const pieces = content?.pieces ?? (input && !("unknown" in input) ? input.rest() : []);
  const missing = pieces.find((piece) => piece.unknown !== undefined)?.unknown;
  return missing === undefined ? { text: pieces.map((piece) => piece.text).join("") } : { unknown: missing };
}
