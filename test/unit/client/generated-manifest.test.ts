import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CODES } from "../../../server/src/checks/codes.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const text = readFileSync(join(root, "package.json"), "utf8");

function generate(...args: string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "scripts/generate-manifest.mjs", ...args],
    { cwd: root, encoding: "utf8" },
  );
  return { status, stderr };
}

test("package.json names every check and nothing else: what `npm run generate` writes", () => {
  assert.deepEqual(generate("--check"), { status: 0, stderr: "" });
  const setting = JSON.parse(text).contributes.configuration.properties["ftpFirewall.checks"];
  assert.deepEqual(
    Object.keys(setting.properties),
    CODES.map(({ code }) => code),
  );
});

test("a manifest without a check is noticed, and generated as it was", () => {
  const folder = mkdtempSync(join(tmpdir(), "ftp-firewall-manifest-"));
  try {
    const file = join(folder, "package.json");
    const manifest = JSON.parse(text);
    delete manifest.contributes.configuration.properties["ftpFirewall.checks"].properties["syntax-error"];
    writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
    const { status, stderr } = generate("--check", file);
    assert.equal(status, 1);
    assert.match(stderr, /run `npm run generate`/);
    assert.equal(generate(file).status, 0);
    assert.equal(readFileSync(file, "utf8"), text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
