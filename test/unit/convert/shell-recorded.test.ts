import assert from "node:assert/strict";
import { test } from "node:test";
import { differencesFrom } from "../../shell/compare.ts";
import { recordedShown } from "../../shell/recorded.ts";
import { ownScripts } from "../../shell/scripts.ts";

// The scripts of `npm run test:shell`, held to what the real tools showed after the real shell had run them.

const recorded = recordedShown();

for (const { expected, ...script } of ownScripts())
  test(`${script.name}: as the real tools showed it`, () => {
    const shown = recorded.get(script.name);
    assert.ok(shown, "not recorded yet: RECORD=1 npm run test:shell");
    assert.deepEqual(differencesFrom(shown, script, expected), []);
  });
