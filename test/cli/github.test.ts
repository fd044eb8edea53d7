import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BROKEN_NFT, BROKEN_SCRIPT, BROKEN_V4, type Folder, inFolder, type RunOptions } from "./cli.ts";

interface Annotation {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads one line as GitHub's runner does (Runner.Common/ActionCommand.cs). */
function parse(line: string): Annotation {
  const [, command, list, message] = /^::([a-z]+) (.*?)::(.*)$/.exec(line) ?? assert.fail(line);
  const properties = list!.split(",").map((one) => {
    const at = one.indexOf("=");
    return [
      one.slice(0, at),
      unescaped(
        one
          .slice(at + 1)
          .replaceAll("%3A", ":")
          .replaceAll("%2C", ","),
      ),
    ];
  });
  return { command: command!, properties: Object.fromEntries(properties), message: unescaped(message!) };
}

function unescaped(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function annotations(folder: Folder, args: readonly string[], options?: RunOptions): Annotation[] {
  const { stdout, stderr } = folder.run(["check", ...args, "--format", "github"], options);
  assert.equal(stderr, "");
  return stdout === "" ? [] : stdout.replace(/\n$/, "").split("\n").map(parse);
}

test("one annotation for each finding, with the columns of the rule", () => {
  inFolder({ "a.nft": BROKEN_NFT }, (folder) => {
    assert.equal(folder.run(["check", "a.nft", "--format", "github"]).status, 1);
    const [{ command, properties, message }, ...others] = annotations(folder, ["a.nft"]) as [Annotation];
    assert.deepEqual(others, []);
    assert.equal(command, "warning");
    assert.deepEqual(properties, {
      file: "a.nft",
      line: "6",
      endLine: "6",
      col: "5",
      endColumn: "23",
      title: "helper-not-assigned",
    });
    assert.match(message, /^Passive FTP logs in here/);
  });
});

test("names and messages with characters that mean something to the runner", () => {
  for (const name of ["a,b.v4", "a:b.v4", "100% a%2Cb.v4", "x::y.v4"]) {
    const text = BROKEN_V4.replace("COMMIT", "-A INPUT -p tcp --dport 99%0A::error -j ACCEPT\nCOMMIT");
    inFolder({ [name]: text }, (folder) => {
      const all = annotations(folder, [name]);
      for (const { properties } of all) assert.equal(properties.file, name);
      assert.ok(
        all.some(({ message }) => message.includes("%0A::error")),
        all.map(({ message }) => message).join("\n"),
      );
    });
  }
});

test("a finding over several lines has no columns", () => {
  inFolder({ "fw.sh": BROKEN_SCRIPT.replace("--dport 21 -j", "--dport 21 \\\n  -j") }, (folder) => {
    const [{ properties }] = annotations(folder, ["fw.sh"]) as [Annotation];
    assert.deepEqual(properties, { file: "fw.sh", line: "4", endLine: "5", title: "helper-not-assigned" });
  });
});

test("no range ends before it begins", () => {
  const broken = [
    "table",
    "*filter\n-A INPUT",
    "*filter\n",
    "tcp dport {\n\n",
    "table inet f {\n\tchain c {\n",
  ];
  for (const dialect of ["nft", "iptables-save", "shell"]) {
    for (const text of broken) {
      inFolder({ file: text }, (folder) => {
        for (const { properties } of annotations(folder, ["file", "--dialect", dialect])) {
          const { line, endLine, col = "1", endColumn = "1" } = properties;
          assert.ok(Number(line) <= Number(endLine), JSON.stringify(properties));
          assert.ok(Number(endLine) <= text.split("\n").length, JSON.stringify(properties));
          assert.ok(Number(col) <= Number(endColumn) || line !== endLine, JSON.stringify(properties));
        }
      });
    }
  }
});

test("errors, warnings and notices", () => {
  const hint = BROKEN_NFT.replace("dport 21", "dport { 21, 50000-51000 }");
  inFolder({ "a.nft": BROKEN_NFT, "b.nft": hint, "c.nft": "bogus\n" }, (folder) => {
    assert.deepEqual(
      annotations(folder, ["a.nft", "b.nft", "c.nft"]).map(({ command }) => command),
      ["warning", "notice", "error"],
    );
  });
});

test("paths are those of the repository; standard input has none", () => {
  inFolder({ "repo/etc/rules.v4": BROKEN_V4 }, (folder) => {
    // As in a worktree and in a submodule.
    writeFileSync(join(folder.path, "repo/.git"), "gitdir: elsewhere\n");
    const inside: RunOptions = { cwd: "repo/etc", input: BROKEN_V4 };
    const fileOf = (args: readonly string[]) => annotations(folder, args, inside)[0]!.properties.file;
    assert.equal(fileOf(["rules.v4"]), "etc/rules.v4");
    assert.equal(fileOf(["."]), "etc/rules.v4");
    assert.equal(fileOf(["-", "--stdin-filename", "rules.v4"]), "etc/rules.v4");
    assert.deepEqual(annotations(folder, ["-"], inside)[0]!.properties, { title: "helper-not-assigned" });
  });
});
