import { awk } from "./awk-filter.ts";
import {
  done,
  type FilterCall,
  type Filtered,
  type FilterMaker,
  isOption,
  linesOf,
  printed,
  withValues,
} from "./filter-call.ts";
import { regularExpression, search } from "./regular-expression.ts";
import { sed } from "./sed-filter.ts";
import { sort } from "./sort-filter.ts";

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
