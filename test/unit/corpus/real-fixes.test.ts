import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Analysis,
  type Fix,
  Service,
  type SessionCase,
  type SourceFile,
} from "../../../server/src/service.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { skipWithoutCorpus } from "../syntax/nftables-corpus.ts";
import { aboutFtp } from "./findings.ts";
import { realFiles } from "./real-files.ts";

const service = new Service();
const strategies = ["helper", "ports"] as const;

interface Found {
  readonly file: SourceFile;
  readonly analysis: Analysis;
}

const found = realFiles("real-ftp")
  ?.map((file): Found => ({ file, analysis: service.analyse([file]) }))
  .filter(({ analysis }) => aboutFtp(analysis).length > 0);

/** Each session of a host with its verdicts, by client class: what a fix may change for the better only. */
function verdicts({ cases }: Analysis): Map<string, string> {
  return new Map(cases.map((one) => [nameOf(one), verdictsOf(one).join(" ")]));
}

function nameOf({ role, mode, family, scenario, reading }: SessionCase): string {
  return `${role} ${mode}${family} to ${scenario.controlPort}${reading.fragment ? " of the loose chains" : ""}`;
}

function verdictsOf({ classes }: SessionCase): string[] {
  return classes.map(({ verdict }) => verdict.verdict);
}

function problems({ host }: Analysis): string[] {
  return host.problems.map(({ code, message }) => `${code}: ${message}`).sort();
}

/** Sessions that are not as they were, though nothing was wrong with them, and problems that are new. */
function damage(before: Analysis, after: Analysis): string[] {
  const now = verdicts(after);
  const changed = [...verdicts(before)].flatMap(([name, was]) => {
    const is = now.get(name) ?? "no session";
    const mended = was.includes("blocked") && !is.includes("blocked");
    const passes = is.split(" ").every((verdict) => verdict === "works");
    return is === was || mended || passes ? [] : [`${name} was ${was} and is ${is}`];
  });
  const extra = problems(after).filter((problem) => !problems(before).includes(problem));
  return [...changed, ...extra.map((problem) => `new problem: ${problem}`)];
}

function withFix(file: SourceFile, fix: Fix): SourceFile {
  return { ...file, text: applyEdits(file.text, fix.edits) };
}

test("real rulesets with FTP: each fix of each finding mends it and nothing else changes for the worse", (t) => {
  if (!found) return skipWithoutCorpus(t, "real-ftp");
  const wrong: string[] = [];
  let tried = 0;
  for (const { file, analysis } of found) {
    for (const diagnostic of aboutFtp(analysis)) {
      for (const fix of service.fixesFor(analysis, diagnostic).fixes) {
        tried++;
        const after = service.analyse([withFix(file, fix)]);
        const stays = aboutFtp(after).some(
          ({ code, message }) => code === diagnostic.code && message === diagnostic.message,
        );
        const said = [...damage(analysis, after), ...(stays ? [`${diagnostic.code} stays`] : [])];
        wrong.push(...said.map((text) => `${file.path}: ${fix.title}: ${text}`));
      }
    }
  }
  assert.deepEqual(wrong, []);
  t.diagnostic(`${tried} fixes of findings in ${found.length} files`);
  assert.ok(tried >= 8);
});

for (const strategy of strategies) {
  test(`real rulesets with FTP: fixing all with ${strategy} harms nothing, and again changes nothing`, (t) => {
    if (!found) return skipWithoutCorpus(t, "real-ftp");
    const wrong: string[] = [];
    let changed = 0;
    for (const { file, analysis } of found) {
      const once = service.fixAll([file], { strategy });
      const text = once.files[0]!.text;
      const note = (what: string) => wrong.push(`${file.path}: ${what}`);
      if (text !== file.text) changed++;
      for (const what of damage(analysis, once.analysis)) note(what);
      if (service.fixAll([{ ...file, text }], { strategy }).files[0]!.text !== text) note("changed again");
      const left = aboutFtp(once.analysis).filter(({ severity }) => severity !== "hint");
      const declined = once.remaining.map(({ diagnostic }) => diagnostic.code);
      for (const { code } of left) if (!declined.includes(code)) note(`${code} stays, and nothing says why`);
    }
    assert.deepEqual(wrong, []);
    t.diagnostic(`${changed} of ${found.length} files changed`);
    assert.ok(changed >= 3);
  });
}
