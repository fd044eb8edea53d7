import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding } from "../../../server/src/checks/check.ts";
import { findCode } from "../../../server/src/checks/codes.ts";
import { repairWay } from "../../../server/src/checks/registry.ts";
import { sameCase } from "../../../server/src/fixes/session-outcomes.ts";
import type { SessionCase } from "../../../server/src/ftp/judgement.ts";
import type { Role } from "../../../server/src/ftp/scenario.ts";
import {
  type Analysis,
  DEFAULT_SETTINGS,
  type Diagnostic,
  Service,
  type Settings,
  type SourceFile,
} from "../../../server/src/service.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { LineIndex } from "../../../server/src/text/line-index.ts";
import { type Fixture, readFixtures } from "../../fixtures/read.ts";

const service = new Service();

/** A check that is off unless asked for is asked for in its own fixtures. */
function settingsFor({ name }: Fixture): Settings {
  const code = name.split("/")[0]!;
  const isOff = findCode(code)?.level === "off";
  return { ...DEFAULT_SETTINGS, checks: isOff ? { [code]: "hint" } : {} };
}

/** What `fix` leaves alone without a word: hints that no text of the file could answer. */
function isAdvice({ finding }: Diagnostic): boolean {
  return finding?.severity === "hint" && repairWay(finding.code) === "none";
}

function isGuess({ mends = [] }: Finding): boolean {
  return mends.some((one) => one.isGuess);
}

function works({ classes }: SessionCase): boolean {
  return classes.every(({ verdict }) => verdict.verdict === "works");
}

function source({ path, text, dialect, family }: Fixture): SourceFile {
  return { path, text, dialect, family };
}

/** Diagnostics in the form of the expectation lines. */
function shown(files: readonly SourceFile[], fixture: Fixture): string[] {
  const { serverFiles } = fixture;
  const { diagnostics } = service.analyse(files, { serverFiles, settings: settingsFor(fixture) });
  return diagnostics.map(({ severity, code, message, place }) => {
    const lines = new LineIndex(files.find((file) => file.path === place.path)!.text);
    const { start, end } = lines.range(place.span);
    return `${start.line}:${start.character}-${end.character} ${severity} ${code}: ${message}`;
  });
}

for (const fixture of readFixtures()) {
  test(`${fixture.name}: exactly the diagnostics written below its lines`, () => {
    const actual = shown([source(fixture)], fixture);
    const expected = fixture.expected.map(
      ({ line, from, to, severity, code, message }) =>
        `${line}:${from}-${to} ${severity} ${code}: ${message}`,
    );
    assert.deepEqual(
      actual.map((text, i) => (text.startsWith(expected[i] ?? "\0") ? expected[i] : text)),
      expected,
    );
  });

  for (const strategy of ["helper", "ports"] as const) {
    test(`${fixture.name}: after fixing with ${strategy} it is silent, or says why not; again changes nothing`, () => {
      const file = source(fixture);
      const { serverFiles } = fixture;
      const options = { serverFiles, settings: settingsFor(fixture) };
      const before = service.analyse([file], options);
      const once = service.fixAll([file], { strategy, ...options });
      const fixed = { ...file, text: once.files[0]!.text };
      assert.equal(applyEdits(file.text, once.files[0]!.edits), fixed.text);
      const left = service.analyse([fixed], options);
      assert.deepEqual(
        left.diagnostics.filter((one) => one.finding && !isAdvice(one)).map((one) => one.code),
        once.remaining.map((one) => one.diagnostic.code),
      );
      assert.deepEqual(
        left.diagnostics.filter((one) => !one.finding).map((one) => one.code),
        before.diagnostics.filter((one) => !one.finding).map((one) => one.code),
      );
      for (const one of once.remaining) assert.match(one.reason, /\w{3}/);
      assert.equal(service.fixAll([fixed], { strategy, ...options }).files[0]!.text, fixed.text);
    });
  }
}

test("a finding's quick fix leaves the other verdicts as they were", () => {
  for (const fixture of readFixtures()) {
    const file = source(fixture);
    const { serverFiles } = fixture;
    const settings = settingsFor(fixture);
    const analysis = service.analyse([file], { settings, serverFiles });
    for (const diagnostic of analysis.diagnostics.filter((one) => one.finding)) {
      for (const fix of service.fixesFor(analysis, diagnostic).fixes) {
        const edited = (path: string, text: string) =>
          applyEdits(
            text,
            fix.edits.filter((edit) => edit.path === path),
          );
        const fixed = { ...file, text: edited(file.path, file.text) };
        const options = {
          serverFiles: serverFiles.map(({ path, text }) => ({ path, text: edited(path, text) })),
        };
        const after = service.analyse([fixed], { ...options, settings });
        // A session of which the rules no longer say that it is meant passes as before.
        const anyway = (role: Role) =>
          service.analyse([fixed], { ...options, settings: { ...settings, roles: [role] } }).cases;
        // What a guess turns to is another kind of session.
        for (const one of isGuess(diagnostic.finding!) ? [] : analysis.cases.filter(works)) {
          const same = sameCase(after.cases, one) ?? sameCase(anyway(one.role), one);
          assert.ok(same && works(same), `${fixture.name}: ${one.role} ${one.mode} ${one.family}`);
        }
        const complaints = ({ diagnostics }: Analysis) =>
          diagnostics.filter((one) => one.code === diagnostic.code && one.message === diagnostic.message);
        assert.ok(
          complaints(after).length < complaints(analysis).length,
          `${fixture.name}: ${diagnostic.code} stays after "${fix.title}"`,
        );
      }
    }
  }
});
