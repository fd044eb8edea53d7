import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { decodeBytes } from "../../server/src/cli/bytes.ts";
import { familyOfFile } from "../../server/src/syntax/detect.ts";
import { splitWords } from "../../server/src/syntax/iptables-save/words.ts";
import { saved } from "../unit/listing/listed.ts";
import { ruleCases, SCRIPTS, scriptCases } from "./save-cases.ts";

/*
 * iptables-save itself, in network namespaces of their own. With RECORD=1 what it prints after the scripts is written
 * into save-scripts.txt.
 */

const missing = whatIsMissing();

function whatIsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return "it needs root";
  const version = run("iptables --version");
  if (!version.includes("v1.8.9 (nf_tables)"))
    return `it needs iptables 1.8.9 (nf_tables), here is ${version}`;
  return undefined;
}

/** What a script prints that runs in a network namespace without any rules. */
function run(script: string, ...args: string[]): string {
  const { stdout } = spawnSync("unshare", ["-n", "sh", "-c", script, "sh", ...args], { maxBuffer: 1 << 28 });
  return decodeBytes(stdout ?? Buffer.alloc(0));
}

/** Without comments and counters. */
const SAVE = "iptables-save | sed '/^#/d; s/^\\(:.*\\) \\[.*/\\1 [0:0]/'";
const SAVE6 = SAVE.replace("iptables", "ip6tables");

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

test("each rule is printed as recorded", { skip: missing ?? false }, (t) => {
  const cases = ruleCases();
  const commands = cases.map(({ program, table, written }, i) => {
    const words = splitWords(written).map(({ text }) => quoted(text));
    return `${program} -t ${table} -N c${i}; ${program} -t ${table} -A c${i} ${words.join(" ")} 2>/dev/null`;
  });
  const sets = "ipset create foo hash:ip,port; ipset create foo2 hash:ip skbinfo timeout 5;";
  const printed = run(`${sets}\n${commands.join("\n")}\n${SAVE}\n${SAVE6}`);
  const found = new Map(
    [...printed.matchAll(/^-A c(\d+)(?: (.*))?$/gm)].map(([, i, text]) => [Number(i), text ?? ""]),
  );
  const refused = cases.filter((_, i) => !found.has(i)).map(({ written }) => written);
  const different = cases.flatMap(({ written, saved }, i) =>
    found.has(i) && found.get(i) !== saved ? [`${written}: ${found.get(i)}`] : [],
  );
  t.diagnostic(`${cases.length} rules, of which this kernel refuses ${refused.length}`);
  assert.deepEqual(different, []);
  assert.ok(refused.length < cases.length / 10, refused.join("\n"));
});

test("after each script the tables are printed as recorded", { skip: missing ?? false }, () => {
  const cases = scriptCases().map((one) => ({
    ...one,
    real: run(`{ ${one.script}\n} >/dev/null 2>&1; ${SAVE}; ${SAVE6}`),
  }));
  if (process.env.RECORD) {
    const head = readFileSync(SCRIPTS, "utf8").split(/^---- /m)[0];
    const blocks = cases.map(({ name, script, real }) => `---- ${name}\n${script}====\n${real}`);
    writeFileSync(SCRIPTS, head + blocks.join(""));
    return;
  }
  for (const { name, saved, real } of cases) assert.equal(real, saved, name);
});

const DUMPS = new URL("../../../shared/corpus/", import.meta.url);

test("real dumps that load are printed as after loading", { skip: missing ?? noDumps() }, (t) => {
  const files = ["real-save/save", "real-ftp/save"].flatMap((folder) =>
    readdirSync(new URL(folder, DUMPS)).map((name) => `${folder}/${name}`),
  );
  const count = { loaded: 0, refused: 0, lines: 0 };
  for (const name of files) {
    const url = new URL(name, DUMPS);
    const text = decodeBytes(readFileSync(url));
    const family = familyOfFile(name, text);
    const program = family === 6 ? "ip6tables" : "iptables";
    const load = `${program}-restore < "$1" 2>/dev/null || { echo refused; exit; }`;
    const real = run(`${load}; ${family === 6 ? SAVE6 : SAVE}`, fileURLToPath(url)).trimEnd();
    if (real === "refused") count.refused++;
    else {
      count.loaded++;
      count.lines += real.split("\n").length;
      assert.equal(saved(text, "iptables-save", family), real, name);
    }
  }
  t.diagnostic(`${count.loaded} files with ${count.lines} lines; ${count.refused} do not load`);
  assert.ok(count.loaded > 50);
});

function noDumps(): string | false {
  return existsSync(DUMPS) ? false : "the corpus is not here";
}
