import assert from "node:assert/strict";
import { test } from "node:test";
import { recordedRulesets } from "../../kernel/random/recorded.ts";
import { simulated } from "../../kernel/random/trial.ts";
import { sessionNames } from "../../kernel/rig/sessions.ts";

/** The kernel's outcomes stand in the files (`npm run test:kernel` repeats them); here only the simulator runs. */
for (const one of recordedRulesets()) {
  test(`${one.name}, on the ${one.on}`, () => {
    const said = simulated(one);
    for (const name of sessionNames) {
      const { verdict, reason } = said[name];
      if (verdict === "unknown" && one.unknown !== undefined)
        assert.ok(reason?.includes(one.unknown), `${name}: ${reason}`);
      else assert.equal(verdict, one.kernel[name], name);
    }
  });
}
