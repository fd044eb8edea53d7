import assert from "node:assert/strict";
import { test } from "node:test";
import { trials } from "../../kernel/nat/matrix.ts";
import { readMeasured } from "../../kernel/nat/measured.ts";
import { simulate } from "../../kernel/product.ts";
import { bySession, sessionNames } from "../../kernel/rig/sessions.ts";

/** The kernel's outcomes stand in a file (`npm run test:kernel` repeats them); here only the simulator runs. */
const measured = readMeasured();
const kinds = [...new Set(trials.map(({ kind }) => kind))];

for (const kind of kinds) {
  const ofKind = trials.filter((trial) => trial.kind === kind);

  test(`NAT: ${kind}`, () => {
    for (const { name, host, unknown } of ofKind) {
      const verdicts = simulate(host);
      const said = bySession((session) => {
        const { verdict, reason } = verdicts[session];
        const isRight = verdict === "unknown" && unknown !== undefined && reason?.includes(unknown);
        return isRight ? measured.get(name)?.[session] : verdict;
      });
      assert.deepEqual(said, measured.get(name), name);
    }
  });

  test(`NAT: ${kind}: all outcomes that there can be`, () => {
    const seen = ofKind.flatMap(({ name }) => sessionNames.map((session) => measured.get(name)![session]));
    assert.deepEqual([...new Set(seen)].sort(), [...ofKind[0]!.shows].sort());
  });
}

test("each trial is measured, and no other", () => {
  assert.deepEqual(
    [...measured.keys()],
    trials.map(({ name }) => name),
  );
});
