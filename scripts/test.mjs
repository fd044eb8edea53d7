// Runs the tests: `npm test` all of them, `node scripts/test.mjs unit lsp` some. Suites that only compute share the
// processors; those that measure time or drive a browser run by themselves. Prints a line for each suite, everything
// that a failed one said, and at the end how many tests passed, failed and were skipped.
//
//   node scripts/test.mjs [--verbose] [SUITE…]   lint typecheck unit cli mutations lsp shell kernel vscode
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, "node_modules", name);
const node = (...args) => [process.execPath, ...args];

/** A suite is one or more commands; `together` with others, or alone. `needs` a build first. */
const SUITES = {
  lint: { commands: () => [node(bin("@biomejs/biome/bin/biome"), "check", ".")], together: true },
  typecheck: {
    commands: () =>
      ["server/tsconfig.core.json", "server/tsconfig.json", "client/tsconfig.json", "test/tsconfig.json"].map(
        (project) => node(bin("typescript/bin/tsc"), "-p", project),
      ),
    together: true,
  },
  unit: { commands: () => nodeTests("test/unit"), together: true },
  cli: { commands: () => nodeTests("test/cli"), together: true, needs: "build" },
  mutations: { commands: () => nodeTests("test/mutations") },
  lsp: { commands: () => nodeTests("test/lsp"), needs: "build" },
  shell: { commands: () => nodeTests("test/shell") },
  kernel: { commands: () => nodeTests("test/kernel"), needs: "build" },
  vscode: {
    commands: () => [node("scripts/build.mjs", "--tests"), node("scripts/test-vscode.mjs")],
  },
};

/** One command that runs the folder's test files; none where there are none. */
function nodeTests(folder) {
  const files = findTests(join(root, folder));
  if (files.length === 0) return [];
  // Every test file is a process of its own.
  return [node("--import", "tsx", "--test", "--test-reporter=spec", ...files)];
}

function findTests(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .map((name) => join(folder, name));
}

/** @returns {Promise<{status: number, output: string}>} what the command wrote, on both of its outputs */
function run([file, ...args], live) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const parts = [];
    const take = (stream) => (part) => {
      parts.push(part);
      if (live) stream.write(part);
    };
    child.stdout.on("data", take(process.stdout));
    child.stderr.on("data", take(process.stderr));
    child.on("error", (error) => parts.push(Buffer.from(String(error))));
    child.on("close", (status) =>
      resolve({ status: status ?? 1, output: Buffer.concat(parts).toString("utf8") }),
    );
  });
}

/** Adds up what the commands' last lines say: node:test's "ℹ pass 3", Mocha's "3 passing"; else one command is one test. */
function countTests(output, status) {
  const sum = (pattern) =>
    [...output.matchAll(pattern)].reduce((total, found) => total + Number(found[1]), 0);
  const counts = {
    passed: sum(/^ℹ pass (\d+)$/gm) + sum(/^\s*(\d+) passing\b/gm),
    failed: sum(/^ℹ (?:fail|cancelled) (\d+)$/gm) + sum(/^\s*(\d+) failing\b/gm),
    skipped: sum(/^ℹ (?:skipped|todo) (\d+)$/gm) + sum(/^\s*(\d+) pending\b/gm),
  };
  if (/\*\*\* SKIPPED/.test(output)) counts.skipped++;
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  if (status === 0 && counts.passed + counts.skipped === 0) counts.passed = 1;
  return counts;
}

/** Lines that are to be seen although all went well: what was measured, and what did not run. */
function worthSaying(output) {
  return output
    .split("\n")
    .filter((line) =>
      /^\s*(?:ℹ )?(?:figure: |\d+ rulesets compared|activate\(\))|SKIPPED|WAS NOT ASKED/.test(line),
    );
}

async function runSuite(name, live) {
  const begin = Date.now();
  let output = "";
  let status = 0;
  const commands = SUITES[name].commands();
  if (commands.length === 0) {
    output = `there are no tests of the suite ${name}\n`;
    status = 1;
  }
  for (const command of commands) {
    const result = await run(command, live);
    output += result.output;
    status ||= result.status;
  }
  const counts = countTests(output, status);
  const seconds = ((Date.now() - begin) / 1000).toFixed(1);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  if (status !== 0 && !live) process.stdout.write(`\n===== ${name} failed:\n${output}\n`);
  console.log(
    `${status === 0 ? "ok    " : "FAILED"} ${name.padEnd(10)} ${counts.passed} passed, ${counts.failed} failed${skipped} (${seconds} s)`,
  );
  if (!live && status === 0) for (const line of worthSaying(output)) console.log(`         ${line.trim()}`);
  return counts;
}

/** Runs jobs at most `lanes` at a time, in their order. */
async function inLanes(jobs, lanes) {
  const results = [];
  const rest = [...jobs];
  const lane = async () => {
    for (let job = rest.shift(); job; job = rest.shift()) results.push(await job());
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

async function build() {
  const { status, output } = await run(node("scripts/build.mjs"), false);
  if (status === 0) return true;
  process.stdout.write(output);
  console.log("FAILED build");
  return false;
}

async function main(names, verbose) {
  const live = verbose || names.length === 1;
  const begin = Date.now();
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const add = (counts) => {
    for (const key of Object.keys(totals)) totals[key] += counts[key];
  };
  if (names.some((name) => SUITES[name].needs === "build") && !(await build())) totals.failed++;
  const job = (name) => () => runSuite(name, live);
  // Longest first, so that no lane is left with a long suite at the end.
  const together = ["unit", "cli", "typecheck", "lint"].filter((name) => names.includes(name));
  const lanes = live ? 1 : Math.min(2, availableParallelism());
  for (const counts of await inLanes(together.map(job), lanes)) add(counts);
  for (const name of names.filter((one) => !SUITES[one].together)) add(await runSuite(name, live));
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
  console.log(`(${Math.round((Date.now() - begin) / 1000)} s in all)`);
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

const wanted = process.argv.slice(2).filter((argument) => argument !== "--verbose");
const unknown = wanted.filter((name) => !Object.hasOwn(SUITES, name));
if (unknown.length > 0) {
  console.error(`test: there is no suite ${unknown.join(", ")}; there are ${Object.keys(SUITES).join(", ")}`);
  process.exitCode = 2;
} else {
  await main(wanted.length > 0 ? wanted : Object.keys(SUITES), process.argv.includes("--verbose"));
}
