// One measurement: node child.mjs TASK, a JSON object; prints the result as JSON.
//
//   what: "time"    milliseconds of parsing and checking, for both kinds of run (see bench.mjs), and of the
//                   processor for checking
//   what: "script"  milliseconds of reading, following and loading a long script, the first time and later, and of the
//                   processor
//   what: "memory"  MB after one file was loaded and checked, and at most
import { createRequire } from "node:module";
import { DIALECTS } from "./dialects.mjs";
import { longScript } from "./long-script.mjs";
import { makeRuleset } from "./rulesets.mjs";

const task = JSON.parse(process.argv[2]);
const { Service, check, interpret } = createRequire(import.meta.url)(task.core);

const MEGABYTE = 2 ** 20;
const WARM_UP = 5;
/** A slow measurement ends after this many milliseconds, but not before it was made so often. */
const LONG_ENOUGH = 15_000;
const LEAST_RUNS = 3;

function time() {
  const empty = () => ({ edit: [], other: [] });
  const spent = { check: empty(), processor: empty(), parse: empty() };
  let seed = 2;
  const other = (keep) => loadAndCheck(new Service(), source(seed++), "other", keep);
  const service = new Service();
  let current = source(1);
  let turn = 0;
  const edit = (keep) => {
    current = { ...current, text: withOneDigitChanged(current.text, turn++) };
    loadAndCheck(service, current, "edit", keep);
  };
  loadAndCheck(service, current, "edit", false);
  repeat(WARM_UP, 1, () => other(false));
  repeat(WARM_UP, 1, () => edit(false));
  repeat(task.runs, LEAST_RUNS, () => edit(true));
  repeat(task.runs, LEAST_RUNS, () => other(true));
  return spent;

  function loadAndCheck(by, file, kind, keep) {
    const begin = performance.now();
    const host = by.load([file]);
    const parsed = performance.now();
    const before = process.cpuUsage();
    const findings = check(host);
    const { user, system } = process.cpuUsage(before);
    const checked = performance.now();
    expect(findings);
    if (!keep) return;
    spent.parse[kind].push(parsed - begin);
    spent.check[kind].push(checked - parsed);
    spent.processor[kind].push((user + system) / 1000);
  }
}

function script() {
  const text = longScript(task.lines);
  const spent = { first: 0, warm: [], processor: [], operations: 0 };
  const run = (keep) => {
    const [begin, before] = [performance.now(), process.cpuUsage()];
    spent.operations = interpret(text);
    const { user, system } = process.cpuUsage(before);
    const ms = performance.now() - begin;
    if (!keep) spent.first ||= ms;
    else {
      spent.warm.push(ms);
      spent.processor.push((user + system) / 1000);
    }
  };
  repeat(WARM_UP, 1, () => run(false));
  repeat(task.runs, LEAST_RUNS, () => run(true));
  return spent;
}

function memory() {
  expect(check(new Service().load([source(1)])));
  const after = process.memoryUsage().rss / MEGABYTE;
  return { after, most: process.resourceUsage().maxRSS / 1024 };
}

function source(seed) {
  const { file, write } = DIALECTS[task.dialect];
  return { path: `/${file}`, text: write(makeRuleset({ ...task, seed })), dialect: task.dialect, family: 4 };
}

/** Without the helper there is something to find, with it nothing; otherwise the wrong thing was measured. */
function expect(findings) {
  const told = findings.filter((one) => one.severity !== "hint");
  const codes = [...new Set(told.map((one) => one.code))].join(" ");
  if (codes !== (task.helper ? "" : "helper-not-assigned")) throw new Error(`unexpected findings: ${codes}`);
}

function repeat(times, least, action) {
  const begin = performance.now();
  for (let i = 0; i < times; i++) {
    if (i >= least && performance.now() - begin > LONG_ENOUGH) return;
    action();
  }
}

/** An address with the last digit of its host. */
const ADDRESS = /\d+\.\d+\.\d+\.\d*(\d)(?=[/ ])/;

/** The last digit of an address in a rule near the middle, another one each time. */
function withOneDigitChanged(text, turn) {
  const middle = text.length >> 1;
  let line = text.indexOf("\n", middle + turn * 400) + 1;
  for (;;) {
    const end = text.indexOf("\n", line);
    const found = ADDRESS.exec(text.slice(line, end));
    if (found) {
      const at = line + found.index + found[0].length - 1;
      return `${text.slice(0, at)}${(Number(found[1]) + 1) % 10}${text.slice(at + 1)}`;
    }
    line = end + 1;
  }
}

const MEASUREMENTS = { time, script, memory };

console.log(JSON.stringify(MEASUREMENTS[task.what]()));
