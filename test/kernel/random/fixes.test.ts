import assert from "node:assert/strict";
import { after } from "node:test";
import type { Strategy } from "../cases.ts";
import { whatIsMissing } from "../rig/requirements.ts";
import type { Rig } from "../rig/rig.ts";
import { sessionNames } from "../rig/sessions.ts";
import { askKernel } from "../suite.ts";
import { FixFigures } from "./fix-figures.ts";
import { rulesetsToFix } from "./fix-rulesets.ts";
import { describeWrong, type FixTrial, measureIn, tryFixes } from "./fix-trial.ts";
import type { RandomHost } from "./generate.ts";
import { type RecordedFix, recordedFixes } from "./recorded-fixes.ts";

/** What every run repairs anew; `npm run test:kernel:random-fixes` repairs as many as one likes. */
const seed = 7;
const count = 20;
const natCount = 8;

interface Asked extends RandomHost {
  readonly title: string;
  readonly strategies: readonly Strategy[];
  readonly recorded?: RecordedFix;
}

const found = recordedFixes().map(
  (recorded): Asked => ({
    ...recorded,
    title: `found: ${recorded.name}, fixed with ${recorded.strategy}`,
    strategies: [recorded.strategy],
    recorded,
  }),
);

const random = [false, true].flatMap((nat) =>
  rulesetsToFix(seed, { nat, count: nat ? natCount : count }).map(
    ({ host, number }): Asked => ({
      ...host,
      title: `random${nat ? " with NAT" : ""}: seed ${seed}, ruleset ${number}`,
      strategies: ["helper", "ports"],
    }),
  ),
);

const figures: Readonly<Record<Strategy, FixFigures>> = { helper: new FixFigures(), ports: new FixFigures() };

askKernel(
  "what the fixes make of rulesets that nobody chose",
  [...found, ...random],
  ({ title }) => title,
  judge,
  () => `figure: random rulesets fixed: ${figures.helper.sums("helper")}; ${figures.ports.sums("ports")}`,
);

async function judge(rig: Rig, one: Asked): Promise<string[]> {
  const tries = one.recorded?.stillWrong === undefined ? undefined : 2;
  const trials = await tryFixes(one, one.strategies, measureIn(rig, one), tries);
  if (typeof trials === "string") return one.recorded ? [`the real tools refuse it: ${trials}`] : [];
  return [...trials].flatMap(([strategy, trial]) => {
    if (one.recorded) return differences(one.recorded, trial);
    figures[strategy].add(trial, one.title);
    return trial.wrong.map((wrong) => `fixed with ${strategy}: ${describeWrong(wrong)}\n${show(trial)}`);
  });
}

/** A fault that is known has to be there still: once it is mended, its line is taken out of the file. */
function differences({ stillWrong, kernel }: RecordedFix, trial: FixTrial): string[] {
  const unlike = sessionNames
    .filter((name) => trial.before[name] !== kernel[name])
    .map((name) => `${name} is recorded as ${kernel[name]}, and is ${trial.before[name]}`);
  const unknown = trial.wrong.filter(({ kind }) => kind !== stillWrong).map(describeWrong);
  const mended = stillWrong !== undefined && !trial.wrong.some(({ kind }) => kind === stillWrong);
  return [
    ...unlike,
    ...unknown,
    ...(mended ? [`"${stillWrong}" is no longer wrong: remove the line that says so`] : []),
  ];
}

function show({ files }: FixTrial): string {
  return files.map(({ kind, text }) => `--- ${kind}\n${text}`).join("");
}

after(() => {
  if (whatIsMissing() !== undefined) return;
  assert.ok(figures.helper.repairedShare > 0.5, "the helper repairs most of what is blocked");
  assert.ok(figures.ports.repairedShare > 0.1, "open ports repair what they can");
});
