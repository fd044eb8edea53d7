import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { differences, explain } from "./compare.ts";
import { whatIsMissing } from "./rig/requirements.ts";
import { ShellRig } from "./rig/rig.ts";
import { ownScripts } from "./scripts.ts";

/** Scripts that are run at the same time. */
const LANES = 2;

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
  let agreeing = 0;
  await Promise.all(
    scripts.map(({ expected, ...script }) =>
      t.test(script.name, async () => {
        const problems = await differences(rig, script, expected);
        if (problems.length === 0) agreeing++;
        else assert.fail(`\n${problems.join("\n")}\n${await explain(rig, script)}\n`);
      }),
    ),
  );
  t.diagnostic(
    `figure: ${agreeing} of ${scripts.length} scripts of our own do in the real shell exactly what is concluded`,
  );
});
