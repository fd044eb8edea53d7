import assert from "node:assert/strict";
import { test } from "node:test";
import { readPureFtpd, readPureFtpdFolder } from "../../../server/src/daemons/pure-ftpd.ts";
import { inOneLine, problems, textAt } from "./facts.ts";

const read = (text: string) => readPureFtpd({ path: "/etc/pure-ftpd.conf", text });
const server = (text: string) => inOneLine(read(text).servers[0]!);

const CONF = "/etc/pure-ftpd/conf";
const folder = (files: Readonly<Record<string, string>>) =>
  readPureFtpdFolder(
    CONF,
    Object.entries(files).map(([name, text]) => ({ path: `${CONF}/${name}`, text })),
  );

const TYPICAL = `############################################################
#  Configuration file for pure-ftpd
############################################################
ChrootEveryone               yes
MaxClientsNumber             50
Daemonize                    yes
NoAnonymous                  no
LimitRecursion               10000 8
# ForcePassiveIP               192.168.0.1
ForcePassiveIP               198.51.100.7
# PassivePortRange             30000 50000
PassivePortRange             30000 30100
Bind                         ,2121
Umask                        133:022
TLS                          1
IPV4Only                     yes
`;

test("a typical file", () => {
  assert.equal(server(TYPICAL), "2121 v4 passive 30000-30100 data 20 tls optional 198.51.100.7");
  assert.deepEqual(problems(read(TYPICAL)), []);
  const [place] = read(TYPICAL).servers[0]!.passivePorts.places;
  assert.deepEqual(textAt(TYPICAL, place!), ["PassivePortRange             30000 30100", "30000 30100"]);
});

// Each was seen with Pure-FTPd 1.0.50 of Debian 12 listening on 127.0.0.1.
const READ: readonly [text: string, facts: RegExp][] = [
  ["", /^21 v4\+6 passive 1024-65535 data 20 tls none own$/],
  ["PassivePortRange = 30000 30003", /30000-30003/],
  ["PassivePortRange=30000 30003", /30000-30003/],
  ["PassivePortRange: 30000 30003", /30000-30003/],
  ["passiveportrange 30000 30003  \r", /30000-30003/],
  ["   PassivePortRange   30000\t30003\n  # comment", /30000-30003/],
  ["PassivePortRange 30000 30000", /30000-30000/],
  ["PassivePortRange 30000 30001\nPassivePortRange 30005 30006", /30005-30006/],
  ["NATmode yes\nPassivePortRange 30000 30001", /passive off/],
  ["Bind ,2121", /^2121 v4\+6/],
  ["Bind 127.0.0.1,2121", /^2121 v4 /],
  ["Bind 2121", /^2121 v4\+6/],
  ["Bind 127.0.0.1,", /^21 v4 /],
  ["Bind ,ftp", /^21 /],
  ["Bind ,files", /^unknown /],
  ["Bind 127.0.0.1,2121\nBind ,2122", /^2122 v4 /],
  ["Bind ,70000", /^4464 /],
  ["Bind 2001:db8::1,21", /^21 v6 /],
  ["IPV4Only yes", /v4 /],
  ["IPV6Only 1", /v6 /],
  ["IPV4Only no", /v4\+6 /],
  ["ForcePassiveIP 192.0.2.7\nForcePassiveIP 192.0.2.8", / 192\.0\.2\.7$/],
  ["ForcePassiveIP ftp.example.org", / unknown$/],
  ["TLS 0", /tls none/],
  ["TLS 2", /tls required/],
  ["TLS 3", /tls required/],
  ["TLS 1\nTLS 2", /tls required/],
];

for (const [text, facts] of READ) {
  test(`read: ${JSON.stringify(text)}`, () => {
    assert.match(server(`${text}\n`), facts);
    assert.deepEqual(problems(read(`${text}\n`)), []);
  });
}

// Likewise.
const REFUSED: readonly [text: string, message: RegExp][] = [
  ["PassivePortRange 30003 30000", /first port is higher/],
  ["PassivePortRange 100 30000", /below 1024/],
  ["PassivePortRange 60000 70000", /above 65535/],
  ["PassivePortRange 30000", /two numbers/],
  ["PassivePortRange 30000-30003", /two numbers/],
  ["PassivePortRange 30000:30003", /two numbers/],
  ["PassivePortRange 30000 30003 # x", /a comment needs a line of its own/],
  ["PassivePort 30000 30001", /knows no option PassivePort /],
  ["Bind 127.0.0.1", /write Bind 127\.0\.0\.1,21/],
  ["Bind ::1,2121", /begins with :/],
  ["Bind 127.0.0.1, 2121", /one word/],
  ["IPV4Only maybe", /neither yes nor no/],
  ["IPV4Only yesterday", /neither yes nor no/],
  ["ForcePassiveIP 2001:db8::7", /IPv4 address/],
  ['ForcePassiveIP "192.0.2.7"', /without quotes/],
  ["TLS 4", /0 to 3/],
  ["TLS yes", /a number/],
  ["TLS", /without a value/],
];

for (const [text, message] of REFUSED) {
  test(`refused: ${JSON.stringify(text)}`, () => {
    const found = read(`${text}\n`).problems;
    assert.equal(found.length, 1, JSON.stringify(found));
    assert.match(found[0]!.message, message);
  });
}

test("an included file is a need", () => {
  const [need] = read("Include /etc/pure-ftpd/local.conf\n").needs;
  assert.equal(need!.pattern, "/etc/pure-ftpd/local.conf");
});

test("Debian's folder: one option a file", () => {
  const config = folder({
    PassivePortRange: "30000 30100\n",
    ForcePassiveIP: "# outside\n\n  198.51.100.7  \n",
    Bind: ",2121",
    TLS: "2\n",
    IPV4Only: "Yes\n",
    PureDB: "/etc/pure-ftpd/pureftpd.pdb\n",
    MinUID: "1000\n",
  });
  assert.deepEqual(config.servers.map(inOneLine), [
    "2121 v4 passive 30000-30100 data 20 tls required 198.51.100.7",
  ]);
  assert.deepEqual(problems(config), []);
  assert.equal(config.path, CONF);
  assert.deepEqual(config.servers[0]!.announced.places[0], {
    path: `${CONF}/ForcePassiveIP`,
    line: { start: 13, end: 25 },
    value: { start: 13, end: 25 },
  });
});

test("Debian's folder: the first line counts, of a switch the first that is on", () => {
  const config = folder({ PassivePortRange: "30000 30001\n40000 40001\n", IPV6Only: "no\non\n" });
  assert.match(inOneLine(config.servers[0]!), /v6 passive 30000-30001/);
});

test("Debian's folder: what pure-ftpd-wrapper stops at", () => {
  const stops = (files: Readonly<Record<string, string>>) => problems(folder(files)).join("\n");
  assert.match(stops({ PassivePortRange: "30000:30100\n" }), /two numbers/);
  assert.match(stops({ Bind: "127.0.0.1, 21\n" }), /one word/);
  assert.match(stops({ IPV4Only: "true\n" }), /neither yes nor no/);
  assert.match(stops({ PassivePorts: "30000 30100\n" }), /knows no option PassivePorts/);
});
