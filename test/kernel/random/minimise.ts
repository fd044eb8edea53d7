import type { RulesetFile } from "../rig/ruleset-loader.ts";
import type { RandomHost } from "./generate.ts";

/** Whether a smaller ruleset still shows what is looked for. */
export type StillShows = (host: RandomHost) => Promise<boolean>;

/**
 * The smallest ruleset that still shows it: takes away files, blocks, lines and words, and turns policies into accept,
 * for as long as something can be taken. Candidates are tried `lanes` at a time.
 */
export async function minimise(host: RandomHost, stillShows: StillShows, lanes: number): Promise<RandomHost> {
  let current = host;
  for (const candidatesOf of [
    withoutFiles,
    withoutBlocks,
    withoutLines,
    withoutWords,
    withoutLines,
    withoutBlocks,
  ]) {
    current = await exhaust(current, candidatesOf, stillShows, lanes);
  }
  return current;
}

type CandidatesOf = (host: RandomHost) => RandomHost[];

async function exhaust(
  host: RandomHost,
  candidatesOf: CandidatesOf,
  stillShows: StillShows,
  lanes: number,
): Promise<RandomHost> {
  let current = host;
  let at = 0;
  for (;;) {
    // After a success the list is made anew and gone on with at the same place.
    const candidates = candidatesOf(current);
    if (at >= candidates.length) return current;
    const batch = candidates.slice(at, at + lanes);
    const shown = await Promise.all(batch.map(stillShows));
    const first = shown.indexOf(true);
    if (first >= 0) {
      current = batch[first]!;
      at += first;
    } else at += batch.length;
  }
}

function withFile(host: RandomHost, index: number, text: string): RandomHost {
  return { ...host, files: host.files.map((file, i) => (i === index ? { ...file, text } : file)) };
}

function withoutFiles(host: RandomHost): RandomHost[] {
  if (host.files.length < 2) return [];
  return host.files.map((_, index) => ({ ...host, files: host.files.filter((_, i) => i !== index) }));
}

/** Tables, chains and sets of nft; tables of iptables, and its chains with all their rules. */
function withoutBlocks(host: RandomHost): RandomHost[] {
  return host.files.flatMap((file, index) =>
    blocksOf(file).map((lines) => withFile(host, index, without(file.text, lines))),
  );
}

function blocksOf(file: RulesetFile): Set<number>[] {
  const lines = file.text.split("\n");
  return file.kind === "nft" ? nftBlocks(lines) : saveBlocks(lines);
}

function nftBlocks(lines: readonly string[]): Set<number>[] {
  const blocks: Set<number>[] = [];
  const open: number[] = [];
  for (const [i, line] of lines.entries()) {
    if (/\{\s*$/.test(line)) open.push(i);
    else if (/^\s*\}\s*$/.test(line)) {
      const start = open.pop();
      if (start !== undefined) blocks.push(rangeOf(start, i));
    }
  }
  return blocks.sort((a, b) => b.size - a.size);
}

function saveBlocks(lines: readonly string[]): Set<number>[] {
  const blocks: Set<number>[] = [];
  let start = 0;
  for (const [i, line] of lines.entries()) {
    if (line.startsWith("*")) start = i;
    if (line.startsWith("COMMIT")) blocks.push(rangeOf(start, i));
    const chain = /^:(\S+) -/.exec(line)?.[1];
    if (chain === undefined) continue;
    const named = new RegExp(` ${chain}( |$)`);
    blocks.push(new Set(lines.flatMap((other, at) => (at === i || named.test(other) ? [at] : []))));
  }
  return blocks.sort((a, b) => b.size - a.size);
}

function rangeOf(from: number, to: number): Set<number> {
  return new Set(Array.from({ length: to - from + 1 }, (_, i) => from + i));
}

function without(text: string, gone: ReadonlySet<number>): string {
  return text
    .split("\n")
    .filter((_, i) => !gone.has(i))
    .join("\n");
}

/** Single rules; and every `drop` policy made `accept`. */
function withoutLines(host: RandomHost): RandomHost[] {
  return host.files.flatMap((file, index) => {
    const lines = file.text.split("\n");
    return lines.flatMap((line, i) => {
      if (isRule(file, line)) return [withFile(host, index, without(file.text, new Set([i])))];
      const open = line.replace("policy drop", "policy accept").replace(/^(:\w+) DROP/, "$1 ACCEPT");
      return open === line ? [] : [withFile(host, index, lines.with(i, open).join("\n"))];
    });
  });
}

function isRule(file: RulesetFile, line: string): boolean {
  if (file.kind !== "nft") return line.startsWith("-A");
  return /^(\s+|(add|insert) rule )\S/.test(line) && !/[{]\s*$|^\s*\}\s*$|^\s*type |elements =/.test(line);
}

const LONGEST_RUN = 6;

/** Words of rules, the longest runs first. */
function withoutWords(host: RandomHost): RandomHost[] {
  return host.files.flatMap((file, index) => {
    const lines = file.text.split("\n");
    return lines.flatMap((line, i) => {
      if (!isRule(file, line)) return [];
      const indent = /^\s*/.exec(line)![0];
      const words = line.trim().split(" ");
      const shorter: string[] = [];
      for (let length = Math.min(LONGEST_RUN, words.length - 1); length > 0; length--) {
        for (let from = file.kind === "nft" ? 0 : 2; from + length <= words.length; from++) {
          shorter.push([...words.slice(0, from), ...words.slice(from + length)].join(" "));
        }
      }
      return shorter.map((text) => withFile(host, index, lines.with(i, indent + text).join("\n")));
    });
  });
}
