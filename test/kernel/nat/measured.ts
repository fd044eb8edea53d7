import { readFileSync, writeFileSync } from "node:fs";
import { bySession, type Outcome, type Outcomes, sessionNames } from "../rig/sessions.ts";
import type { Trial } from "./trial.ts";

// What the kernel did with each trial, in a file that the test writes itself: `RECORD=1` in its environment. A line has
// the outcomes of the four sessions and the trial's name without the kind, which stands above.

const file = new URL("measured.txt", import.meta.url);
const isOutcome = (word: string): word is Outcome => ["works", "blocked", "no-control"].includes(word);

/** By the trials' names. */
export function readMeasured(): ReadonlyMap<string, Outcomes> {
  const measured = new Map<string, Outcomes>();
  let kind = "";
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    if (line.startsWith("# ")) {
      kind = line.slice(2);
      continue;
    }
    const words = line.split(/ +/);
    const outcomes = words.slice(0, sessionNames.length);
    if (!outcomes.every(isOutcome)) throw new Error(`no line with four outcomes: ${line}`);
    const name = `${kind}, ${words.slice(sessionNames.length).join(" ")}`;
    measured.set(
      name,
      bySession((session) => outcomes[sessionNames.indexOf(session)] as Outcome),
    );
  }
  return measured;
}

export function writeMeasured(trials: readonly Trial[], measured: ReadonlyMap<string, Outcomes>): void {
  const lines: string[] = [];
  let kind = "";
  for (const trial of trials) {
    const outcomes = measured.get(trial.name);
    if (outcomes === undefined) continue;
    if (trial.kind !== kind) lines.push(`# ${trial.kind}`);
    kind = trial.kind;
    const columns = sessionNames.map((name) => outcomes[name].padEnd(10)).join(" ");
    lines.push(`${columns}  ${trial.name.slice(kind.length + 2)}`);
  }
  writeFileSync(file, `${lines.join("\n")}\n`);
}
