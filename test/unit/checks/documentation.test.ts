import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import {
  codesReported,
  codesWithConfiguration,
  FAILURE_MODES,
  modesOfPage,
} from "../../../scripts/docs/failure-modes.ts";
import { generateDocs, pageCodes } from "../../../scripts/docs/generate.ts";
import {
  checkOutput,
  type Example,
  exampleBelow,
  HEADINGS,
  sectionOf,
  settingsFor,
} from "../../../scripts/docs/page.ts";
import { CODES, findCode } from "../../../server/src/checks/codes.ts";
import { CHECKS, repairWay } from "../../../server/src/checks/registry.ts";
import { Service, type Strategy } from "../../../server/src/service.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";

const root = new URL("../../../", import.meta.url);
const service = new Service();
const modes = new Map(
  FAILURE_MODES.map((mode) => [
    mode.number,
    { plain: codesReported(mode), configured: codesWithConfiguration(mode) },
  ]),
);

/** What the fixes of a strategy make of a page's example. */
function fixedTexts(code: string, { files, serverFiles }: Example, strategy: Strategy): string[] {
  const options = { serverFiles, settings: settingsFor(code) };
  const analysis = service.analyse(files, options);
  const found = analysis.diagnostics.find((one) => one.code === code)!;
  if (!found.finding?.mends?.some((one) => one.isGuess))
    return service.fixAll(files, { strategy, ...options }).files.map(({ text }) => text);
  // Nothing is changed by a guess without being asked: it is what the editor offers first.
  const edits = service.fixesFor(analysis, found).fixes[0]?.edits ?? [];
  return files.map(({ path, text }) =>
    applyEdits(
      text,
      edits.filter((edit) => edit.path === path),
    ),
  );
}

for (const code of pageCodes()) {
  const name = `docs/checks/${code}.md`;
  const page = readFileSync(new URL(name, root), "utf8");

  test(`${name}: its headings, in their order`, () => {
    assert.ok(page.startsWith(`# ${code}\n\n`));
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(headings, [...HEADINGS]);
  });

  test(`${name}: the faulty example has the finding, the fixed one is silent about it`, () => {
    const codes = (heading: "Faulty" | "Fixed") => {
      const { files, serverFiles } = exampleBelow(page, heading);
      assert.ok(files.length > 0, `an example below "${heading}"`);
      const { diagnostics } = service.analyse(files, { serverFiles, settings: settingsFor(code) });
      return diagnostics.map((one) => one.code);
    };
    assert.ok(codes("Faulty").includes(code), codes("Faulty").join());
    assert.ok(!codes("Fixed").includes(code));
  });

  test(`${name}: below "Output" is exactly what the command line tool prints`, () => {
    const [, shown] = /^```text\n([\s\S]*?)^```$/m.exec(sectionOf(page, "Output")) ?? [];
    assert.equal(shown, checkOutput(exampleBelow(page, "Faulty"), code), "run `npm run generate`");
  });

  test(`${name}: each failure mode that it claims is reported by it`, () => {
    const claimed = modesOfPage(page);
    assert.ok(claimed, "it does not say which failure modes it covers; `npm run generate` proposes a line");
    for (const number of claimed) {
      const reported = modes.get(number);
      assert.ok(reported, `there is no mode ${number}`);
      assert.ok(reported.plain.has(code) || reported.configured.has(code), `mode ${number} is not reported`);
    }
  });

  if (repairWay(code) !== "none") {
    test(`${name}: the fixed example is what the quick fix makes of the faulty one`, () => {
      const example = exampleBelow(page, "Faulty");
      const wanted = exampleBelow(page, "Fixed").files.map(({ text }) => text);
      const fixed = (strategy: Strategy) => fixedTexts(code, example, strategy);
      if (fixed("ports").join() !== wanted.join()) assert.deepEqual(fixed("helper"), wanted);
    });
  }
}

test("one name everywhere: each check has its file, its page and its fixtures, in sorted order", () => {
  const ids = CHECKS.map((check) => check.id);
  assert.deepEqual(ids, [...ids].sort());
  for (const id of ids) {
    for (const path of [`server/src/checks/${id}.ts`, `docs/checks/${id}.md`, `test/fixtures/${id}`]) {
      assert.ok(existsSync(new URL(path, root)), path);
    }
  }
});

test("the codes that have a page are those that say so", () => {
  const paged = CODES.filter(({ hasPage }) => hasPage).map(({ code }) => code);
  assert.deepEqual(pageCodes(), paged);
});

test("every code that the sources report is known, with a line that explains it", () => {
  const folder = new URL("server/src/", root);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
  const written = sources.flatMap((text) =>
    [...text.matchAll(/\bcode: "([a-z]+(?:-[a-z]+)+)"/g)].map(([, code]) => code!),
  );
  assert.ok(new Set(written).size > 20, "the pattern finds too little");
  for (const code of written) assert.ok(findCode(code), code);
  for (const { title } of CODES) assert.match(title, /^(?:`|[A-Z]|nft).{10,110}[^.]$/);
});

test("the catalogue of failure modes has the folders' numbers", () => {
  const catalogue = readFileSync(new URL("docs/failure-modes.md", root), "utf8");
  const rows = [...catalogue.matchAll(/^\| (\d+) \| (.+?) \|/gm)];
  assert.deepEqual(
    rows.map(([, number]) => Number(number)),
    FAILURE_MODES.map(({ number }) => number),
  );
});

test("what `npm run generate` writes is up to date", () => {
  const stale = generateDocs()
    .filter((file) => file.stale)
    .map(({ path }) => path);
  assert.deepEqual(stale, [], "run `npm run generate`");
});

test("no link of the documentation leads nowhere", () => {
  for (const folder of ["docs/", "docs/checks/"]) {
    for (const name of readdirSync(new URL(folder, root)).filter((one) => one.endsWith(".md"))) {
      const text = readFileSync(new URL(folder + name, root), "utf8");
      for (const [, target, anchor] of text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)) {
        const file = new URL(target === "" ? name : target!, new URL(folder, root));
        assert.ok(existsSync(file), `${folder}${name}: ${target}`);
        if (anchor === undefined) continue;
        const anchors = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
          heading!
            .toLowerCase()
            .replace(/[^\w\s-]/g, "")
            .replace(/\s/g, "-"),
        );
        assert.ok(anchors.includes(anchor), `${folder}${name}: ${target}#${anchor}`);
      }
    }
  }
});
