import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Random } from "../random/seeded.ts";
import { whatIsMissing } from "../rig/requirements.ts";
import { Figures } from "./figures.ts";
import { generateSplitting } from "./generate.ts";
import { LabPool } from "./lab.ts";
import { describe } from "./report.ts";
import { compare } from "./trial.ts";

/** What every run asks anew; `npm run test:kernel:exact` asks for as many as one likes. */
const seed = 20;
const count = 40;
/** Rulesets that are tried at the same time; each spends most of its time waiting for timeouts. */
const lanes = 3;

const missing = whatIsMissing();
const skip = missing !== undefined && !process.env.CI ? missing : false;
const pool = new LabPool();

test("exactly those clients and ports pass that the simulator says", {
  concurrency: lanes,
  skip,
}, async (t) => {
  assert.equal(missing, undefined, `in CI the kernel has to be asked; ${missing}`);
  const figures = new Figures();
  await Promise.all(
    Array.from({ length: count }, (_, number) =>
      t.test(`seed ${seed}, ruleset ${number}`, async () => {
        const host = generateSplitting(seed, number);
        const comparison = await pool.use((lab) => compare(lab, host, new Random(seed, number)));
        figures.add(comparison);
        if (comparison.differing.length > 0) assert.fail(describe(host, comparison.differing));
      }),
    ),
  );
  t.diagnostic(`figure: clients and ports: ${figures.text()}`);
  assert.ok(figures.errors < figures.points / 100, "too many sessions could not be tried");
  assert.ok(figures.doubtful < figures.points / 5, "the simulator commits itself too seldom");
  assert.ok(figures.splitByPort > count / 4, "hardly a ruleset tells ports apart");
  assert.ok(figures.splitByClient > count / 4, "hardly a ruleset tells clients apart");
});

after(() => pool.close());
