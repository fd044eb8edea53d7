import assert from "node:assert/strict";
import { after, test } from "node:test";
import { totals } from "./comparison.ts";
import { usualInterfaces } from "./host.ts";
import { whatIsMissing } from "./rig/requirements.ts";
import type { Rig } from "./rig/rig.ts";
import type { GatewayInterfaces } from "./rig/topology.ts";
import { RigPool } from "./rig-pool.ts";

/** Rulesets that are tried at the same time; each spends most of its time waiting for timeouts. */
const lanes = 6;

/** Tries every ruleset in a kernel, each as a test of its own; `judge` returns everything that is wrong. */
export function askKernel<One extends { readonly interfaces?: GatewayInterfaces }>(
  question: string,
  rulesets: readonly One[],
  titleOf: (one: One) => string,
  judge: (rig: Rig, one: One) => Promise<string[]>,
  summary: () => string = figures,
): void {
  const missing = whatIsMissing();
  const pool = new RigPool();
  if (missing !== undefined) shout(`THE KERNEL WAS NOT ASKED: ${missing}`);

  const skip = missing !== undefined && !process.env.CI ? missing : false;
  test(question, { concurrency: lanes, skip }, async (t) => {
    assert.equal(missing, undefined, `in CI the kernel has to be asked; ${missing}`);
    await Promise.all(
      rulesets.map((one) =>
        t.test(titleOf(one), async () => {
          const problems = await pool.use(one.interfaces ?? usualInterfaces, (rig) => judge(rig, one));
          if (problems.length > 0) assert.fail(`\n${problems.join("\n\n")}\n`);
        }),
      ),
    );
    t.diagnostic(summary());
  });

  after(() => pool.close());
}

function shout(text: string): void {
  console.error(`\n${"!".repeat(text.length)}\n${text}\n${"!".repeat(text.length)}\n`);
}

function figures(): string {
  const { rulesets, sessions, agreeing, fixes, passing, declined, refused, findings } = totals;
  return (
    `${rulesets} rulesets compared, ${sessions} sessions compared, ${agreeing} agreeing; ` +
    `${fixes} fixes tried, ${passing} passing, ${declined} declined` +
    (refused > 0 ? `; ${refused} rulesets refused` : "") +
    (findings > 0 ? `; ${findings} findings asked for, or for their absence` : "")
  );
}
