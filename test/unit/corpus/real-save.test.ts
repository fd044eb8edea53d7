import assert from "node:assert/strict";
import { test } from "node:test";
import { Service } from "../../../server/src/service.ts";
import { skipWithoutCorpus } from "../syntax/nftables-corpus.ts";
import { aboutFtp, readRecord, recording, showFindings, writeRecord } from "./findings.ts";
import { namesFtp, realFiles } from "./real-files.ts";

const RECORD = "real-save.txt";

const service = new Service();

test("real rulesets: those that do not name FTP are told nothing of it", (t) => {
  const files = realFiles("real-save");
  if (!files) return skipWithoutCorpus(t, "real-save");
  const silent = files.filter(({ text }) => !namesFtp(text));
  const said = silent.flatMap((file) =>
    aboutFtp(service.analyse([file])).map(({ code, message }) => `${file.path}: ${code}: ${message}`),
  );
  assert.deepEqual(said, []);
  t.diagnostic(`${silent.length} of ${files.length} files do not name FTP`);
  assert.ok(silent.length >= 30);
});

test("real rulesets that name FTP: exactly the findings that are recorded and were reviewed", (t) => {
  const files = realFiles("real-save");
  if (!files) return skipWithoutCorpus(t, "real-save");
  const naming = files.filter(({ text }) => namesFtp(text));
  const found = new Map(naming.map((file) => [file.path, showFindings(service.analyse([file]))]));
  if (recording) writeRecord(RECORD, found);
  assert.deepEqual([...found], [...readRecord(RECORD)]);
  assert.ok(found.size >= 10);
});
