import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Case, cases } from "./cases.ts";
import { judge, totals } from "./comparison.ts";
import { usualInterfaces } from "./host.ts";
import { whatIsMissing } from "./rig/requirements.ts";
import { RigPool } from "./rig-pool.ts";

const missing = whatIsMissing();
const pool = new RigPool();

/** Rulesets that are tried at the same time; each spends most of its time waiting for timeouts. */
const lanes = 6;

if (missing !== undefined) {
  const loud = `THE KERNEL WAS NOT ASKED: ${missing}`;
  console.error(`\n${"!".repeat(loud.length)}\n${loud}\n${"!".repeat(loud.length)}\n`);
}

test("what the kernel does to FTP, what the simulator says of it, and what the fixes do about it", {
  concurrency: lanes,
  skip: missing !== undefined && !process.env.CI ? missing : false,
}, async (t) => {
  assert.equal(missing, undefined, `in CI the kernel has to be asked; ${missing}`);
  await Promise.all(
    cases.map((one) =>
      t.test(title(one), async () => {
        const problems = await pool.use(one.interfaces ?? usualInterfaces, (rig) => judge(rig, one));
        if (problems.length > 0) assert.fail(`\n${problems.join("\n\n")}\n`);
      }),
    ),
  );
  t.diagnostic(figures());
});

after(() => pool.close());

function figures(): string {
  const { rulesets, sessions, agreeing, fixes, passing, declined } = totals;
  return (
    `${rulesets} rulesets compared, ${sessions} sessions compared, ${agreeing} agreeing; ` +
    `${fixes} fixes tried, ${passing} passing, ${declined} declined`
  );
}

function title(one: Case): string {
  const link = one.mtu === undefined ? "" : ` over a link of MTU ${one.mtu}`;
  const which = one.example === undefined ? "" : `example ${one.example}/`;
  return `${one.on}: ${which}${one.files.join(" + ")}${link}`;
}
