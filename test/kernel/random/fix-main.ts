// npm run test:kernel:random-fixes -- --seed N --count M
// Random rulesets that name the control port, repaired: what the kernel makes of them before and after.
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Strategy } from "../cases.ts";
import { usualInterfaces } from "../host.ts";
import { inLanes, wholeNumber } from "../many.ts";
import { whatIsMissing } from "../rig/requirements.ts";
import { RigPool } from "../rig-pool.ts";
import { FixFigures } from "./fix-figures.ts";
import { namesControlPort, rulesetsToFix } from "./fix-rulesets.ts";
import { describeWrong, type FixTrial, measureIn, tryFixes } from "./fix-trial.ts";
import type { RandomHost } from "./generate.ts";
import { minimise } from "./minimise.ts";
import { fixesFolder, writeRecordedFix } from "./recorded-fixes.ts";

const usage = `npm run test:kernel:random-fixes -- [--seed N] [--count M] [options]
  --seed N         which rulesets (default 1)
  --count M        how many that name the control port (default 150)
  --fix STRATEGY   helper, ports or both (default both)
  --only I         just ruleset I of the seed, printed in full before and after
  --nat            rulesets that translate addresses, mostly for gateways
  --lanes L        rulesets tried at the same time (default 8)
  --keep           do not minimise or save what is wrong`;

const { values: options } = readOptions();

function readOptions() {
  try {
    return parseArgs({
      options: {
        seed: { type: "string", default: "1" },
        count: { type: "string", default: "150" },
        fix: { type: "string", default: "both" },
        only: { type: "string" },
        nat: { type: "boolean", default: false },
        lanes: { type: "string", default: "8" },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  console.error(`test:kernel:random-fixes: ${why}\n\n${usage}`);
  process.exit(2);
}

const pool = new RigPool();
const seed = wholeNumber("seed", options.seed, 0, refuse);
const count = wholeNumber("count", options.count, 1, refuse);
const lanes = wholeNumber("lanes", options.lanes, 1, refuse);
if (!["helper", "ports", "both"].includes(options.fix)) refuse("--fix is helper, ports or both");
const strategies: readonly Strategy[] = (["helper", "ports"] as const).filter(
  (strategy) => options.fix === "both" || options.fix === strategy,
);
const figures = new Map(strategies.map((strategy) => [strategy, new FixFigures()]));
let refused = 0;

function tried(host: RandomHost, wanted = strategies, tries?: number): ReturnType<typeof tryFixes> {
  return pool.use(host.interfaces ?? usualInterfaces, (rig) =>
    tryFixes(host, wanted, measureIn(rig, host), tries),
  );
}

async function tryOne(host: RandomHost, number: number): Promise<void> {
  let trials: Awaited<ReturnType<typeof tried>>;
  try {
    trials = await tried(host);
  } catch (error) {
    throw new Error(`ruleset ${number}: ${(error as Error).stack}`);
  }
  if (typeof trials === "string") {
    refused++;
    return;
  }
  for (const [strategy, trial] of trials) {
    figures.get(strategy)!.add(trial, String(number));
    if (options.only !== undefined) show(`fixed with ${strategy}`, trial.files);
    if (trial.wrong.length > 0) await report(host, strategy, trial, number);
  }
}

/** Says what is wrong, makes the ruleset small and keeps it. */
async function report(host: RandomHost, strategy: Strategy, trial: FixTrial, number: number): Promise<void> {
  const [first] = trial.wrong;
  console.log(`\nWRONG: seed ${seed}, ruleset ${number}, on the ${host.on}, fixed with ${strategy}`);
  for (const one of trial.wrong) console.log(`  ${describeWrong(one)}`);
  if (options.keep) return;
  const small = await minimise(host, async (candidate) => shows(candidate, strategy, first!.kind), 2);
  const last = await tried(small, [strategy]);
  const after = typeof last === "string" ? undefined : last.get(strategy);
  if (after === undefined) return;
  const text = writeRecordedFix({ ...small, kernel: after.before, strategy, stillWrong: first!.kind });
  mkdirSync(fixesFolder, { recursive: true });
  const name = `${options.nat ? "nat" : "seed"}-${seed}-${number}-${strategy}.txt`;
  writeFileSync(new URL(name, fixesFolder), text);
  console.log(`ruleset ${number}, minimised:\n${text}`);
  for (const one of after.wrong) console.log(`  ${describeWrong(one)}`);
  show(`fixed with ${strategy}`, after.files);
}

async function shows(candidate: RandomHost, strategy: Strategy, kind: string): Promise<boolean> {
  if (!namesControlPort(candidate)) return false;
  const trials = await tried(candidate, [strategy], 2);
  if (typeof trials === "string") return false;
  return trials.get(strategy)!.wrong.some((one) => one.kind === kind);
}

function show(title: string, files: RandomHost["files"]): void {
  console.log(`${title}:`);
  for (const { kind, text } of files) console.log(`--- ${kind}\n${text}`);
}

async function main(): Promise<void> {
  if (options.help) {
    console.log(usage);
    return;
  }
  const missing = whatIsMissing();
  if (missing !== undefined) throw new Error(`the kernel cannot be asked: ${missing}`);
  const only = options.only === undefined ? undefined : wholeNumber("only", options.only, 0, refuse);
  const all = rulesetsToFix(seed, { nat: options.nat, count: only === undefined ? count : 1, from: only });
  if (only !== undefined) show("as it came", all[0]!.host.files);
  await inLanes([...all.keys()], lanes, (index) => tryOne(all[index]!.host, all[index]!.number));
  for (const [strategy, sums] of figures) console.log(sums.summary(strategy));
  console.log(`seed ${seed}${options.nat ? " with NAT" : ""}: ${refused} rulesets refused by the real tools`);
  process.exitCode = [...figures.values()].some(({ wrong }) => wrong > 0) ? 1 : 0;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // The other lanes may be waiting for a rig that is gone.
  pool.close();
  process.exit(2);
}
pool.close();
