import { regularExpression, search } from "./regular-expression.ts";

/** What a program that only looks at its input prints, and whether it succeeds. */
export interface Filtered {
  readonly text: string;
  readonly succeeds: boolean;
}

/** A program with its options set: what it makes of its input; undefined when that is not followed. */
type Filter = (text: string) => Filtered | undefined;

/** Its options and operands by name; `files` are names of files that it reads in place of its input. */
export interface FilterCall {
  readonly filter: Filter;
  readonly files: readonly string[];
}

type FilterMaker = (args: readonly string[]) => FilterCall | undefined;

/** Programs that print what they read, changed, and know nothing of the machine. */
export const FILTERS: ReadonlyMap<string, FilterMaker> = new Map<string, FilterMaker>([
  ["tr", tr],
  ["cut", cut],
  ["head", head],
  ["tail", tail],
  ["sort", sort],
  ["uniq", uniq],
  ["wc", wc],
  ["rev", byLines((line) => [...line].reverse().join(""))],
  ["tac", (args) => (args.some(isOption) ? undefined : { files: args, filter: tac })],
  ["grep", (args) => grep(args, false, false)],
  ["egrep", (args) => grep(args, true, false)],
  ["fgrep", (args) => grep(args, false, true)],
  ["sed", sed],
  ["awk", awk],
  ["xargs", (args) => (args.length === 0 ? { files: [], filter: joined } : undefined)],
]);

function isOption(text: string): boolean {
  return /^-./.test(text);
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function printed(lines: readonly string[]): Filtered {
  return { text: lines.map((line) => `${line}\n`).join(""), succeeds: true };
}

function byLines(change: (line: string) => string): FilterMaker {
  return (args) =>
    args.some(isOption) ? undefined : { files: args, filter: (text) => printed(linesOf(text).map(change)) };
}

function tac(text: string): Filtered {
  return printed(linesOf(text).reverse());
}

/** `xargs` without arguments is `echo` of all words. */
function joined(text: string): Filtered | undefined {
  return /["'\\]/.test(text)
    ? undefined
    : { text: `${text.trim().split(/\s+/).join(" ")}\n`, succeeds: true };
}

const TR_CLASSES: Readonly<Record<string, string>> = {
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  lower: "abcdefghijklmnopqrstuvwxyz",
  digit: "0123456789",
  space: " \t\n\v\f\r",
  blank: " \t",
};

function tr(args: readonly string[]): FilterCall | undefined {
  const options = args.filter((text) => /^-[ds]+$/.test(text)).join("");
  const sets = args.filter((text) => !/^-[ds]+$/.test(text));
  const [from, to] = sets.map(characterSet);
  if (args.some((text) => /^-[^ds]/.test(text) && text.length === 2) || from === undefined) return undefined;
  if (options.includes("d"))
    return options.includes("s") || sets.length !== 1
      ? undefined
      : { files: [], filter: (text) => done([...text].filter((one) => !from.includes(one)).join("")) };
  if (sets.length === 2 && to === undefined) return undefined;
  const squeezed = to ?? from;
  return {
    files: [],
    filter: (text) => {
      const changed = to === undefined ? [...text] : [...text].map((one) => mapped(one, from, to));
      const kept = options.includes("s")
        ? changed.filter((one, index) => one !== changed[index - 1] || !squeezed.includes(one))
        : changed;
      return done(kept.join(""));
    },
  };
}

function done(text: string): Filtered {
  return { text, succeeds: true };
}

function mapped(character: string, from: readonly string[], to: readonly string[]): string {
  const at = from.lastIndexOf(character);
  return at < 0 ? character : (to[Math.min(at, to.length - 1)] ?? character);
}

const TR_ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\" };

function characterSet(text: string): string[] | undefined {
  const members: string[] = [];
  for (let at = 0; at < text.length; at++) {
    const named = /^\[:(\w+):\]/.exec(text.slice(at));
    if (named) {
      const set = TR_CLASSES[named[1]!];
      if (set === undefined) return undefined;
      members.push(...set);
      at += named[0].length - 1;
      continue;
    }
    let character = text.charAt(at);
    if (character === "\\") character = TR_ESCAPES[text.charAt(++at)] ?? text.charAt(at);
    const last = text.charAt(at + 1) === "-" && at + 2 < text.length ? text.charAt(at + 2) : undefined;
    if (last === undefined) members.push(character);
    else {
      for (let code = character.charCodeAt(0); code <= last.charCodeAt(0); code++)
        members.push(String.fromCharCode(code));
      at += 2;
    }
  }
  return members;
}

/** `-d, -f1`, `-d , --fields=2-`, `-c1-3` */
function cut(args: readonly string[]): FilterCall | undefined {
  const { values, operands } = withValues(args, "dfcb", { delimiter: "d", fields: "f", characters: "c" });
  const list = values.get("f") ?? values.get("c") ?? values.get("b");
  const isChosen = list === undefined ? undefined : choice(list);
  if (isChosen === undefined || operands === undefined) return undefined;
  const delimiter = values.get("d") ?? "\t";
  const change = (line: string): string => {
    if (!values.has("f")) return [...line].filter((_, index) => isChosen(index + 1)).join("");
    const fields = line.split(delimiter);
    return fields.length === 1 ? line : fields.filter((_, index) => isChosen(index + 1)).join(delimiter);
  };
  return { files: operands, filter: (text) => printed(linesOf(text).map(change)) };
}

function choice(list: string): ((number: number) => boolean) | undefined {
  const ranges = list.split(",").map((part) => /^(\d*)(-?)(\d*)$/.exec(part));
  if (ranges.some((range) => range === null)) return undefined;
  return (number) =>
    ranges.some((range) => {
      const [, first, dash, last] = range!;
      const low = Number(first || 1);
      const high = dash === "" ? low : Number(last || Number.POSITIVE_INFINITY);
      return low <= number && number <= high;
    });
}

/** Options with values, short (`-d,` or `-d ,`) or long (`--delimiter=,`); operands undefined: another option is there. */
function withValues(
  args: readonly string[],
  letters: string,
  long: Readonly<Record<string, string>>,
): { values: Map<string, string>; operands: string[] | undefined } {
  const values = new Map<string, string>();
  const operands: string[] = [];
  let strange = false;
  for (let at = 0; at < args.length; at++) {
    const text = args[at]!;
    const [, name, value] = /^--([\w-]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined) {
      if (long[name] === undefined) strange = true;
      else values.set(long[name], value ?? "");
    } else if (/^-[a-zA-Z]/.test(text)) {
      if (!letters.includes(text.charAt(1))) strange = true;
      else values.set(text.charAt(1), text.length > 2 ? text.slice(2) : (args[++at] ?? ""));
    } else operands.push(text);
  }
  return { values, operands: strange ? undefined : operands };
}

function head(args: readonly string[]): FilterCall | undefined {
  return counted(args, (lines, count) =>
    count.startsWith("-") ? lines.slice(0, Number(count)) : lines.slice(0, Number(count)),
  );
}

function tail(args: readonly string[]): FilterCall | undefined {
  return counted(args, (lines, count) => {
    if (count.startsWith("+")) return lines.slice(Math.max(0, Number(count) - 1));
    const number = Math.abs(Number(count));
    return number === 0 ? [] : lines.slice(-number);
  });
}

/** `-n 3`, `-n3`, `-3` */
function counted(
  args: readonly string[],
  take: (lines: readonly string[], count: string) => readonly string[],
): FilterCall | undefined {
  const plain = args.map((text) => (/^-\d+$/.test(text) ? `-n${text.slice(1)}` : text));
  const { values, operands } = withValues(plain, "n", { lines: "n" });
  const count = values.get("n") ?? "10";
  if (operands === undefined || !/^[-+]?\d+$/.test(count)) return undefined;
  return { files: operands, filter: (text) => printed(take(linesOf(text), count)) };
}

/** Words are compared by their bytes only where every locale would order them so. */
function sort(args: readonly string[]): FilterCall | undefined {
  const options = args.filter(isOption).join("");
  if (!/^(?:-[nur]*)*$/.test(options)) return undefined;
  const numeric = options.includes("n");
  return {
    files: args.filter((text) => !isOption(text)),
    filter: (text) => {
      const lines = linesOf(text);
      if (!lines.every((line) => (numeric ? /^\s*-?\d+\s*$/ : /^(?:[a-z]+|[0-9]+)$/).test(line)))
        return undefined;
      const order = (a: string, b: string) => (numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0);
      const sorted = [...lines].sort(order);
      if (options.includes("r")) sorted.reverse();
      return printed(
        options.includes("u")
          ? sorted.filter((line, i) => i === 0 || order(line, sorted[i - 1]!) !== 0)
          : sorted,
      );
    },
  };
}

function uniq(args: readonly string[]): FilterCall | undefined {
  if (args.some(isOption)) return undefined;
  return {
    files: args,
    filter: (text) =>
      printed(linesOf(text).filter((line, index, lines) => index === 0 || line !== lines[index - 1])),
  };
}

function wc(args: readonly string[]): FilterCall | undefined {
  const [option, ...files] = args;
  const count =
    option === "-l"
      ? (text: string) => text.split("\n").length - 1
      : option === "-w"
        ? (text: string) => text.split(/\s+/).filter((word) => word !== "").length
        : undefined;
  if (count === undefined || files.length > 0) return undefined;
  return { files, filter: (text) => done(`${count(text)}\n`) };
}

function grep(args: readonly string[], extended: boolean, fixed: boolean): FilterCall | undefined {
  const end = args.indexOf("--");
  const given = end < 0 ? args : args.slice(0, end);
  const options = given.filter((text) => /^-[a-zA-Z]+$/.test(text) && text !== "-e").join("");
  const operands = given.filter((text) => !/^-[a-zA-Z]+$/.test(text) || text === "-e");
  if (end >= 0) operands.push(...args.slice(end + 1));
  if (/[^-vEFiqoxwsc]/.test(options) || (end < 0 && operands.some((text) => text.startsWith("--"))))
    return undefined;
  const [pattern, ...files] = operands.filter((text) => text !== "-e");
  if (pattern === undefined || operands.filter((text) => text === "-e").length > 1) return undefined;
  const isFixed = fixed || options.includes("F");
  const source = isFixed ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") : pattern;
  const base = isFixed
    ? safely(source, options)
    : regularExpression(source, extended || options.includes("E"), options.includes("i") ? "i" : "");
  if (base === undefined) return undefined;
  const around = options.includes("x")
    ? ["^(?:", ")$"]
    : options.includes("w")
      ? ["(?<!\\w)(?:", ")(?!\\w)"]
      : ["", ""];
  const expression = new RegExp(`${around[0]}${base.source}${around[1]}`, base.flags);
  return { files, filter: (text) => found(expression, text, options) };
}

function safely(source: string, options: string): RegExp {
  return new RegExp(source, options.includes("i") ? "i" : "");
}

function found(expression: RegExp, input: string, options: string): Filtered | undefined {
  const lines: string[] = [];
  for (const line of linesOf(input)) {
    const match = search(expression, line);
    if (match === undefined) return undefined;
    if ((match !== null) === options.includes("v")) continue;
    if (options.includes("o"))
      lines.push(...[...line.matchAll(new RegExp(expression, "gs"))].map(([one]) => one));
    else lines.push(line);
  }
  const text = options.includes("c") ? `${lines.length}\n` : printed(lines).text;
  return { text: options.includes("q") ? "" : text, succeeds: lines.length > 0 };
}

/** `s/…/…/g` and `/…/d`, one after the other; anything else is not followed. */
function sed(args: readonly string[]): FilterCall | undefined {
  const extended = args.some((text) => text === "-E" || text === "-r");
  const rest = args.filter((text) => text !== "-E" && text !== "-r");
  const scripts: string[] = [];
  const files: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    if (rest[at] === "-e") scripts.push(rest[++at] ?? "");
    else if (isOption(rest[at]!)) return undefined;
    else files.push(rest[at]!);
  }
  if (scripts.length === 0) scripts.push(files.shift() ?? "");
  const steps = scripts
    .flatMap((script) => script.split(/;\s*(?=s|\/)/))
    .map((script) => sedStep(script.trim(), extended));
  if (steps.some((step) => step === undefined)) return undefined;
  return {
    files,
    filter: (text) => {
      let lines: string[] | undefined = linesOf(text);
      for (const step of steps) lines = lines && step!(lines);
      return lines && printed(lines);
    },
  };
}

function sedStep(
  script: string,
  extended: boolean,
): ((lines: readonly string[]) => string[] | undefined) | undefined {
  const [, deleted] = /^\/((?:[^/\\]|\\.)*)\/d$/.exec(script) ?? [];
  if (deleted !== undefined) {
    const expression = regularExpression(deleted, extended);
    return expression && ((lines) => lines.filter((line) => search(expression, line) === null));
  }
  const delimiter = /^s([^\w\s\\])/.exec(script)?.[1];
  if (delimiter === undefined) return undefined;
  const [from, to, flags, ...more] = splitAt(script.slice(2), delimiter);
  if (from === undefined || to === undefined || more.length > 0 || !/^g?$/.test(flags ?? "x"))
    return undefined;
  const expression = regularExpression(from, extended, flags);
  if (expression === undefined || /[&\\]/.test(to)) return undefined;
  return (lines) => {
    if (lines.some((line) => search(new RegExp(expression, "s"), line) === undefined)) return undefined;
    return lines.map((line) => line.replace(expression, () => to));
  };
}

function splitAt(text: string, delimiter: string): string[] {
  const parts = [""];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\" && text.charAt(at + 1) === delimiter) parts[parts.length - 1] += text.charAt(++at);
    else if (character === delimiter) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** `{print $1}` with `-F`, alone or behind a pattern; anything else is not followed. */
function awk(args: readonly string[]): FilterCall | undefined {
  const { values, operands } = withValues(args, "F", {});
  const [program, ...files] = operands ?? [];
  const [, condition, printedFields] =
    /^\s*(?:\/((?:[^/\\]|\\.)*)\/)?\s*\{\s*print\s+([^{}]*?);?\s*\}\s*$/.exec(program ?? "") ?? [];
  const separator = values.get("F");
  if (printedFields === undefined || (separator !== undefined && !/^[^\\[\]*+?.^$(){}|]$/.test(separator)))
    return undefined;
  const columns = printedFields.split(/\s*,\s*/).map((column) => /^\$(\d+|NF)$/.exec(column)?.[1]);
  const expression = condition === undefined ? undefined : regularExpression(condition, true);
  if (columns.some((column) => column === undefined) || (condition !== undefined && expression === undefined))
    return undefined;
  return {
    files,
    filter: (text) => {
      const lines = linesOf(text).filter((line) => expression === undefined || search(expression, line));
      return printed(lines.map((line) => columns.map((column) => field(line, separator, column!)).join(" ")));
    },
  };
}

function field(line: string, separator: string | undefined, column: string): string {
  if (column === "0") return line;
  const fields =
    separator === undefined || separator === " " ? line.trim().split(/\s+/) : line.split(separator);
  return fields[column === "NF" ? fields.length - 1 : Number(column) - 1] ?? "";
}
