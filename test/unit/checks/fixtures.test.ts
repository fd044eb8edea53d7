import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SETTINGS, Service, type SourceFile } from "../../../server/src/service.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { LineIndex } from "../../../server/src/text/line-index.ts";
import { type Fixture, readFixtures } from "../../fixtures/read.ts";

const service = new Service();

function source({ path, text, dialect, family }: Fixture): SourceFile {
  return { path, text, dialect, family };
}

/** Diagnostics in the form of the expectation lines. */
function shown(files: readonly SourceFile[], { serverFiles }: Fixture): string[] {
  const { diagnostics } = service.analyse(files, { serverFiles });
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
      const before = service.analyse([file], { serverFiles });
      const once = service.fixAll([file], { strategy, serverFiles });
      const fixed = { ...file, text: once.files[0]!.text };
      assert.equal(applyEdits(file.text, once.files[0]!.edits), fixed.text);
      const left = service.analyse([fixed], { serverFiles });
      assert.deepEqual(
        left.diagnostics.filter((one) => one.finding && one.severity !== "hint").map((one) => one.code),
        once.remaining.map((one) => one.diagnostic.code),
      );
      assert.deepEqual(
        left.diagnostics.filter((one) => !one.finding).map((one) => one.code),
        before.diagnostics.filter((one) => !one.finding).map((one) => one.code),
      );
      for (const one of once.remaining) assert.match(one.reason, /\w{3}/);
      assert.equal(service.fixAll([fixed], { strategy, serverFiles }).files[0]!.text, fixed.text);
    });
  }
}

test("a finding's quick fix leaves the other verdicts as they were", () => {
  for (const fixture of readFixtures()) {
    const file = source(fixture);
    const { serverFiles } = fixture;
    const analysis = service.analyse([file], { settings: DEFAULT_SETTINGS, serverFiles });
    for (const diagnostic of analysis.diagnostics.filter((one) => one.finding)) {
      for (const fix of service.fixesFor(analysis, diagnostic).fixes) {
        const edited = (path: string, text: string) =>
          applyEdits(
            text,
            fix.edits.filter((edit) => edit.path === path),
          );
        const fixed = { ...file, text: edited(file.path, file.text) };
        const after = service.analyse([fixed], {
          serverFiles: serverFiles.map(({ path, text }) => ({ path, text: edited(path, text) })),
        });
        const worked = (cases: typeof analysis.cases) =>
          cases
            .filter((one) => one.classes.every((each) => each.verdict.verdict === "works"))
            .map((one) => `${one.role} ${one.mode} ${one.family}`);
        // What a guess turns to is another kind of session.
        const isGuess = diagnostic.finding?.mends?.some((one) => one.isGuess) ?? false;
        for (const one of isGuess ? [] : worked(analysis.cases))
          assert.ok(worked(after.cases).includes(one), `${fixture.name}: ${one}`);
        assert.ok(
          !after.diagnostics.some(
            (one) => one.code === diagnostic.code && one.message === diagnostic.message,
          ),
          `${fixture.name}: ${diagnostic.code} stays after "${fix.title}"`,
        );
      }
    }
  }
});
