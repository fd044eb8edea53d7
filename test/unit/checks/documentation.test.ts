import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { findCode } from "../../../server/src/checks/codes.ts";
import { CHECKS, repairWay } from "../../../server/src/checks/registry.ts";
import {
  type ConfigFile,
  DEFAULT_SETTINGS,
  Service,
  type Settings,
  type SourceFile,
  type Strategy,
} from "../../../server/src/service.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";

const root = new URL("../../../", import.meta.url);
const service = new Service();

/** The FTP server's configuration beside an example, if the page shows one. */
function serverBelow(page: string, heading: string): { serverFiles: ConfigFile[] } {
  const section = page.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const block = /```conf\n([\s\S]*?)```/.exec(section);
  return { serverFiles: block ? [{ path: "vsftpd.conf", text: block[1]! }] : [] };
}

/** What a block is, by the language that it is fenced as. */
const FILES: Readonly<Record<string, Pick<SourceFile, "path" | "dialect">>> = {
  nft: { path: "example.nft", dialect: "nft" },
  iptables: { path: "rules.v4", dialect: "iptables-save" },
  sh: { path: "firewall.sh", dialect: "shell" },
};

/** The example of a page: the fenced blocks below "Faulty" or "Fixed", each a file of one host, in loading order. */
function exampleBelow(page: string, heading: string): SourceFile[] {
  const section = (page.split(`## ${heading}\n`)[1] ?? "").split("\n## ")[0]!;
  const blocks = [...section.matchAll(/```(nft|iptables|sh)\n([\s\S]*?)```/g)];
  assert.ok(blocks.length > 0, `an example below "${heading}"`);
  return blocks.map(([, language, text]) => ({ ...FILES[language!]!, text: text!, family: 4 }));
}

/** A check that is off unless asked for is asked for on its own page. */
function settingsFor(code: string): Settings {
  const isOff = findCode(code)?.level === "off";
  return { ...DEFAULT_SETTINGS, checks: isOff ? { [code]: "hint" } : {} };
}

/** What the editor offers first, where nothing is changed without being asked. */
function quickFixed(code: string, files: SourceFile[], options: { settings: Settings }): string[] {
  const analysis = service.analyse(files, options);
  const diagnostic = analysis.diagnostics.find((one) => one.code === code)!;
  const edits = service.fixesFor(analysis, diagnostic).fixes[0]?.edits ?? [];
  return files.map(({ path, text }) =>
    applyEdits(
      text,
      edits.filter((edit) => edit.path === path),
    ),
  );
}

const pages = readdirSync(new URL("docs/checks/", root)).filter((name) => name.endsWith(".md"));

for (const name of pages.filter((one) => one !== "README.md")) {
  const code = name.replace(/\.md$/, "");
  const page = readFileSync(new URL(`docs/checks/${name}`, root), "utf8");

  test(`docs/checks/${name}: the faulty example has the finding, the fixed one is silent about it`, () => {
    assert.ok(page.startsWith(`# ${code}\n`));
    const codes = (heading: string) =>
      service
        .analyse(exampleBelow(page, heading), { ...serverBelow(page, heading), settings: settingsFor(code) })
        .diagnostics.map((one) => one.code);
    assert.ok(codes("Faulty").includes(code), codes("Faulty").join());
    assert.ok(!codes("Fixed").includes(code));
  });

  if (repairWay(code) !== "none") {
    test(`docs/checks/${name}: the fixed example is what the quick fix makes of the faulty one`, () => {
      const fixed = (strategy: Strategy) => {
        const files = exampleBelow(page, "Faulty");
        const options = { ...serverBelow(page, "Faulty"), settings: settingsFor(code) };
        const { diagnostics } = service.analyse(files, options);
        const { mends = [] } = diagnostics.find((one) => one.code === code)?.finding ?? {};
        if (mends.some((one) => one.isGuess)) return quickFixed(code, files, options);
        return service.fixAll(files, { strategy, ...options }).files.map(({ text }) => text);
      };
      const wanted = exampleBelow(page, "Fixed").map(({ text }) => text);
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
