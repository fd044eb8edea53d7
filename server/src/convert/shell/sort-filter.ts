import { type FilterCall, isOption, linesOf, printed } from "./filter-call.ts";

/** `sort`, `sort -u`, `-n`, `-r`: what every locale would order in the same way. */
export function sort(args: readonly string[]): FilterCall | undefined {
  const options = args.filter(isOption).join("");
  if (!/^(?:-[nur]*)*$/.test(options)) return undefined;
  const numeric = options.includes("n");
  return {
    files: args.filter((text) => !isOption(text)),
    filter: (text) => {
      const lines = linesOf(text);
      const sorted = numeric ? sortedNumbers(lines) : sortedEverywhere(lines);
      if (sorted === undefined) return undefined;
      if (options.includes("r")) sorted.reverse();
      const isSame = (a: string, b: string | undefined) => (numeric ? Number(a) === Number(b) : a === b);
      const isNew = (line: string, index: number) => index === 0 || !isSame(line, sorted[index - 1]);
      return printed(options.includes("u") ? sorted.filter(isNew) : sorted);
    },
  };
}

function sortedNumbers(lines: readonly string[]): string[] | undefined {
  if (!lines.every((line) => /^\s*-?\d+\s*$/.test(line))) return undefined;
  return [...lines].sort((a, b) => Number(a) - Number(b));
}

/** What locales compare by: the bytes, the letters whatever their case, and that without punctuation. */
const KEYS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.toLowerCase(),
  (line) => line.toLowerCase().replace(/[^a-z0-9]/g, ""),
];

/** Sorted lines of plain characters; undefined where locales may differ in their order. */
function sortedEverywhere(lines: readonly string[]): string[] | undefined {
  if (!lines.every((line) => /^[\x20-\x7e]*$/.test(line))) return undefined;
  const different = [...new Set(lines)];
  const [first, ...others] = KEYS.map((key) => sortedBy(different, key));
  if (first === undefined || others.some((order) => order?.join("\n") !== first.join("\n"))) return undefined;
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return first.flatMap((line) => Array.from({ length: counts.get(line) ?? 0 }, () => line));
}

/** undefined: two lines cannot be told apart by their keys. */
function sortedBy(lines: readonly string[], key: (line: string) => string): string[] | undefined {
  const keyed = lines.map((line) => [key(line), line] as const);
  if (new Set(keyed.map(([one]) => one)).size < lines.length) return undefined;
  return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}
