import type { RuleChange } from "../checks/check.ts";
import type { LoadedFile } from "../convert/host.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { TextChange } from "./rule-changes.ts";
import { fileOf } from "./writer.ts";

export const NO_TEXT = "the rule is not written in one of these files";

/** Fewer ports than this are no range that is too wide. */
const WIDE = 10_000;

export function narrowing(
  { rule, span, to }: RuleChange & { kind: "narrow" },
  files: readonly LoadedFile[],
  range: IntervalSet<number>,
): TextChange[] | string {
  const { file, statement } = rule.origin;
  const loaded = fileOf(files, file);
  if (!loaded) return NO_TEXT;
  const from = statement.start + span.start;
  const slice = loaded.source.text.slice(from, statement.start + span.end);
  for (const found of slice.matchAll(/(?<![\w.$])(\d{1,5})(\s*[-:]\s*)(\d{1,5})?(?![\w.])/g)) {
    const [whole, low, separator, high = "65535"] = found as unknown as [string, string, string, string?];
    if (Number(high) - Number(low) < WIDE) continue;
    const start = from + found.index;
    if (to === "range") {
      const [first, last] = [range.min!, range.end! - 1];
      // nft and multiport refuse a range of one port.
      const text = first === last ? String(first) : `${first}${separator}${last}`;
      return [{ file, start, end: start + whole.length, text }];
    }
    return elementRemoval(file, loaded.source.text, start, start + whole.length);
  }
  return "the range is not written there as first and last port: change it by hand";
}

export function withoutPort(
  { rule, span, port }: RuleChange & { kind: "without-port" },
  files: readonly LoadedFile[],
): TextChange[] | string {
  const { file, statement } = rule.origin;
  const loaded = fileOf(files, file);
  if (!loaded) return NO_TEXT;
  const { text } = loaded.source;
  const from = statement.start + span.start;
  const slice = text.slice(from, statement.start + span.end);
  const number = /(?<![\w.$:-])(\d{1,5})(?:(\s*[-:]\s*)(\d{1,5}))?(?![\w.])/g;
  for (const found of slice.matchAll(number)) {
    const [whole, low, separator, high = low] = found as unknown as [string, string, string?, string?];
    const [start, end] = [from + found.index, from + found.index + whole.length];
    const [first, last] = [Number(low), Number(high)];
    if (first === port && last === port) return elementRemoval(file, text, start, end);
    if (first !== port && last !== port) continue;
    const [least, most] = first === port ? [first + 1, last] : [first, last - 1];
    return [{ file, start, end, text: least === most ? String(least) : `${least}${separator}${most}` }];
  }
  return `port ${port} is not written there as a number: change it by hand`;
}

/** An element of a list goes with one of the commas beside it; of a set with one element the element stays. */
function elementRemoval(file: string, text: string, start: number, end: number): TextChange[] | string {
  const set = /\{\s*(?:[\w:.$-]+\s*,\s*)?$/.exec(text.slice(0, start));
  const rest = /^\s*(?:,\s*[\w:.$-]+\s*)?\}/.exec(text.slice(end));
  if (set && rest) {
    const [from, to] = [start - set[0].length, end + rest[0].length];
    const others = text
      .slice(from + 1, start)
      .concat(text.slice(end, to - 1))
      .split(",");
    const left = others.map((one) => one.trim()).filter((one) => one !== "");
    if (left.length === 1) return [{ file, start: from, end: to, text: left[0]! }];
  }
  const after = /^\s*,\s*/.exec(text.slice(end));
  if (after) return [{ file, start, end: end + after[0].length, text: "" }];
  const before = /\s*,\s*$/.exec(text.slice(0, start));
  return before
    ? [{ file, start: start - before[0].length, end, text: "" }]
    : "the rule names no other ports besides";
}
