// npm run test:shell:random -- --seed N --count M
// Random scripts, run by the real shells with the real tools, and what the interpreter concludes beside that.
import { parseArgs } from "node:util";
import { wholeNumber } from "../../kernel/many.ts";
import { differences, explain } from "../compare.ts";
import { whatIsMissing } from "../rig/requirements.ts";
import { ShellRig } from "../rig/rig.ts";
import { keep } from "./found.ts";
import { generate, scriptOf } from "./generate.ts";
import { type Failure, minimised, tryMany } from "./trial.ts";

const usage = `npm run test:shell:random -- [--seed N] [--count M] [options]
  --seed N    which scripts (default 1)
  --count M   how many (default 1000)
  --only I    just script I of the seed, printed in full
  --most K    stop making failing scripts small after K of them (default 20)
  --keep      keep the small ones in test/shell/found/
  --lanes L   scripts run at the same time (default 4)`;

function refuse(why: string): never {
  console.error(`test:shell:random: ${why}\n\n${usage}`);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        seed: { type: "string", default: "1" },
        count: { type: "string", default: "1000" },
        only: { type: "string" },
        most: { type: "string", default: "20" },
        lanes: { type: "string", default: "4" },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const options = readOptions();
const number = (option: "seed" | "count" | "only" | "most" | "lanes", least: number) =>
  wholeNumber(option, options[option], least, refuse);

async function main(rig: ShellRig): Promise<number> {
  const seed = number("seed", 0);
  if (options.only !== undefined) {
    const script = scriptOf(generate(seed, number("only", 0)));
    for (const [name, text] of Object.entries(script.files ?? {})) console.log(`--- ${name}\n${text}`);
    console.log(`---\n${script.text}`);
    const problems = await differences(rig, script);
    console.log(
      problems.length === 0 ? "as concluded" : `${problems.join("\n")}\n${await explain(rig, script)}`,
    );
    return problems.length;
  }
  const count = number("count", 1);
  let failures = 0;
  await tryMany(rig, seed, count, number("lanes", 1), async (failure) => {
    if (failures++ < number("most", 0)) await report(rig, seed, failure);
  });
  console.log(`seed ${seed}: ${count} scripts, ${failures} not as concluded`);
  return failures;
}

async function report(rig: ShellRig, seed: number, failure: Failure): Promise<void> {
  const script = scriptOf(await minimised(rig, failure));
  const problems = await differences(rig, script);
  const files = Object.entries(script.files ?? {}).map(([name, text]) => `--- ${name}\n${text}`);
  console.log(`\nNOT AS CONCLUDED: seed ${seed}, script ${failure.number}, made small:`);
  console.log(`${script.text}${files.join("")}${problems.join("\n")}\n${await explain(rig, script)}`);
  if (options.keep) keep(script);
}

if (options.help) console.log(usage);
else {
  const missing = whatIsMissing();
  if (missing !== undefined) refuse(`scripts cannot be run: ${missing}`);
  const rig = new ShellRig();
  try {
    process.exitCode = (await main(rig)) > 0 ? 1 : 0;
  } finally {
    rig.close();
  }
}
