import assert from "node:assert/strict";
import { test } from "node:test";
import { BROKEN_NFT, BROKEN_SCRIPT, BROKEN_V4, inFolder } from "./cli.ts";

const COMMENT = "# ftp-firewall: ignore helper-not-assigned — users only log in\n";

/** The ruleset with a comment above the rule for port 21. */
function ignoring(text: string, comment = COMMENT): string {
  return text.replace(/^.*dport 21 .*$/m, (rule) => comment + rule);
}

interface CheckDocument {
  readonly files: readonly {
    readonly diagnostics: readonly {
      readonly code: string;
      readonly severity: string;
      readonly fixes: readonly { readonly title: string; readonly kind: string }[];
    }[];
  }[];
}

test("what a comment ignores is not told, does not count for the exit status, and is not repaired", () => {
  for (const [name, text] of [
    ["a.nft", BROKEN_NFT],
    ["rules.v4", BROKEN_V4],
    ["fw.sh", BROKEN_SCRIPT],
  ] as const) {
    inFolder({ [name]: ignoring(text) }, (folder) => {
      const checked = folder.run(["check", name]);
      assert.deepEqual(checked, { status: 0, stdout: "No problems in 1 file (1 ignored).\n", stderr: "" });
      for (const format of ["json", "sarif", "github"])
        assert.equal(folder.run(["check", name, "--format", format]).status, 0);
      const fixed = folder.run(["fix", name]);
      assert.deepEqual(fixed, { status: 0, stdout: "nothing to repair\n", stderr: "" });
      assert.equal(folder.read(name), ignoring(text));
    });
  }
});

test("a comment that ignores in vain is a hint: exit status 0, and JSON has what removes it", () => {
  const text = `# ftp-firewall: ignore-file passive-data-blocked\n${BROKEN_NFT.replace("tcp dport 21 accept", "")}`;
  inFolder({ "a.nft": text }, (folder) => {
    const { status, document } = folder.json<CheckDocument>(["check", "a.nft"]);
    assert.equal(status, 0);
    const [hint, ...others] = document.files[0]!.diagnostics;
    assert.deepEqual([hint?.code, hint?.severity, others], ["unused-suppression", "hint", []]);
    assert.deepEqual(
      hint!.fixes.map(({ title, kind }) => [title, kind]),
      [["Remove this comment", "comment"]],
    );
    assert.match(folder.run(["check", "a.nft"]).stdout, /^ {4}fix: Remove this comment$/m);
  });
});

test("a comment with a code that does not exist is an error: exit status 1", () => {
  inFolder({ "rules.v4": ignoring(BROKEN_V4, "# ftp-firewall: ignore nothing-of-the-kind\n") }, (folder) => {
    const { status, stdout } = folder.run(["check", "rules.v4", "--fail-on", "error"]);
    assert.equal(status, 1);
    assert.match(stdout, /^rules\.v4:6:24 error unknown-check: There is no check “nothing-of-the-kind”/m);
  });
});

test("fix says nothing of comments, and does not touch them", () => {
  const text = ignoring(BROKEN_V4, "# ftp-firewall: ignore passive-data-blocked\n");
  inFolder({ "rules.v4": text }, (folder) => {
    const { status, stdout } = folder.run(["fix", "rules.v4"]);
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, /passive-data-blocked/);
    assert.match(folder.read("rules.v4"), /^# ftp-firewall: ignore passive-data-blocked$/m);
  });
});

test("a check that does not exist in .ftp-firewall.json: exit status 2, and one line that names the file", () => {
  const files = { "a.nft": BROKEN_NFT, ".ftp-firewall.json": '{ "checks": { "passive-blocked": "off" } }' };
  inFolder(files, (folder) => {
    for (const command of ["check", "fix"]) {
      const { status, stdout, stderr } = folder.run([command, "a.nft"]);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(
        stderr,
        /^ftp-firewall: \S*\.ftp-firewall\.json: checks names “passive-blocked”, which is no check \(did you mean passive-data-blocked\?\)\n$/,
      );
    }
  });
});
