import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Check } from "../../../server/src/checks/check.ts";
import { CODES, checksInForce, codeOfCheck, findCode } from "../../../server/src/checks/codes.ts";
import { CHECKS } from "../../../server/src/checks/registry.ts";

const SOURCE = new URL("../../../server/src/", import.meta.url);

const QUIET: Check = {
  id: "quiet-check",
  severity: "warning",
  defaultLevel: "off",
  title: "It is quiet until it is asked for",
  repair: "none",
  run: () => [],
};

test("one list of all codes: sorted, each once, each with a title", () => {
  const codes = CODES.map(({ code }) => code);
  assert.deepEqual(codes, [...new Set(codes)].sort());
  for (const { code, title } of CODES) {
    assert.match(code, /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
    assert.match(title, /^[A-Z`].+[^.]$/, code);
  }
  for (const { id, severity, defaultLevel } of CHECKS)
    assert.equal(findCode(id)?.level, defaultLevel ?? severity);
  assert.equal(findCode("constructor"), undefined);
});

test("every code that is written in the sources is in the list", () => {
  const written = new Set<string>();
  const sources = readdirSync(SOURCE, { recursive: true, encoding: "utf8" });
  for (const name of sources.filter((one) => one.endsWith(".ts"))) {
    const text = readFileSync(new URL(name.replaceAll("\\", "/"), SOURCE), "utf8");
    for (const [, code] of text.matchAll(/\b(?:code: |refused\(|problem\()"([a-z]+(?:-[a-z]+)+)"/gi))
      written.add(code!);
  }
  assert.ok(written.size > 40, `${written.size} codes`);
  assert.deepEqual(
    [...written].filter((code) => !findCode(code)),
    [],
  );
});

test("what is no load error has a page", () => {
  for (const { code, kind } of CODES) {
    const page = existsSync(new URL(`../../docs/checks/${code}.md`, SOURCE));
    assert.equal(page, kind !== "load-error", code);
  }
});

test("a check that is off by default runs where the settings give it a level, and only there", () => {
  const inForce = (levels: Parameters<typeof checksInForce>[0]) =>
    checksInForce(levels, [QUIET, ...CHECKS]).map(({ id }) => id);
  const all = CHECKS.filter(({ defaultLevel }) => defaultLevel !== "off").map(({ id }) => id);
  assert.deepEqual(inForce({}), all);
  assert.deepEqual(inForce({ "quiet-check": "info" }), ["quiet-check", ...all]);
  assert.deepEqual(inForce({ "quiet-check": "off" }), all);
  assert.deepEqual(inForce({ [all[0]!]: "off" }), all.slice(1));
  assert.equal(codeOfCheck(QUIET).level, "off");
});
