import assert from "node:assert/strict";
import { test } from "node:test";
import type { Snapshot } from "../../../server/src/convert/host.ts";
import { expandedText, expandHost } from "../../../server/src/features/expand/expand.ts";
import { DEFAULT_SETTINGS, Service } from "../../../server/src/service.ts";

const RULE = 'iptables -A INPUT -i "$WAN" -j ACCEPT\n';

/** The rules that result, by the settings' values; `files` are there to be sourced. */
function rules(
  text: string,
  assume: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): string[] {
  const snapshot: Snapshot = {
    read: (path) => (files[path] === undefined ? "missing" : { path, text: files[path] }),
  };
  const source = { path: "fw.sh", text, dialect: "shell", family: 4 } as const;
  const { host } = new Service().analyse([source], { settings: { ...DEFAULT_SETTINGS, assume }, snapshot });
  const lines = expandedText(expandHost(host), ({ file }) => file).map((line) => line.text);
  return lines.filter((line) => line.includes("-A INPUT"));
}

test("the settings say what a variable holds that the script does not set", () => {
  assert.deepEqual(rules(RULE, { WAN: "eth0" }), ["-A INPUT -i eth0 -j ACCEPT"]);
  assert.deepEqual(rules(`WAN=$(cat /etc/wan)\n${RULE}`, { WAN: "eth0" }), ["-A INPUT -i eth0 -j ACCEPT"]);
  assert.deepEqual(rules(`WAN=\${1:-eth1}\n${RULE}`, { "1": "eth0" }), ["-A INPUT -i eth0 -j ACCEPT"]);
});

test("what the script says itself counts more, and so does its comment", () => {
  assert.deepEqual(rules(`WAN=ppp0\n${RULE}`, { WAN: "eth0" }), ["-A INPUT -i ppp0 -j ACCEPT"]);
  const comment = "# ftp-firewall: assume WAN=eth2\n";
  assert.deepEqual(rules(comment + RULE, { WAN: "eth0" }), ["-A INPUT -i eth2 -j ACCEPT"]);
});

test("a comment in a file that the script sources counts more than the settings, less than the script's own", () => {
  const files = { "wan.sh": `# ftp-firewall: assume WAN=eth3\n${RULE}` };
  assert.deepEqual(rules(". ./wan.sh\n".replace("./", ""), { WAN: "eth0" }, files), [
    "-A INPUT -i eth3 -j ACCEPT",
  ]);
  const own = "# ftp-firewall: assume WAN=eth2\n. wan.sh\n";
  assert.deepEqual(rules(own, { WAN: "eth0" }, files), ["-A INPUT -i eth2 -j ACCEPT"]);
});

test("which file is sourced may rest on an assumed value", () => {
  const files = { "/etc/fw/wan.sh": "iptables -A INPUT -i lo -j ACCEPT\n" };
  assert.deepEqual(rules('. "$CONF"/wan.sh\n', { CONF: "/etc/fw" }, files), ["-A INPUT -i lo -j ACCEPT"]);
});

test("fixes are tried out under the same assumptions", () => {
  const text = `#!/bin/sh
iptables -P INPUT DROP
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -p tcp --dport $FTP -j ACCEPT
`;
  const source = { path: "fw.sh", text, dialect: "shell", family: 4 } as const;
  const settings = { ...DEFAULT_SETTINGS, assume: { FTP: "21" } };
  const { analysis, remaining, titles } = new Service().fixAll([source], { settings });
  assert.deepEqual([analysis.diagnostics, remaining], [[], []]);
  assert.equal(titles.length, 1);
  assert.deepEqual(new Service().fixAll([source]).titles, []);
});
