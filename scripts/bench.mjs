// Measures the check of large rulesets: everything that is done with a file once it is parsed, for all roles, modes
// and IP versions; how that grows with the file, what memory it takes, and what nft and iptables-restore need to check
// the same file. The rulesets are made anew, always the same ones (bench/rulesets.mjs).
//
//   npm run bench                                          everything, about a quarter of an hour
//   npm run bench -- --shape pairs --dialect nft,shell     some of it
//   npm run bench -- --scripts                             firewall scripts alone, half a minute
//   npm run bench -- --rules 10000 --runs 15 --sizes 2500,5000,20000 --quick
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkCommand, measure, measureCommand } from "./bench/children.mjs";
import { DIALECTS } from "./bench/dialects.mjs";
import { buildCore } from "./bench/product.mjs";
import { makeRuleset, SHAPE_NAMES } from "./bench/rulesets.mjs";
import { median, megabytes, milliseconds, spread, table } from "./bench/show.mjs";
import { toolFor } from "./bench/tools.mjs";

const MOST_MILLISECONDS = 50;
const MOST_MEGABYTES = 200;
const SCRIPT_LINES = 5000;
const MOST_SCRIPT_MILLISECONDS = 200;

const USAGE = `npm run bench -- [--shape ${SHAPE_NAMES.join(",")}] [--dialect ${Object.keys(DIALECTS).join(",")}]
                [--rules N] [--runs N] [--sizes N,N] [--quick] [--scripts]`;

function refuse(why) {
  console.error(`bench: ${why}\n\n${USAGE}`);
  process.exit(2);
}

function readOptions(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    return refuse(error.message);
  }
}

const { values: given } = readOptions({
  options: {
    rules: { type: "string", default: "10000" },
    runs: { type: "string" },
    sizes: { type: "string", default: "2500,5000,20000" },
    shape: { type: "string", default: SHAPE_NAMES.join(",") },
    dialect: { type: "string", default: Object.keys(DIALECTS).join(",") },
    scripts: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (given.help) {
  console.log(USAGE);
  process.exit(0);
}
const rules = Number(given.rules);
const runs = Number(given.runs ?? (given.quick ? 5 : 15));
const sizes = given.sizes.split(",").filter(Boolean).map(Number);
const shapes = given.shape.split(",");
const dialects = given.dialect.split(",");
for (const one of shapes) if (!SHAPE_NAMES.includes(one)) refuse(`there is no shape ${one}`);
for (const one of dialects) if (!Object.hasOwn(DIALECTS, one)) refuse(`there is no dialect ${one}`);
if ([rules, runs, ...sizes].some((one) => !Number.isInteger(one) || one < 1))
  refuse("rules, runs and sizes are numbers");
const combinations = shapes.flatMap((shape) => dialects.map((dialect) => ({ shape, dialect })));
const missed = [];

const folder = mkdtempSync(join(tmpdir(), "ftp-firewall-bench-"));
try {
  const core = await buildCore(folder);
  console.log(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`);
  if (!given.scripts) {
    const atFull = measureChecks(core);
    if (sizes.length > 0) measureGrowth(core, atFull);
  }
  measureScripts(core);
  if (!given.scripts) {
    measureMemory(core);
    measureTools();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  missed.length === 0 ? "All targets are met." : `Missed:\n${missed.map((one) => `  ${one}\n`).join("")}`,
);

/** The check of a file of `rules` rules, in a process that has checked others before. */
function measureChecks(core) {
  console.log(`The check of ${count(rules)} rules after parsing, in ms: minimum/median/maximum (runs).
  edit:  one digit of one rule changed, as in an editor; what was read of the other rules is remembered
  other: the same process checks another file of this kind; nothing is remembered, the code is warm
  cpu:   of the processor, all threads: the median. It tells more where other programs run as well.
  Target: ${MOST_MILLISECONDS} ms, for the smaller of the two medians.`);
  const results = new Map();
  const rows = [];
  for (const { shape, dialect } of combinations) {
    for (const helper of [false, true]) {
      const result = measure({ core, what: "time", shape, dialect, helper, count: rules, runs });
      if (!helper) results.set(`${shape} ${dialect}`, result);
      const name = `${shape}, ${dialect}, FTP ${helper ? "with helper" : "without helper"}`;
      const cells = ["edit", "other"].flatMap((kind) => {
        const processor = median(result.processor[kind]);
        const value = Math.min(median(result.check[kind]), processor);
        judge(`${name}, ${kind}`, value, MOST_MILLISECONDS, "ms");
        return [spread(result.check[kind]), milliseconds(processor), mark(value, MOST_MILLISECONDS)];
      });
      const parse = ["edit", "other"].map((kind) => milliseconds(median(result.parse[kind])));
      rows.push([shape, dialect, helper ? "with" : "without", ...cells, ...parse]);
    }
  }
  const headings = ["check: edit", "cpu", "", "check: other", "cpu", "", "(parse: edit", "other)"];
  table(["shape", "dialect", "helper", ...headings], rows);
  return results;
}

/** Milliseconds for 1,000 rules at each size: the same everywhere when the time grows with the file and no faster. */
function measureGrowth(core, atFull) {
  const all = [...new Set([...sizes, rules])].sort((a, b) => a - b);
  console.log(
    "Growth: ms of the processor for 1,000 rules (medians), FTP without helper. Linear where a row stays level.",
  );
  const rows = [];
  for (const { shape, dialect } of combinations) {
    const results = all.map((size) =>
      size === rules
        ? atFull.get(`${shape} ${dialect}`)
        : measure({ core, what: "time", shape, dialect, helper: false, count: size, runs }),
    );
    for (const kind of ["edit", "other"]) {
      const each = results.map((result, i) => (median(result.processor[kind]) / all[i]) * 1000);
      rows.push([
        shape,
        dialect,
        kind,
        ...each.map((one) => one.toFixed(2)),
        `× ${(each.at(-1) / each[0]).toFixed(2)}`,
      ]);
    }
  }
  table(["shape", "dialect", "check", ...all.map(count), "last/first"], rows);
}

/** A script in all styles: the time to read it, to follow it and to load what it does. */
function measureScripts(core) {
  console.log(`A firewall script of loops, functions, conditions and here documents, in ms: the first run of a process, later
  ones minimum/median/maximum (runs), of the processor, and that for 1,000 lines.
  Target: ${MOST_SCRIPT_MILLISECONDS} ms for ${count(SCRIPT_LINES)} lines, the same for 1,000 lines in each row.`);
  const rows = [SCRIPT_LINES / 2, SCRIPT_LINES, SCRIPT_LINES * 2, SCRIPT_LINES * 4].map((lines) => {
    const { first, warm, processor, operations } = measure({ core, what: "script", lines, runs });
    const value = Math.min(median(warm), median(processor));
    const isJudged = lines === SCRIPT_LINES;
    if (isJudged) judge(`script of ${count(lines)} lines`, value, MOST_SCRIPT_MILLISECONDS, "ms");
    return [
      count(lines),
      count(operations),
      milliseconds(first),
      spread(warm),
      milliseconds(median(processor)),
      ((median(processor) / lines) * 1000).toFixed(1),
      isJudged ? mark(value, MOST_SCRIPT_MILLISECONDS) : "",
    ];
  });
  table(["lines", "operations", "first", "later", "cpu", "per 1,000", ""], rows);
}

/** Resident memory of a process that loads and checks one file, and of the command line tool. */
function measureMemory(core) {
  console.log(`Memory in MB: a process that loads and checks one file of ${count(rules)} rules (after it, and at most), and
  ftp-firewall check FILE (at most, with its time in ms). Medians. Target: below ${MOST_MEGABYTES} MB.`);
  const rows = [];
  for (const { shape, dialect } of combinations) {
    const times = given.quick ? 1 : 3;
    const inside = Array.from({ length: times }, () =>
      measure({ core, what: "memory", shape, dialect, helper: false, count: rules }),
    );
    const outside = Array.from({ length: times }, () => checkCommand(fileOf(shape, dialect)));
    const after = median(inside.map((one) => one.after));
    const most = median(inside.map((one) => one.most));
    const tool = median(outside.map((one) => one.most));
    judge(`${shape}, ${dialect}, in process`, most, MOST_MEGABYTES, "MB");
    judge(`${shape}, ${dialect}, ftp-firewall check`, tool, MOST_MEGABYTES, "MB");
    rows.push([
      shape,
      dialect,
      megabytes(after),
      megabytes(most),
      mark(most, MOST_MEGABYTES),
      megabytes(tool),
      mark(tool, MOST_MEGABYTES),
      milliseconds(median(outside.map((one) => one.spent))),
    ]);
  }
  table(["shape", "dialect", "after", "at most", "", "check FILE", "", "ms"], rows);
}

/** What the kernel's own tools need for the same files, in a network namespace of their own. */
function measureTools() {
  console.log(`The kernel's tools on the same files, whole process in ms: minimum/median/maximum (runs).`);
  const rows = [];
  for (const { shape, dialect } of combinations) {
    const tool = toolFor(dialect);
    if (!tool) continue;
    if (tool.skipped) {
      console.log(`  *** SKIPPED ${tool.name} for ${shape}: ${tool.skipped}`);
      continue;
    }
    const { spent, problem } = measureCommand(tool.command(fileOf(shape, dialect)), runs);
    rows.push([shape, tool.name, problem ? `*** FAILED: ${problem}` : spread(spent)]);
  }
  table(["shape", "tool", "time"], rows);
}

function fileOf(shape, dialect) {
  const { file, write } = DIALECTS[dialect];
  const path = join(folder, `${shape}-${file}`);
  writeFileSync(path, write(makeRuleset({ shape, count: rules })));
  return path;
}

function judge(name, value, most, unit) {
  if (value > most) missed.push(`${name}: ${value.toFixed(0)} ${unit} (target ${most} ${unit})`);
}

function mark(value, most) {
  return value <= most ? "ok" : "over";
}

function count(number) {
  return number.toLocaleString("en");
}
