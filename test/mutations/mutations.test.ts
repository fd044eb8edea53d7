import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Mutation, mutations } from "./mutations.ts";

/** What the kernel did stands in these tests; `npm run test:kernel` keeps it true. */
const measured = ["measured", "found", "nat"].map((name) => `test/unit/ftp/${name}.test.ts`);

const root = fileURLToPath(new URL("../../", import.meta.url));
const copies: string[] = [];

/** A copy of the sources with one fault in it. */
function copyWith({ file, from, to }: Mutation): string {
  const copy = mkdtempSync(join(tmpdir(), "ftpfw-mutation-"));
  copies.push(copy);
  for (const part of ["package.json", "server", "test", "examples"]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const path = join(copy, "server/src", file);
  const text = readFileSync(path, "utf8");
  assert.equal(text.split(from).length, 2, `${file} has the text to replace exactly once`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  return copy;
}

/** How many of the measured rulesets come out wrong. */
function failures(copy: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", "--test", "--test-reporter=tap", ...measured], {
      cwd: copy,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      output += part;
    });
    child.once("error", reject);
    child.once("close", () => {
      const [, failed] = /^# fail (\d+)$/m.exec(output) ?? [];
      const ran = /^# pass \d+$/m.test(output);
      if (failed === undefined || !ran) reject(new Error(`the tests did not run:\n${output.slice(0, 2000)}`));
      else resolve(Number(failed));
    });
  });
}

test("every fault put into the simulator is noticed by rulesets that the kernel was asked about", {
  concurrency: 2,
}, async (t) => {
  await Promise.all(
    mutations.map((mutation) =>
      t.test(mutation.name, async (each) => {
        const failed = await failures(copyWith(mutation));
        each.diagnostic(`noticed by ${failed} rulesets`);
        assert.ok(failed > 0, "no measured ruleset notices it");
      }),
    ),
  );
});

after(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});
