import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { convertNft } from "../../server/src/convert/nftables/convert.ts";
import { listNft } from "../../server/src/listing/nft-ruleset.ts";
import { foldOperations } from "../../server/src/model/fold.ts";
import { parseNft } from "../../server/src/syntax/nftables/parse.ts";
import { recordedLoads, recordedRules, rulesOf, tableOf } from "../unit/listing/nft-recorded.ts";

/*
 * What `nft list ruleset` prints, by the real nft in a network namespace of its own: what is recorded for the unit tests
 * is still true, and the project's own rulesets are listed so.
 */

const ROOT = join(import.meta.dirname, "../..");
const SAMPLES = join(ROOT, "../shared/corpus/nft-upstream/1.0.6/samples");

/** Another version prints other things. */
const VERSION = "v1.0.6";

const skip = whyNot();
if (skip !== undefined) {
  if (process.env.CI === "true") throw new Error(`SKIPPED: ${skip}`);
  console.error(`*** SKIPPED nft-listing: ${skip}`);
}

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return "nft can only be asked as root";
  const { status, stdout } = spawnSync("nft", ["--version"], { encoding: "utf8" });
  if (status !== 0) return "there is no nft on this machine";
  if (!stdout.includes(VERSION)) return `nft is not ${VERSION}, but ${stdout.trim()}`;
  return spawnSync("unshare", ["-n", "true"]).status === 0 ? undefined : "no network namespaces can be made";
}

/** What a script prints that runs in a network namespace which is gone afterwards. */
function inNamespace(script: string): string {
  const { stdout, status, stderr } = spawnSync("unshare", ["-n", "sh", "-s"], {
    input: `ip link set lo up\n${script}`,
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Loads each of the texts into an empty kernel, command by command, and gives what is there then; undefined: refused. */
function printed(loads: readonly (readonly string[])[]): (string | undefined)[] {
  const script = loads.map((commands) => {
    const run = commands.map((command) => `printf '%s\\n' ${quoted(command)} | nft -f - 2>/dev/null`);
    return `nft flush ruleset\nif ${run.join(" && ")}; then nft list ruleset; else echo refused; fi\necho "=== end"`;
  });
  const outputs = inNamespace(script.join("\n")).split("=== end\n").slice(0, -1);
  assert.equal(outputs.length, loads.length);
  return outputs.map((output) => (output === "refused\n" ? undefined : stateless(output)));
}

/** How long elements have left is not in any file. */
function stateless(output: string): string {
  return output.replace(/ expires [0-9a-z]+/g, "").trimEnd();
}

test("the rules that the unit tests have recorded", { skip }, () => {
  const { setup, rules } = recordedRules();
  const outputs = printed(rules.map((one) => [tableOf(one, setup)]));
  const wrong = rules.flatMap((one, at) => {
    const got = outputs[at] === undefined ? "(refused)" : rulesOf(outputs[at]);
    return got === one.printed
      ? []
      : [`${one.family} | ${one.rule}\n  recorded ${one.printed}\n  nft      ${got}`];
  });
  assert.deepEqual(wrong, []);
});

test("the loads that the unit tests have recorded", { skip }, () => {
  const loads = recordedLoads();
  const outputs = printed(loads.map(({ commands }) => commands));
  loads.forEach(({ name, printed: recorded }, at) => {
    assert.equal(outputs[at], stateless(recorded), name);
  });
});

/** Rulesets that need what a bare namespace does not have: other files, interfaces, kernel modules. */
const MOST_REFUSED = 25;

test("the project's own rulesets, and nft's samples", { skip }, () => {
  const files = ["test/fixtures", "test/kernel", "examples"].flatMap((folder) =>
    rulesets(join(ROOT, folder)),
  );
  if (existsSync(SAMPLES)) files.push(...rulesets(SAMPLES));
  const script = files.map(
    (file) =>
      `cd ${quoted(dirname(file))}; nft flush ruleset; nft -f ${quoted(file)} 2>/dev/null && nft list ruleset || echo refused; echo "=== end"`,
  );
  const outputs = inNamespace(script.join("\n")).split("=== end\n").slice(0, -1);
  const wrong: string[] = [];
  let refused = 0;
  files.forEach((file, at) => {
    const want = stateless(outputs[at] ?? "");
    if (want === "refused") refused++;
    else if (listedFile(file) !== want) wrong.push(firstDifference(file, want));
  });
  console.log(`${files.length} rulesets, of which nft refuses ${refused} here`);
  assert.deepEqual(wrong, []);
  assert.ok(refused <= MOST_REFUSED, `${refused} refused`);
});

function rulesets(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".nft"))
    .sort()
    .map((name) => join(folder, name));
}

function listedFile(path: string): string {
  const resolve = (include: string) => {
    const file = join(dirname(path), include);
    return existsSync(file) ? { text: readFileSync(file, "utf8"), path: file } : ("missing" as const);
  };
  const { operations } = convertNft(parseNft(readFileSync(path, "utf8")), { path, resolve });
  const { ruleset } = foldOperations(operations);
  return (listNft(ruleset)?.lines ?? [])
    .map(({ text, doubt }) => (doubt === undefined ? text : `${text} ## ${doubt}`))
    .join("\n");
}

function firstDifference(file: string, want: string): string {
  const theirs = want.split("\n");
  const ours = listedFile(file).split("\n");
  const at = theirs.findIndex((line, i) => line !== ours[i]);
  return `${file}, line ${at + 1}\n  nft ${theirs[at]}\n  we  ${ours[at]}`;
}
