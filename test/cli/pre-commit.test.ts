import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dialectOfName } from "../../server/src/syntax/detect.ts";
import { BROKEN_NFT, BROKEN_V4, cliFile, inFolder } from "./cli.ts";

const root = new URL("../../", import.meta.url);
const hooks = readFileSync(new URL(".pre-commit-hooks.yaml", root), "utf8");
const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

/** The value of a key; of one that is quoted, what stands in the quotes. */
function hookValue(key: string): string {
  const found = new RegExp(`^(?:- |  )${key}: (.*)$`, "m").exec(hooks);
  assert.ok(found, key);
  return found[1]!.replace(/^'(.*)'$/, "$1");
}

const RULESETS = [
  "home.nft",
  "etc/nftables.conf",
  "/etc/nftables.d/20-ftp",
  "rules.v4",
  "etc/iptables/rules.v6",
  "iptables.rules",
  "ip6tables.rules",
  "iptables-save.txt",
  "backup/ip6tables-save-2024",
  "etc/sysconfig/iptables",
  "etc/sysconfig/ip6tables",
  "before.rules",
  "after.rules",
  "etc/ufw/user.rules",
  "before6.rules",
  "after6.rules",
  "user6.rules",
];

const OTHERS = [
  "70-udev.rules",
  "snort/local.rules",
  "rules.v4.bak",
  "my-rules.v4",
  "vsftpd.conf",
  "nftables.conf.example",
  "nftables.d/old/notes.txt",
  "firewall.sh",
  "sysconfig/iptables-config",
  "README.md",
];

test("the hook is for the files that are recognised by their names, and for no others", () => {
  const pattern = new RegExp(hookValue("files"));
  for (const name of [...RULESETS, ...OTHERS]) {
    assert.equal(pattern.test(name), RULESETS.includes(name), name);
    assert.equal(dialectOfName(name) !== undefined, RULESETS.includes(name), name);
  }
});

test("the hook's command is one that the package installs", () => {
  assert.deepEqual(
    [hookValue("id"), hookValue("language"), hookValue("require_serial")],
    ["ftp-firewall", "node", "true"],
  );
  const [program, ...args] = hookValue("entry").split(" ");
  assert.equal(new URL(manifest.bin[program!], root).href, new URL(`file://${cliFile}`).href);
  inFolder({ "a.nft": BROKEN_NFT, "rules.v4": BROKEN_V4 }, (folder) => {
    const { status, stdout, stderr } = folder.run([...args, "a.nft", "rules.v4"]);
    assert.deepEqual([status, stderr], [1, ""]);
    assert.match(stdout, /^2 problems \(2 warnings\) in 2 files\.$/m);
  });
});
