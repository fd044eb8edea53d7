import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { differences, differencesFrom, explain, type Shown, shownBy } from "./compare.ts";
import { foundScripts } from "./random/found.ts";
import { scriptOf } from "./random/generate.ts";
import { minimised, tryMany } from "./random/trial.ts";
import { recordedShown, textOf, writeRecorded } from "./recorded.ts";
import { whatIsMissing } from "./rig/requirements.ts";
import { ShellRig } from "./rig/rig.ts";
import { ownScripts } from "./scripts.ts";

/** Scripts that are run at the same time; each spends much of its time waiting for its namespaces. */
const LANES = 4;

/** What every run generates; `npm run test:shell:random` tries as many others as one likes. */
const SEED = 1;
const COUNT = 1000;

/** Failing random scripts that are made small and shown. */
const MOST_SHOWN = 5;

const missing = whatIsMissing();
if (missing !== undefined) console.error(`\n*** THE SHELL WAS NOT ASKED: ${missing}\n`);
const skip = missing !== undefined && !process.env.CI ? missing : false;

let rig: ShellRig;
before(() => {
  assert.equal(missing, undefined, `in CI the shell has to be asked; ${missing}`);
  rig = new ShellRig();
});
after(() => rig.close());

test("scripts as administrators write them do what is concluded from their text", {
  concurrency: LANES,
  skip,
}, async (t) => {
  const scripts = ownScripts();
  const seen = new Map<string, Shown>();
  let agreeing = 0;
  await Promise.all(
    scripts.map(({ expected, ...script }) =>
      t.test(script.name, async () => {
        const reality = await rig.run(script);
        assert.notEqual(reality.status, "timeout", "the real shell did not come to an end");
        const shown = shownBy(reality);
        seen.set(script.name, shown);
        const problems = differencesFrom(shown, script, expected);
        if (problems.length === 0) agreeing++;
        else assert.fail(`\n${problems.join("\n")}\n${await explain(rig, script)}\n`);
      }),
    ),
  );
  if (process.env.RECORD === "1") writeRecorded(seen);
  const recorded = recordedShown();
  for (const [name, shown] of seen) {
    const before = recorded.get(name);
    assert.equal(before && textOf(before), textOf(shown), `${name}: RECORD=1 npm run test:shell`);
  }
  t.diagnostic(
    `figure: ${agreeing} of ${scripts.length} scripts of our own do in the real shell exactly what is concluded`,
  );
});

test("what was once concluded wrongly of random scripts", { concurrency: LANES, skip }, async (t) => {
  await Promise.all(
    foundScripts().map((script) =>
      t.test(script.name, async () => {
        const problems = await differences(rig, script);
        if (problems.length > 0) assert.fail(`\n${problems.join("\n")}\n${await explain(rig, script)}\n`);
      }),
    ),
  );
});

test("scripts that nobody chose do what is concluded from their text", { skip }, async (t) => {
  const shown: string[] = [];
  let failures = 0;
  await tryMany(rig, SEED, COUNT, LANES, async (failure) => {
    if (failures++ >= MOST_SHOWN) return;
    const small = scriptOf(await minimised(rig, failure));
    shown.push(
      `script ${failure.number}, made small:\n${small.text}${(await differences(rig, small)).join("\n")}`,
    );
  });
  t.diagnostic(
    `figure: ${COUNT - failures} of ${COUNT} random scripts (seed ${SEED}) do exactly what is concluded`,
  );
  assert.equal(failures, 0, `\n${failures} of seed ${SEED} do not; the first ones:\n${shown.join("\n\n")}\n`);
});
