import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../kernel/product.ts";
import { type Measure, tryFixes } from "../../kernel/random/fix-trial.ts";
import type { RandomHost } from "../../kernel/random/generate.ts";
import { recordedFixes } from "../../kernel/random/recorded-fixes.ts";
import { hostOf } from "../../kernel/random/trial.ts";
import { bySession, type Outcome, type SessionName } from "../../kernel/rig/sessions.ts";

/** The simulator in the kernel's place: it makes the sessions, but nobody probes. */
function simulating(host: RandomHost): Measure {
  return async (files) => {
    const said = simulate(hostOf({ ...host, files }));
    return { outcomes: bySession((name) => certain(name, said[name].verdict)) };
  };
}

function certain(name: SessionName, verdict: Outcome | "unknown"): Outcome {
  if (verdict === "unknown") throw new Error(`the simulator does not know of ${name}`);
  return verdict;
}

for (const one of recordedFixes()) {
  test(`${one.name}, fixed with ${one.strategy}`, async () => {
    const trials = await tryFixes(one, [one.strategy], simulating(one));
    assert.ok(typeof trials !== "string");
    const wrong = trials.get(one.strategy)!.wrong.map(({ kind }) => kind);
    const seenByProbes = one.stillWrong === "opened" || one.stillWrong === "closed";
    assert.deepEqual(wrong, one.stillWrong === undefined || seenByProbes ? [] : [one.stillWrong]);
  });
}
