import { readdirSync, readFileSync } from "node:fs";
import type { Strategy } from "../cases.ts";
import { type Recorded, readRecorded, writeRecorded } from "./recorded.ts";

/**
 * A ruleset that a fix went wrong with, made small: as those of `found/`, with the line `# fixed with STRATEGY` in its
 * head. While the fault is not mended its name stands behind that: `# still wrong: opened`.
 */
export interface RecordedFix extends Recorded {
  readonly strategy: Strategy;
  readonly stillWrong?: string;
}

export const fixesFolder: URL = new URL("fixes/", import.meta.url);

export function writeRecordedFix(one: Omit<RecordedFix, "name">): string {
  const [head, ...rest] = writeRecorded(one).split("\n");
  const known = one.stillWrong === undefined ? [] : [`# still wrong: ${one.stillWrong}`];
  return [head, `# fixed with ${one.strategy}`, ...known, ...rest].join("\n");
}

export function readRecordedFix(name: string, text: string): RecordedFix {
  const strategy = /^# fixed with (helper|ports)$/m.exec(text)?.[1] as Strategy | undefined;
  if (strategy === undefined) throw new Error(`${name} does not say "# fixed with helper" or "ports"`);
  const stillWrong = /^# still wrong: (.*)$/m.exec(text)?.[1];
  return { ...readRecorded(name, text), strategy, ...(stillWrong === undefined ? {} : { stillWrong }) };
}

/** All rulesets of the folder `fixes/`. */
export function recordedFixes(): RecordedFix[] {
  return readdirSync(fixesFolder)
    .filter((name) => name.endsWith(".txt"))
    .sort()
    .map((name) => readRecordedFix(name, readFileSync(new URL(name, fixesFolder), "utf8")));
}
