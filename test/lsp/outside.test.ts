import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { withEditor } from "./editor.ts";

/** What lies outside: whoever reads it gets the finding about port 21. */
const SECRET = `iptables -P INPUT DROP
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
`;

/** Whether a script in a workspace beside which a secret file lies gets to read it, by the name that it uses. */
async function reads(name: (folder: string) => string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "ftp-firewall-outside-"));
  try {
    for (const one of ["work", "secret"]) mkdirSync(join(folder, one));
    writeFileSync(join(folder, "secret", "rules.sh"), SECRET);
    writeFileSync(join(folder, "work", "own.sh"), SECRET);
    symlinkSync(join(folder, "secret", "rules.sh"), join(folder, "work", "link.sh"));
    symlinkSync(join(folder, "secret"), join(folder, "work", "linked"));
    symlinkSync(join(folder, "work"), join(folder, "workspace"));
    const workspace = pathToFileURL(join(folder, "workspace")).href;
    const uri = `${workspace}/fw.sh`;
    let found = false;
    await withEditor({ workspace }, async (editor) => {
      await editor.open(uri, "shellscript", `iptables -F\n. ${name(folder)}\n`);
      const { text } = await editor.connection.sendRequest<{ text: string }>("ftp-firewall/expand", {
        textDocument: { uri },
      });
      found = text.includes("--dport 21");
    });
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a script sources what lies in the workspace, also where that is a symbolic link", async () => {
  assert.equal(await reads(() => "./own.sh"), true);
  assert.equal(await reads((folder) => `${folder}/workspace/own.sh`), true);
});

for (const [what, name] of [
  ["..", () => "../secret/rules.sh"],
  [".. behind a folder", () => "./x/../../secret/rules.sh"],
  ["an absolute path", (folder: string) => `${folder}/secret/rules.sh`],
  ["an absolute path with ..", (folder: string) => `${folder}/workspace/../secret/rules.sh`],
  ["a URI", (folder: string) => pathToFileURL(`${folder}/secret/rules.sh`).href],
  ["an encoded ..", () => "%2e%2e/secret/rules.sh"],
  ["a symbolic link", () => "./link.sh"],
  ["a folder that is a symbolic link", () => "./linked/rules.sh"],
  ["the home folder", () => "~/rules.sh"],
] as const) {
  test(`a script does not read outside the workspace: ${what}`, async () => {
    assert.equal(await reads(name), false);
  });
}
