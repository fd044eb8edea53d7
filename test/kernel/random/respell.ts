import type { Random } from "./seeded.ts";

/** Says the same in another way: rules added by commands behind their table, variables in place of addresses. */
export function respellNft(random: Random, text: string): string {
  let respelled = text;
  if (random.chance(0.15)) respelled = withVariable(random, respelled);
  if (random.chance(0.2)) respelled = withCommand(random, respelled);
  return respelled;
}

const ADDRESS = /(saddr|daddr) (10\.\d+\.\d+\.\d+(?:\/\d+)?|fd0[12]::[\d/]*)(?= )/g;

function withVariable(random: Random, text: string): string {
  const found = [...text.matchAll(ADDRESS)];
  if (found.length === 0) return text;
  const address = random.pick(found)[2]!;
  const used = text.replaceAll(ADDRESS, (all, end: string, one: string) =>
    one === address ? `${end} $somebody` : all,
  );
  return `define somebody = ${address}\n\n${used}`;
}

/** The last rule of a chain as `add rule` behind everything, or its first as `insert rule`. */
function withCommand(random: Random, text: string): string {
  const lines = text.split("\n");
  const ends = lines.flatMap((line, i) =>
    line === "  }" && /^ {4}(?!type|elements)\S/.test(lines[i - 1] ?? "") ? [i] : [],
  );
  const end = ends.length === 0 ? undefined : random.pick(ends);
  if (end === undefined) return text;
  let start = end;
  while (start > 0 && !lines[start]!.startsWith("  chain ")) start--;
  const chain = /^ {2}chain (\S+) \{/.exec(lines[start]!)?.[1];
  let head = start;
  while (head > 0 && !lines[head]!.startsWith("table ")) head--;
  const table = /^table (\S+ \S+) /.exec(lines[head]!)?.[1];
  if (chain === undefined || table === undefined) return text;
  const isBase = lines[start + 1]!.trim().startsWith("type ");
  const first = start + (isBase ? 2 : 1);
  const inserts = random.chance(0.4);
  const at = inserts ? first : end - 1;
  if (at < first) return text;
  const rule = lines[at]!.trim();
  const rest = [...lines.slice(0, at), ...lines.slice(at + 1)].join("\n");
  return `${rest.trimEnd()}\n\n${inserts ? "insert" : "add"} rule ${table} ${chain} ${rule}\n`;
}

/** A chain's first rule, inserted at the end of the table instead. */
export function respellSave(random: Random, text: string): string {
  if (!random.chance(0.2)) return text;
  const lines = text.split("\n");
  const rules = lines.flatMap((line, i) => (line.startsWith("-A ") ? [i] : []));
  if (rules.length === 0) return text;
  const chosen = random.pick(rules);
  const chain = lines[chosen]!.split(" ")[1]!;
  const table = lines.lastIndexOf(
    lines.slice(0, chosen).findLast((line) => line.startsWith("*")) ?? "",
    chosen,
  );
  const before = lines.slice(table, chosen).filter((line) => line.startsWith(`-A ${chain} `)).length;
  const commit = lines.indexOf("COMMIT", chosen);
  const inserted = lines[chosen]!.replace(
    `-A ${chain}`,
    `-I ${chain} ${before === 0 && random.chance(0.5) ? "" : before + 1}`.trimEnd(),
  );
  return [
    ...lines.slice(0, chosen),
    ...lines.slice(chosen + 1, commit),
    inserted,
    ...lines.slice(commit),
  ].join("\n");
}
