import { readFileSync, writeFileSync } from "node:fs";
import { linesOf, type Shown } from "./compare.ts";

const FILE = new URL("recorded.txt", import.meta.url);
const PARTS = ["save", "save6", "nft"] as const;

/**
 * What the real tools showed after each script, so that the interpreter is held to it where there is no kernel to ask.
 * `RECORD=1 npm run test:shell` writes it anew; without it that suite says when it is out of date.
 */
export function recordedShown(): ReadonlyMap<string, Shown> {
  const scripts = readFileSync(FILE, "utf8").split(/^=== /m).slice(1);
  return new Map(
    scripts.map((text) => {
      const [name = "", ...parts] = text.split(/^(?=--- )/m);
      const shown = Object.fromEntries(
        parts.map((part) => [/^--- (\w+)/.exec(part)?.[1], part.slice(part.indexOf("\n") + 1)]),
      );
      return [name.trim(), { save: "", save6: "", nft: "", ...shown }];
    }),
  );
}

/** Without what changes from run to run: counters, dates. */
export function textOf(shown: Shown): string {
  return PARTS.flatMap((part) => {
    const lines = linesOf(shown[part]);
    return lines.length === 0 ? [] : [`--- ${part}\n${lines.join("\n")}\n`];
  }).join("");
}

export function writeRecorded(all: ReadonlyMap<string, Shown>): void {
  const names = [...all.keys()].sort();
  writeFileSync(FILE, names.map((name) => `=== ${name}\n${textOf(all.get(name)!)}`).join(""));
}
