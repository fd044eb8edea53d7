// npm run test:kernel:exact -- --seed N --count M
// Random rulesets, and for each hundreds of sessions from several clients to many ports: what the kernel lets through,
// and what the simulator says of each.
import { parseArgs } from "node:util";
import { inLanes, wholeNumber } from "../many.ts";
import { Random } from "../random/seeded.ts";
import { whatIsMissing } from "../rig/requirements.ts";
import { Figures } from "./figures.ts";
import { generateSplitting } from "./generate.ts";
import { LabPool } from "./lab.ts";
import { describe } from "./report.ts";
import { compare, differs } from "./trial.ts";

const usage = `npm run test:kernel:exact -- [--seed N] [--count M] [options]
  --seed N         which rulesets (default 1)
  --count M        how many (default 300)
  --only I         just ruleset I of the seed, printed in full
  --lanes L        rulesets tried at the same time (default 3)`;

const { values: options } = readOptions();

function readOptions() {
  try {
    return parseArgs({
      options: {
        seed: { type: "string", default: "1" },
        count: { type: "string", default: "300" },
        only: { type: "string" },
        lanes: { type: "string", default: "3" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  console.error(`test:kernel:exact: ${why}\n\n${usage}`);
  process.exit(2);
}

function numberOf(option: "seed" | "count" | "lanes" | "only", least: number): number {
  return wholeNumber(option, options[option], least, refuse);
}

const seed = numberOf("seed", 0);
const count = numberOf("count", 1);
const lanes = numberOf("lanes", 1);
const figures = new Figures();
const pool = new LabPool();

async function tryOne(number: number): Promise<void> {
  const host = generateSplitting(seed, number);
  const comparison = await pool.use((lab) => compare(lab, host, new Random(seed, number)));
  figures.add(comparison);
  const together = comparison.compared.filter(differs).length;
  if (together > 0 && comparison.differing.length === 0) {
    console.log(`seed ${seed}, ruleset ${number}: ${together} sessions are only right when alone`);
  }
  if (comparison.differing.length > 0) {
    console.log(`\nDISAGREEMENT: seed ${seed}, ruleset ${number}\n${describe(host, comparison.differing)}`);
  }
}

async function main(): Promise<void> {
  if (options.help) {
    console.log(usage);
    return;
  }
  const missing = whatIsMissing();
  if (missing !== undefined) throw new Error(`the kernel cannot be asked: ${missing}`);
  if (options.only !== undefined) {
    const number = numberOf("only", 0);
    const { on, files } = generateSplitting(seed, number);
    console.log(`on the ${on}`);
    for (const { kind, text } of files) console.log(`--- ${kind}\n${text}`);
    await tryOne(number);
  } else {
    await inLanes(
      Array.from({ length: count }, (_, i) => i),
      lanes,
      tryOne,
    );
  }
  for (const [doubt, points] of figures.doubts) console.log(`${String(points).padStart(6)}  ${doubt}`);
  console.log(`seed ${seed}: ${figures.text()}`);
  process.exitCode = figures.differing > 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // The other lanes may be waiting for a lab that is gone.
  pool.close();
  process.exit(2);
}
pool.close();
