import assert from "node:assert/strict";
import { test } from "node:test";
import { readProftpd } from "../../../server/src/daemons/proftpd.ts";
import { inOneLine, problems, textAt } from "./facts.ts";

const PATH = "/etc/proftpd/proftpd.conf";
const read = (text: string) => readProftpd({ path: PATH, text });
const servers = (text: string) => read(text).servers.map(inOneLine);

const DEFAULT = "21 v4+6 passive 1024-65535 data any tls none own";

const TYPICAL = `Include /etc/proftpd/modules.conf
UseIPv6 on
ServerName "Debian"
ServerType standalone
DefaultServer on
DenyFilter \\*.*/
Port 21
# PassivePorts 49152 65534
PassivePorts 50000 50100   # opened in the firewall
MasqueradeAddress 198.51.100.7
<IfModule mod_quotatab.c>
QuotaEngine off
</IfModule>
<IfModule mod_tls.c>
  TLSEngine on
  TLSRequired on
</IfModule>
<Anonymous ~ftp>
  User ftp
  <Directory *>
    <Limit WRITE>
      DenyAll
    </Limit>
  </Directory>
</Anonymous>
Include /etc/proftpd/conf.d/
`;

test("a typical file", () => {
  const config = read(TYPICAL);
  assert.deepEqual(config.servers.map(inOneLine), [
    "21 v4+6 passive 50000-50100 data any tls required 198.51.100.7",
  ]);
  assert.deepEqual(problems(config), []);
  assert.deepEqual(
    config.needs.map(({ pattern, candidates }) => [pattern, candidates]),
    [
      ["/etc/proftpd/modules.conf", ["/etc/proftpd/modules.conf"]],
      ["/etc/proftpd/conf.d/", []],
    ],
  );
});

test("every fact knows its line, its value and its condition", () => {
  const { passivePorts, tls } = read(TYPICAL).servers[0]!;
  assert.deepEqual(
    passivePorts.places.map((place) => textAt(TYPICAL, place)),
    [["PassivePorts 50000 50100", "50000 50100"]],
  );
  assert.deepEqual(
    tls.places.map((place) => [...textAt(TYPICAL, place), place.condition]),
    [
      ["TLSEngine on", "on", "<IfModule mod_tls.c>"],
      ["TLSRequired on", "on", "<IfModule mod_tls.c>"],
    ],
  );
});

// Each was seen with ProFTPD 1.3.8 of Debian 12 listening on 127.0.0.1.
const PASSIVE: readonly [text: string, ports: string][] = [
  ["", "1024-65535"],
  ["PassivePorts 30000 30005", "30000-30005"],
  ["passiveports 30000 30005", "30000-30005"],
  ["\tPassivePorts\t30000\t\t30005\t ", "30000-30005"],
  ["PassivePorts 30000 30005\r", "30000-30005"],
  ["PassivePorts 30000 30005 30010", "30000-30005"],
  ["PassivePorts 30000x 30005y", "30000-30005"],
  ["PassivePorts 30000 30005# hi", "30000-30005"],
  ['PassivePorts "30000" "30005"', "30000-30005"],
  ["PassivePorts 30000 \\\n 30005", "30000-30005"],
  ["# comment \\\nPassivePorts 30000 30005", "30000-30005"],
  ["PassivePorts 30000 30001\nPassivePorts 30005 30006", "30000-30001"],
  ["<Global>\nPassivePorts 30000 30001\n</Global>", "30000-30001"],
  ["<global >\nPassivePorts 30000 30001\n</GLOBAL>", "30000-30001"],
  ["<Global>\nPassivePorts 30000 30001\n</Global>\nPassivePorts 30005 30006", "30005-30006"],
  ["<Global>\nPassivePorts 1 2\n</Global>\n<Global>\nPassivePorts 30005 30006\n</Global>", "30005-30006"],
  ["<IfModule mod_core.c>\nPassivePorts 30000 30001\n</IfModule>", "30000-30001"],
  ["<IfModule !mod_core.c>\nPassivePorts 30000 30001\n</IfModule>", "1024-65535"],
  ["<IfDefine FOO>\nPassivePorts 30000 30001\n</IfDefine>", "1024-65535"],
  ["<IfDefine !FOO>\nPassivePorts 30000 30001\n</IfDefine>", "30000-30001"],
  ["Define FOO\n<IfDefine FOO>\nPassivePorts 30000 30001\n</IfDefine>", "30000-30001"],
  [
    "<IfModule !mod_a.c>\n<IfModule mod_b.c>\nPassivePorts 30000 30001\n</IfModule>\n</IfModule>",
    "1024-65535",
  ],
];

for (const [text, expected] of PASSIVE) {
  test(`passive ports: ${JSON.stringify(text)}`, () => {
    assert.match(servers(`${text}\n`)[0]!, new RegExp(`passive ${expected} `));
  });
}

// Likewise.
const REFUSED: readonly [text: string, message: RegExp][] = [
  ["PassivePorts 30000 30000", /a single port is not possible/],
  ["PassivePorts 30005 30000", /lower than the second/],
  ["PassivePorts 100 30000", /below 1024/],
  ["PassivePorts 60000 70000", /no port number/],
  ["PassivePorts 30000", /without two numbers/],
  ["PassivePorts 30000-30005", /without two numbers/],
  ["PassivePorts 30000 - 30005", /no port number/],
  ["PassivePorts abc def", /no port number/],
  ["PassivePorts 30000 \\\r\n 30005", /no port number/],
  ["PassivePorts=30000 30005", /separated by blanks/],
  ["<Anonymous ~ftp>\nPassivePorts 30000 30001\n</Anonymous>", /belongs to a server/],
  ["Port 70000", /between 0 and 65535/],
  ["UseIPv6 maybe", /neither on nor off/],
  ["TLSEngine on\nTLSRequired always", /bad parameter/],
  ["<Global>\nPassivePorts 30000 30001", /not closed/],
  ["</Global>\nPassivePorts 30000 30001", /no <global> is open/],
];

for (const [text, message] of REFUSED) {
  test(`refused: ${JSON.stringify(text)}`, () => {
    const found = read(`${text}\n`).problems;
    assert.equal(found.length, 1, JSON.stringify(found));
    assert.match(found[0]!.message, message);
    assert.equal(found[0]!.refused, true);
  });
}

test("virtual hosts listen on their own ports and do not inherit from the main server", () => {
  const text = `Port 2100
PassivePorts 30000 30001
<VirtualHost 192.0.2.1>
  Port 990
  PassivePorts 40000 40100
  TLSEngine on
  TLSOptions NoSessionReuseRequired UseImplicitSSL
</VirtualHost>
<VirtualHost ftp.example.org 192.0.2.2>
</VirtualHost>
<VirtualHost 192.0.2.3>
  Port 0
</VirtualHost>
`;
  assert.deepEqual(servers(text), [
    "2100 v4+6 passive 30000-30001 data any tls none own",
    "<VirtualHost 192.0.2.1> 990 v4+6 passive 40000-40100 data any tls implicit own",
    `<VirtualHost ftp.example.org 192.0.2.2> ${DEFAULT}`,
  ]);
});

test("<Global> holds for all servers that do not say otherwise, wherever it stands", () => {
  const text = `Port 0
<VirtualHost 192.0.2.1>
<Global>
  Port 2121
  PassivePorts 30000 30001
</Global>
</VirtualHost>
`;
  assert.deepEqual(servers(text), [
    "<VirtualHost 192.0.2.1> 2121 v4+6 passive 30000-30001 data any tls none own",
  ]);
});

test("ports", () => {
  assert.deepEqual(servers("Port 0\n"), []);
  assert.deepEqual(servers("Port 2121\nPort 2122\n"), [DEFAULT.replace("21 ", "2121 ")]);
  assert.deepEqual(servers("Port ftp\n"), []);
  assert.match(problems(read("Port ftp\n"))[0]!, /switches this server off/);
  assert.deepEqual(servers("UseIPv6 off\n"), [DEFAULT.replace("v4+6", "v4")]);
});

test("the source port in active mode follows RootRevoke", () => {
  assert.match(servers("RootRevoke off\n")[0]!, /data 20 /);
  assert.match(servers("RootRevoke off\nPort 2121\n")[0]!, /data 2120 /);
  assert.match(servers("RootRevoke on\n")[0]!, /data off /);
  assert.match(servers("RootRevoke on\nPort 2121\n")[0]!, /data 2120 /);
  assert.match(servers("RootRevoke UseNonCompliantActiveTransfer\n")[0]!, /data any /);
});

test("TLS", () => {
  const tls = (text: string) => read(`TLSEngine on\n${text}\n`).servers[0]!.tls.value;
  assert.equal(tls(""), "optional");
  assert.equal(tls("TLSRequired off"), "optional");
  assert.equal(tls("TLSRequired data"), "optional");
  for (const value of ["on", "ctrl", "auth", "auth+data", "ctrl+!data"])
    assert.equal(tls(`TLSRequired ${value}`), "required", value);
  assert.equal(tls("TLSOptions UseImplicitSSL"), "implicit");
  assert.equal(read("TLSRequired on\n").servers[0]!.tls.value, "none");
});

test("the announced address", () => {
  assert.match(servers("MasqueradeAddress ftp.example.org\n")[0]!, / unknown$/);
  assert.match(servers("MasqueradeAddress eth0\n")[0]!, / unknown$/);
  assert.match(problems(read("MasqueradeAddress 2001:db8::7\n"))[0]!, /cannot hold an IPv6 address/);
});

test("what only some sessions meet is added to the ports and makes the address unknown", () => {
  const text = `PassivePorts 30000 30001
MasqueradeAddress 192.0.2.1
<Class lan>
  From 10.0.0.0/8
</Class>
<IfClass lan>
  MasqueradeAddress 10.0.0.1
  PassivePorts 40000 40001
</IfClass>
`;
  assert.deepEqual(servers(text), ["21 v4+6 passive 30000-30001,40000-40001 data any tls none unknown"]);
});

test("included files are read where they are included", () => {
  const main = {
    path: "copy/etc/proftpd/proftpd.conf",
    text: "Include /etc/proftpd/tls.conf\nInclude /etc/proftpd/conf.d/*.conf\n",
  };
  const tls = { path: "copy/etc/proftpd/tls.conf", text: "TLSEngine on\n" };
  const ports = { path: "copy/etc/proftpd/conf.d/ports.conf", text: "PassivePorts 30000 30001\n" };
  const other = { path: "copy/etc/proftpd/conf.d/ports.conf.bak", text: "MasqueradeAddress 192.0.2.1\n" };
  const config = readProftpd(main, [main, ports, tls, other]);
  assert.deepEqual(config.servers.map(inOneLine), ["21 v4+6 passive 30000-30001 data any tls optional own"]);
  assert.deepEqual(config.servers[0]!.passivePorts.places[0]!.path, ports.path);
  assert.deepEqual(config.needs, []);
  assert.deepEqual(
    readProftpd(main).needs.map((need) => need.candidates),
    [["copy/etc/proftpd/tls.conf", "/etc/proftpd/tls.conf"], []],
  );
});

test("a file that includes itself ends", () => {
  const main = { path: PATH, text: "Include /etc/proftpd/a.conf\n" };
  const a = { path: "/etc/proftpd/a.conf", text: "Include b.conf\nPort 2121\n" };
  const b = { path: "/etc/proftpd/b.conf", text: "Include a.conf\n" };
  assert.deepEqual(readProftpd(main, [a, b]).servers[0]!.controlPort.value, 2121);
});

test("many files that include each other by a pattern end soon", () => {
  const files = Array.from({ length: 12 }, (_, i) => ({
    path: `/etc/proftpd/${i}.conf`,
    text: "Include /etc/proftpd/*.conf\nInclude /etc/proftpd/*.conf\n",
  }));
  assert.equal(readProftpd(files[0]!, files).servers.length, 1);
});
