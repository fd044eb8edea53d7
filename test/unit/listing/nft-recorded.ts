import { readFileSync } from "node:fs";
import { join } from "node:path";

/*
 * What the real nft printed, recorded: test/shell/nft-listing.test.ts sees that it still does, nft-listing.test.ts that
 * the listing says the same.
 */

const FOLDER = import.meta.dirname;

export interface RecordedRule {
  readonly family: string;
  readonly type: string;
  readonly hook: string;
  readonly rule: string;
  /** Without the indentation of a chain. */
  readonly printed: string;
}

/** The rules of nft-rules.txt, and what their tables have besides ("FAM" stands for the family). */
export function recordedRules(): {
  readonly setup: readonly string[];
  readonly rules: readonly RecordedRule[];
} {
  const [head = "", ...blocks] = readFileSync(join(FOLDER, "nft-rules.txt"), "utf8").trimEnd().split("\n\n");
  const setup = head.split("\n").flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
  const rules = blocks.map((block) => {
    const [first = "", ...lines] = block.split("\n");
    const bar = first.indexOf(" | ");
    const [family = "", type = "", ...hook] = first.slice(0, bar).split(" ");
    const printed = lines.map((line) => line.slice(2)).join("\n");
    return { family, type, hook: hook.join(" "), rule: first.slice(bar + 3), printed };
  });
  return { setup, rules };
}

export interface RecordedLoad {
  readonly name: string;
  /** Each for an nft of its own. */
  readonly commands: readonly string[];
  readonly printed: string;
}

/** The scripts and files of nft-loads.txt. */
export function recordedLoads(): readonly RecordedLoad[] {
  const [, ...blocks] = readFileSync(join(FOLDER, "nft-loads.txt"), "utf8").split(/^### /m);
  return blocks.map((block) => {
    const [above = "", printed = ""] = block.split("\n---\n");
    const [name = "", ...lines] = above.split("\n");
    const commands = name.endsWith("(file)") ? [lines.join("\n")] : lines;
    return { name, commands, printed: printed.trimEnd() };
  });
}

/** The text that makes a table with one chain and one rule. */
export function tableOf({ family, type, hook, rule }: RecordedRule, setup: readonly string[]): string {
  return [
    `add table ${family} t`,
    ...setup.map((line) => line.replaceAll("FAM", family)),
    `add chain ${family} t c { type ${type} hook ${hook} priority 0; }`,
    `add rule ${family} t c ${rule}`,
  ].join("\n");
}

/** What a listing has in the chain `c` behind its first line, without the indentation. */
export function rulesOf(listing: string): string {
  const lines = listing.slice(listing.indexOf("\tchain c {")).split("\n").slice(2);
  return lines
    .slice(0, lines.indexOf("\t}"))
    .map((line) => line.slice(2))
    .join("\n");
}
