import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { configOf, exampleBelow, sectionOf } from "../../scripts/docs/page.ts";
import { CODES } from "../../server/src/checks/codes.ts";
import { CHECKS } from "../../server/src/checks/registry.ts";
import { BROKEN_NFT, cliFile, inFolder } from "./cli.ts";

const PAGES = new URL("../../docs/checks/", import.meta.url);
const codes = readdirSync(PAGES)
  .filter((name) => name.endsWith(".md") && name !== "README.md")
  .map((name) => name.slice(0, -".md".length))
  .sort();

test("every check has a page, and every page is built into the program", () => {
  for (const { id } of CHECKS) assert.ok(codes.includes(id), `docs/checks/${id}.md is missing`);
  inFolder({}, (folder) => {
    const { status, stdout } = folder.run(["explain"]);
    assert.equal(status, 0);
    const [checks, others] = stdout.trimEnd().split(/\n\n.*:\n/) as [string, string];
    assert.match(others, /^undefined-chain +error +A rule names a chain/m);
    const lines = checks.split("\n");
    assert.deepEqual(
      lines.map((line) => line.split(" ")[0]),
      codes,
    );
    for (const line of [...lines, ...others.split("\n")])
      assert.match(line, /^[a-z0-9-]+ {2,}(?:error|warning|info|hint|off) +\S.{10,}\.$/);
  });
});

test("every code that can be reported is explained", () => {
  inFolder({}, (folder) => {
    const listed =
      folder
        .run(["explain"])
        .stdout.match(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+(?= +(?:error|warning|info|hint|off) )/gm) ?? [];
    assert.deepEqual(
      [...listed].sort(),
      CODES.map(({ code }) => code),
    );
    for (const { code } of CODES.filter(({ hasPage }) => !hasPage).slice(0, 3)) {
      const { status, stdout } = folder.run(["explain", code]);
      assert.equal(status, 0, code);
      assert.ok(stdout.startsWith(`# ${code}\n\n`), code);
    }
  });
});

test("prints the page", () => {
  inFolder({}, (folder) => {
    for (const code of codes) {
      const page = readFileSync(new URL(`${code}.md`, PAGES), "utf8");
      assert.deepEqual(folder.run(["explain", code]), { status: 0, stdout: page, stderr: "" });
    }
  });
});

test("the pages show what the tool prints", () => {
  for (const code of codes) {
    const page = readFileSync(new URL(`${code}.md`, PAGES), "utf8");
    const example = exampleBelow(page, "Faulty");
    const { files, serverFiles } = example;
    const [, shown] = /^```text\n([\s\S]*?)^```$/m.exec(sectionOf(page, "Output")) ?? [];
    const config = JSON.stringify(configOf(example, code));
    const all = [...files, ...serverFiles].map(({ path, text }) => [path, text] as const);
    inFolder({ ...Object.fromEntries(all), ".ftp-firewall.json": config }, (folder) => {
      assert.equal(folder.run(["check", ...files.map(({ path }) => path)]).stdout, shown, code);
    });
  }
});

test("an unknown code: exit status 2 and what is near", () => {
  inFolder({}, (folder) => {
    const near = folder.run(["explain", "passive-blocked"]);
    assert.deepEqual([near.status, near.stdout], [2, ""]);
    assert.match(
      near.stderr,
      /^ftp-firewall: there is no check “passive-blocked”; did you mean passive-data-blocked[^\n]*\n$/,
    );
    assert.match(folder.run(["explain", "xyz"]).stderr, /`ftp-firewall explain` lists them/);
    assert.equal(folder.run(["explain", "constructor"]).status, 2);
  });
});

test("a reader that leaves early is no error", () => {
  inFolder({ "a.nft": BROKEN_NFT }, (folder) => {
    const many = Array.from({ length: 60 }, () => "a.nft").map((name, i) => {
      folder.write(`${i}.nft`, BROKEN_NFT);
      return name.replace("a", String(i));
    });
    const command = `"${process.execPath}" "${cliFile}" check ${many.join(" ")} --format json | head -c 10`;
    const { stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: folder.path, encoding: "utf8" });
    assert.equal(stdout, '{\n  "versi');
    assert.equal(stderr, "");
  });
});

test("the language server's program says how to start it", () => {
  const server = fileURLToPath(new URL("../../dist/server.cjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [server], { encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, /--stdio/);
});
