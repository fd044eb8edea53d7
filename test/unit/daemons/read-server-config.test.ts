import assert from "node:assert/strict";
import { test } from "node:test";
import { serverConfigCandidates } from "../../../server/src/daemons/candidates.ts";
import { readServerConfigs } from "../../../server/src/daemons/read-server-config.ts";
import { recogniseServerConfig } from "../../../server/src/daemons/recognise.ts";
import { inOneLine, problems } from "./facts.ts";

const NAMED: readonly [path: string, kind: string | undefined][] = [
  ["/etc/vsftpd.conf", "vsftpd whole"],
  ["/etc/vsftpd/vsftpd.conf", "vsftpd whole"],
  ["/etc/vsftpd/external.conf", "vsftpd whole"],
  ["file:///srv/copy/etc/vsftpd-ipv6.conf", "vsftpd whole"],
  ["C:\\copy\\vsftpd.conf", "vsftpd whole"],
  ["/etc/proftpd.conf", "proftpd whole"],
  ["/etc/proftpd/proftpd.conf", "proftpd whole"],
  ["/etc/proftpd/tls.conf", "proftpd fragment"],
  ["/etc/proftpd/conf.d/ports.conf", "proftpd fragment"],
  ["/etc/pure-ftpd.conf", "pure-ftpd whole"],
  ["/etc/pure-ftpd/pure-ftpd.conf", "pure-ftpd whole"],
  ["/etc/pure-ftpd/conf/PassivePortRange", "pure-ftpd option"],
  ["/etc/pure-ftpd/conf/PassivePortRange.bak", undefined],
  ["/etc/pure-ftpd/pureftpd-mysql.conf", undefined],
  ["/etc/nftables.conf", undefined],
  ["/etc/vsftpd.user_list", undefined],
];

for (const [path, kind] of NAMED) {
  test(`by name: ${path}`, () => {
    const found = recogniseServerConfig(path, "");
    assert.equal(found && `${found.daemon} ${found.form}`, kind);
  });
}

test("by content, under any name", () => {
  const daemon = (text: string) => recogniseServerConfig("backup/ftp.conf", text)?.daemon;
  assert.equal(daemon("# x\nanonymous_enable=NO\nlocal_enable=YES\n"), "vsftpd");
  assert.equal(daemon("DefaultServer on\n<Anonymous ~ftp>\n</Anonymous>\n"), "proftpd");
  assert.equal(daemon("ChrootEveryone yes\nPassivePortRange 30000 30100\n"), "pure-ftpd");
  assert.equal(daemon("local_enable=YES\n"), undefined);
  assert.equal(daemon("-A INPUT -p tcp --dport 21 -j ACCEPT\n"), undefined);
});

test("many files give one configuration for each server", () => {
  const configs = readServerConfigs([
    { path: "etc/vsftpd.conf", text: "listen=YES\n" },
    { path: "etc/proftpd/proftpd.conf", text: "Include /etc/proftpd/tls.conf\n" },
    { path: "etc/proftpd/tls.conf", text: "TLSEngine on\n" },
    { path: "etc/proftpd/sftp.conf", text: "Port 2222\n" },
    { path: "etc/pure-ftpd/conf/PassivePortRange", text: "30000 30100\n" },
    { path: "etc/pure-ftpd/conf/Bind", text: ",2121\n" },
    { path: "etc/hosts", text: "127.0.0.1 localhost\n" },
  ]);
  assert.deepEqual(
    configs.map(({ path, servers }) => [path, ...servers.map(inOneLine)]),
    [
      ["etc/vsftpd.conf", "21 v4 passive 5001-65535 data any tls none own"],
      ["etc/proftpd/proftpd.conf", "21 v4+6 passive 1024-65535 data any tls optional own"],
      ["etc/pure-ftpd/conf", "2121 v4+6 passive 30000-30100 data 20 tls none own"],
    ],
  );
});

test("Debian does not read the pure-ftpd.conf beside the folder conf", () => {
  const [whole, folder] = readServerConfigs([
    { path: "/etc/pure-ftpd/pure-ftpd.conf", text: "PassivePortRange 30000 30100\n" },
    { path: "/etc/pure-ftpd/conf/TLS", text: "1\n" },
  ]);
  assert.deepEqual(whole!.servers, []);
  assert.match(problems(whole!)[0]!, /does not read the file itself/);
  assert.match(inOneLine(folder!.servers[0]!), /passive 1024-65535 .*tls optional/);
});

test("beside the rules, in their own folder", () => {
  const beside = serverConfigCandidates("/home/me/firewall.nft");
  assert.deepEqual(beside.slice(0, 4), [
    "/home/me/vsftpd.conf",
    "/home/me/proftpd.conf",
    "/home/me/pure-ftpd.conf",
    "/home/me/pure-ftpd/conf/PassivePortRange",
  ]);
  assert.ok(beside.every((path) => path.startsWith("/home/me/")));
  assert.ok(serverConfigCandidates("rules.v4").includes("vsftpd.conf"));
});

const IN_COPIES: readonly [rules: string, config: string][] = [
  ["/etc/iptables/rules.v4", "/etc/vsftpd.conf"],
  ["/etc/iptables/rules.v4", "/etc/proftpd/proftpd.conf"],
  ["/etc/iptables/rules.v4", "/etc/pure-ftpd/conf/PassivePortRange"],
  ["/etc/sysconfig/iptables", "/etc/vsftpd/vsftpd.conf"],
  ["/etc/nftables.conf", "/etc/pure-ftpd/pure-ftpd.conf"],
  ["/etc/network/if-pre-up.d/iptables", "/etc/vsftpd.conf"],
  ["/srv/host/etc/a/b/rules.nft", "/srv/host/etc/proftpd/proftpd.conf"],
  ["host/iptables/rules.v4", "host/vsftpd.conf"],
  ["file:///srv/etc/nftables.d/ftp.nft", "file:///srv/etc/vsftpd.conf"],
  ["C:\\copy\\etc\\iptables\\rules.v4", "C:\\copy\\etc\\proftpd\\proftpd.conf"],
];

for (const [rules, config] of IN_COPIES) {
  test(`${rules} → ${config}`, () => assert.ok(serverConfigCandidates(rules).includes(config)));
}

test("the search ends at /etc, three folders up, and at the top", () => {
  const etc = serverConfigCandidates("/etc/iptables/rules.v4");
  assert.ok(!etc.includes("/vsftpd.conf"));
  const far = serverConfigCandidates("/etc/a/b/c/d/rules.v4");
  assert.ok(!far.includes("/etc/vsftpd.conf"));
  assert.ok(
    serverConfigCandidates("vscode-vfs://github/iptables/rules.v4").every((path) => path.includes("://")),
  );
  assert.deepEqual(serverConfigCandidates("untitled:Untitled-1"), []);
  for (const [rules] of IN_COPIES) assert.ok(serverConfigCandidates(rules).length <= 40);
});

test("every candidate is recognised", () => {
  for (const path of serverConfigCandidates("/etc/iptables/rules.v4"))
    assert.notEqual(recogniseServerConfig(path, ""), undefined, path);
});
