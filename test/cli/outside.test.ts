import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { inFolder } from "./cli.ts";

const SECRET = "iptables -A INPUT -p tcp --dport 21 -j ACCEPT\n";

/** Whether a script in the current folder, beside which a secret file lies, gets to read it by the name that it uses. */
function reads(name: (folder: string) => string): boolean {
  let found = false;
  inFolder({ "secret/rules.sh": SECRET, "inside/own.sh": SECRET }, (folder) => {
    const at = (path: string) => join(folder.path, path);
    mkdirSync(at("home"));
    folder.write("home/rules.sh", SECRET);
    symlinkSync(at("secret/rules.sh"), at("inside/link.sh"));
    symlinkSync(at("secret"), at("inside/linked"));
    folder.write("inside/fw.sh", `iptables -F\n. ${name(folder.path)}\n`);
    const { status, stdout } = folder.run(["expand", "fw.sh"], { cwd: "inside", env: { HOME: at("home") } });
    assert.equal(status, 0);
    found = stdout.includes("--dport 21");
  });
  return found;
}

test("a script sources what lies beside it", () => {
  assert.equal(
    reads(() => "./own.sh"),
    true,
  );
  assert.equal(
    reads((folder) => `${folder}/inside/own.sh`),
    true,
  );
});

for (const [what, name] of [
  ["..", () => "../secret/rules.sh"],
  [".. behind a folder", () => "./x/../../secret/rules.sh"],
  ["an absolute path", (folder: string) => `${folder}/secret/rules.sh`],
  ["an absolute path with ..", (folder: string) => `${folder}/inside/../secret/rules.sh`],
  ["a URI", (folder: string) => pathToFileURL(`${folder}/secret/rules.sh`).href],
  ["a symbolic link", () => "./link.sh"],
  ["a folder that is a symbolic link", () => "./linked/rules.sh"],
  ["the home folder", () => "~/rules.sh"],
] as const) {
  test(`a script does not read outside the current folder: ${what}`, () => {
    assert.equal(reads(name), false);
  });
}
