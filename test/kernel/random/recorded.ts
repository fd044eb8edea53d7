import { readdirSync, readFileSync } from "node:fs";
import type { RulesetKind } from "../rig/ruleset-loader.ts";
import { type Outcome, sessionNames } from "../rig/sessions.ts";
import { type Place, places } from "../rig/topology.ts";
import type { RandomHost } from "./generate.ts";
import type { Outcomes } from "./trial.ts";

/**
 * A ruleset with what the kernel did, in one file that reads as text: a head line, then each file below a line
 * `--- KIND`. Found by the random search; every contradiction that was ever found is one of these.
 */
export interface Recorded extends RandomHost {
  readonly name: string;
  readonly kernel: Outcomes;
  /** A part of the reason where the files do not say what the kernel here did: the simulator may say `unknown`. */
  readonly unknown?: string;
}

const folder = new URL("found/", import.meta.url);

export const foundFolder: URL = folder;

export function writeRecorded({ on, files, kernel }: Omit<Recorded, "name">): string {
  const outcomes = sessionNames.map((name) => `${name}=${kernel[name]}`).join(" ");
  const parts = files.map(({ kind, text }) => `--- ${kind}\n${text.trim()}\n`);
  return `# on the ${on}; kernel: ${outcomes}\n${parts.join("")}`;
}

export function readRecorded(name: string, text: string): Recorded {
  const [head, ...parts] = text.split(/^--- /m);
  const on = /^# on the (\w+);/.exec(head!)?.[1] as Place | undefined;
  const kernel = Object.fromEntries(
    [...head!.matchAll(/(\w+)=([\w-]+)/g)].map(([, session, outcome]) => [session, outcome as Outcome]),
  ) as unknown as Outcomes;
  if (
    on === undefined ||
    !places.includes(on) ||
    sessionNames.some((session) => kernel[session] === undefined)
  ) {
    throw new Error(`${name} does not begin with "# on the HOST; kernel: active4=… …"`);
  }
  const files = parts.map((part) => {
    const end = part.indexOf("\n");
    return { kind: part.slice(0, end).trim() as RulesetKind, text: part.slice(end + 1) };
  });
  const unknown = /^# unknown: (.*)$/m.exec(head!)?.[1];
  return { name: name.replace(/\.txt$/, ""), on, files, kernel, unknown };
}

/** All rulesets of the folder `found/`. */
export function recordedRulesets(): Recorded[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .sort()
    .map((name) => readRecorded(name, readFileSync(new URL(name, folder), "utf8")));
}
