import assert from "node:assert/strict";
import { test } from "node:test";
import { longScript } from "../../../scripts/bench/long-script.mjs";
import { convertShell } from "../../../server/src/convert/shell/convert.ts";
import { foldOperations } from "../../../server/src/model/fold.ts";
import { parseShell } from "../../../server/src/syntax/shell/parse.ts";

/** Milliseconds of the processor that the best of several runs needs to read, follow and load a script. */
function cost(lines: number, runs: number): { readonly ms: number; readonly operations: number } {
  const text = longScript(lines);
  let ms = Number.POSITIVE_INFINITY;
  let operations = 0;
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    const conversion = convertShell(parseShell(text), { path: "fw.sh" });
    foldOperations(conversion.operations);
    const { user, system } = process.cpuUsage(before);
    ms = Math.min(ms, (user + system) / 1000);
    operations = conversion.operations.length;
    const doubts = conversion.operations.filter((one) => one.op === "unknown" || one.presence !== "certain");
    assert.deepEqual([doubts, conversion.problems], [[], []]);
  }
  return { ms, operations };
}

/** Bounds are far above what a quiet machine needs: they catch a wrong order of growth, not a busy host. */
test("a script of 5,000 lines in all styles, and of four times as many: time grows with the lines", (t) => {
  cost(1000, 3);
  const small = cost(5000, 4);
  const large = cost(20_000, 3);
  t.diagnostic(
    `5,000 lines ${small.ms.toFixed()} ms, 20,000 lines ${large.ms.toFixed()} ms of the processor`,
  );
  assert.ok(large.operations > 3.9 * small.operations);
  assert.ok(small.ms < 1500, `${small.ms} ms`);
  assert.ok(large.ms / small.ms < 8, `${large.ms / small.ms} times as long`);
});
