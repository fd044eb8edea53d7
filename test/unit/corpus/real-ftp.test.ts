import assert from "node:assert/strict";
import { test } from "node:test";
import { type Analysis, type Diagnostic, Service } from "../../../server/src/service.ts";
import { skipWithoutCorpus } from "../syntax/nftables-corpus.ts";
import { aboutFtp, readRecord, recording, showFindings, writeRecord } from "./findings.ts";
import { type LabelRow, labelRows, realFiles } from "./real-files.ts";

const RECORD = "real-ftp.txt";

const service = new Service();
const analyses = realFiles("real-ftp")?.map((file) => [file.path, service.analyse([file])] as const);

test("real rulesets with FTP: exactly the findings that are recorded and were reviewed", (t) => {
  if (!analyses) return skipWithoutCorpus(t, "real-ftp");
  const found = new Map(analyses.map(([path, analysis]) => [path, showFindings(analysis)]));
  if (recording) writeRecord(RECORD, found);
  assert.deepEqual([...found], [...readRecord(RECORD)]);
  assert.ok(found.size >= 30);
});

/** Modes of which a label says what no finding may or must say, each with what the file shows when it is read again. */
const MISLABELLED: Readonly<Record<string, string>> = {
  "real-ftp/save/firemanxbr-etc-sysconfig-iptables active":
    "port 21 stands in a comment only; no rule names it or the helper, so nothing says that FTP is meant",
};

/** Codes that say that a session's data connection, or its login, does not pass. */
const FAILING: ReadonlySet<string> = new Set([
  "active-data-blocked",
  "passive-data-blocked",
  "helper-not-assigned",
  "helper-cannot-read-tls",
  "passive-range-mismatch",
  "control-replies-blocked",
  "neighbour-discovery-blocked",
]);

const MODES = ["active", "passive"] as const;

function failures(analysis: Analysis, { role }: LabelRow, mode: string): Diagnostic[] {
  return aboutFtp(analysis).filter(
    ({ code, finding }) =>
      FAILING.has(code) &&
      finding!.cases.some((one) => one.mode === mode && (role === "mixed" || one.role === role)),
  );
}

test("real rulesets with FTP: what somebody read in them is what is found", (t) => {
  if (!analyses) return skipWithoutCorpus(t, "real-ftp");
  const wrong: string[] = [];
  const mislabelled = new Set<string>();
  const counts = { failing: 0, passing: 0 };
  for (const row of labelRows().filter(({ control }) => control === "yes")) {
    const analysis = analyses.find(([path]) => path === row.path)?.[1];
    assert.ok(analysis, `${row.path} is labelled and cannot be read`);
    for (const mode of MODES) {
      const label = row[mode];
      const said = failures(analysis, row, mode).map(({ severity, code }) => `${severity} ${code}`);
      const differs = label === "yes" ? said.length > 0 : fails(label) && !said.some(isLoud);
      if (label === "yes") counts.passing++;
      else if (fails(label)) counts.failing++;
      const name = `${row.path} ${mode}`;
      if (!differs) continue;
      if (Object.hasOwn(MISLABELLED, name)) mislabelled.add(name);
      else
        wrong.push(`${name} on the ${row.role} is labelled ${label}; found: ${said.join(", ") || "nothing"}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual([...mislabelled], Object.keys(MISLABELLED), "a label that is right after all");
  t.diagnostic(`${counts.failing} modes labelled as failing, ${counts.passing} as passing`);
  assert.ok(counts.failing >= 10 && counts.passing >= 10);
});

function fails(label: string): boolean {
  return label === "no" || label === "helper";
}

function isLoud(said: string): boolean {
  return !said.startsWith("hint ");
}
