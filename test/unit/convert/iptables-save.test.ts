import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { convertIptablesSave } from "../../../server/src/convert/iptables/convert-save.ts";
import type { Operation } from "../../../server/src/model/operation.ts";
import { familyOfFile } from "../../../server/src/syntax/detect.ts";
import { parseIptablesSave, SaveLineCache } from "../../../server/src/syntax/iptables-save/parse.ts";
import { absoluteSpan } from "../../../server/src/text/origin.ts";
import { showBody } from "./iptables-support.ts";

function convert(text: string, noflush = false) {
  return convertIptablesSave(parseIptablesSave(text, 4), { path: "rules.v4", family: 4, noflush });
}

function show(operation: Operation): string {
  const { op } = operation;
  const chain = "chain" in operation ? ` ${operation.chain}` : "";
  const base = op === "addChain" && operation.base ? ` at ${operation.base.hook}` : "";
  const body = "body" in operation ? `: ${showBody(operation.body).replaceAll("\n", "; ")}` : "";
  const rest = op === "setPolicy" ? ` ${operation.verdict}` : op === "unknown" ? ` ${operation.fact}` : "";
  return `${op}${chain}${base}${rest}${body}`;
}

const shown = (text: string, noflush = false) => convert(text, noflush).operations.map(show);
const problems = (text: string) =>
  convert(text).problems.map(({ code, origin }) => {
    const { start, end } = absoluteSpan(origin);
    return `${code} “${text.slice(start, end)}”`;
  });

test("a file resets its tables, declares chains, sets policies and appends rules", () => {
  const text = `*filter
:INPUT DROP [0:0]
:OUTPUT - [0:0]
:mine - [0:0]
-A INPUT -p tcp -m tcp --dport 21 -m comment --comment "the FTP port" -j mine
-A mine -j ACCEPT
COMMIT
`;
  assert.deepEqual(shown(text), [
    "addTable",
    "resetTable",
    "addChain INPUT at input",
    "setPolicy INPUT drop",
    "addChain OUTPUT at output",
    "addChain mine",
    "append INPUT: l4proto in {6}; dport in {21}; jump mine; # the FTP port",
    "append mine: accept",
  ]);
  assert.deepEqual(problems(text), []);
});

test("with --noflush what is there stays, but a declared chain is emptied", () => {
  assert.deepEqual(shown("*filter\n:mine - [0:0]\n-A other -j DROP\nCOMMIT\n", true), [
    "addTable",
    "addChain mine",
    "flushChain mine",
    "append other: drop",
  ]);
});

test("chains must be declared before they are used", () => {
  assert.deepEqual(problems("*filter\n-A INPUT -j mine\n:mine - [0:0]\nCOMMIT\n"), [
    "undefined-chain “mine”",
  ]);
  assert.deepEqual(problems("*filter\n-A mine -j DROP\nCOMMIT\n"), ["undefined-chain “mine”"]);
  assert.deepEqual(problems("*filter\n-N mine\n-A INPUT -j mine\nCOMMIT\n"), []);
  assert.deepEqual(problems("*filter\n:mine - [0:0]\nCOMMIT\n*nat\n-A PREROUTING -j mine\nCOMMIT\n"), [
    "undefined-chain “mine”",
  ]);
});

test("a chain may have the name of a target that this iptables lacks", () => {
  assert.deepEqual(shown("*filter\n:ACCOUNT - [0:0]\n-A INPUT -j ACCOUNT\nCOMMIT\n").slice(3), [
    "append INPUT: jump ACCOUNT",
  ]);
  assert.deepEqual(problems("*filter\n-A INPUT -j ACCOUNT\nCOMMIT\n"), ["unknown-extension “ACCOUNT”"]);
});

test("refused lines are converted as they were meant", () => {
  const text = "*filter\n-A INPUT -p tcp --dport ! 21 -j DROP\nCOMMIT\n";
  assert.deepEqual(shown(text).slice(2), ["append INPUT: l4proto in {6}; dport in {0-20, 22-65535}; drop"]);
  assert.deepEqual(problems(text), ["syntax-error “!”"]);
});

test("tables and policies that do not exist", () => {
  assert.deepEqual(problems("*foo\n-A INPUT -j DROP\nCOMMIT\n"), ["syntax-error “foo”"]);
  assert.deepEqual(problems("*filter\n:INPUT REJECT [0:0]\nCOMMIT\n"), ["invalid-policy “REJECT”"]);
  assert.deepEqual(problems("*filter\n:INPUT\nCOMMIT\n"), ["syntax-error “:INPUT”"]);
});

test("a template is one problem, and its lines may do anything to their table", () => {
  const text = "*filter\n-A INPUT --dport {{ port }} -j ACCEPT\n-A INPUT -j wrong\nCOMMIT\n";
  assert.deepEqual(problems(text), ["template-text “{{”"]);
  assert.match(shown(text)[2] ?? "", /^unknown the template text “{{ port }}/);
});

test("a file of another kind gives fifty problems and a summary", () => {
  const text = `*filter\n${"what is this\n".repeat(500)}COMMIT\n`;
  const found = convert(text).problems;
  assert.equal(found.length, 51);
  assert.match(found[50]?.message ?? "", /^450 more problems follow/);
});

test("rules of equal text share one body, also after an edit elsewhere", () => {
  const cache = new SaveLineCache();
  const bodies = (text: string) =>
    convertIptablesSave(parseIptablesSave(text, 4, cache), { path: "x", family: 4 }).operations.flatMap(
      (operation) => (operation.op === "append" ? [operation.body] : []),
    );
  const [a, b] = bodies("*filter\n-A INPUT -j DROP\n-A INPUT -j DROP\nCOMMIT\n");
  assert.equal(a, b);
  const later = bodies("*filter\n-A INPUT -s 1.1.1.1\n-A INPUT -j DROP\nCOMMIT\n");
  assert.equal(later[1], a);
});

const CORPUS = new URL("../../../../shared/corpus/", import.meta.url);

/** Real dumps that iptables-restore refuses for a reason the text does not show: an ipset, a name in DNS. */
const NOT_IN_THE_TEXT = ["Set ", "host/network `ntp.example.net'"];

test("real dumps: refused exactly where iptables-restore refuses them", (t) => {
  if (!existsSync(CORPUS)) {
    console.error(`SKIPPED: no corpus at ${CORPUS.pathname}`);
    t.skip("the corpus is not here");
    return;
  }
  const count = { files: 0, rules: 0, refused: 0 };
  for (const row of readFileSync(new URL("MANIFEST.tsv", CORPUS), "utf8").split("\n")) {
    const [path = "", , , , notes = ""] = row.split("\t");
    if (!/^real-(save|ftp)\/save\//.test(path)) continue;
    const text = readFileSync(new URL(path, CORPUS), "utf8");
    const family = familyOfFile(path, text);
    const { operations, problems: found } = convertIptablesSave(parseIptablesSave(text, family), {
      path,
      family,
    });
    count.files++;
    count.rules += operations.filter((operation) => operation.op === "append").length;
    const refused = found.some((problem) => problem.refused);
    if (refused) count.refused++;
    const verdict = /-restore [\d.]+ --test: (ok|FAIL)(.*)/.exec(notes);
    const right = family === 6 ? /ip6tables-restore/.test(notes) : !/ip6tables-restore/.test(notes);
    if (!verdict || !right || NOT_IN_THE_TEXT.some((reason) => verdict[2]?.includes(reason))) continue;
    // --test lets through what the kernel then refuses, so only "FAIL" is certain.
    if (verdict[1] === "FAIL") assert.ok(refused, `${path}: ${verdict[2]}`);
    else assert.ok(!refused || /ULOG/.test(text), `${path}: ${found[0]?.message}`);
  }
  t.diagnostic(`${count.files} files, ${count.rules} rules, ${count.refused} files refused`);
  assert.ok(count.files > 50);
});

test("real dumps cut anywhere and mixed up never throw", (t) => {
  if (!existsSync(CORPUS)) {
    console.error(`SKIPPED: no corpus at ${CORPUS.pathname}`);
    t.skip("the corpus is not here");
    return;
  }
  const folder = new URL("real-ftp/save/", CORPUS);
  for (const [i, name] of readdirSync(folder).entries()) {
    const text = readFileSync(new URL(name, folder), "utf8");
    for (let cut = i; cut < text.length; cut += Math.ceil(text.length / 6)) {
      convert(text.slice(0, cut));
      convert(text.slice(cut).split("").reverse().join(""));
    }
  }
});
