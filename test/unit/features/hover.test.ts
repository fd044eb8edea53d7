import assert from "node:assert/strict";
import { test } from "node:test";
import { hoverAt } from "./hover-at.ts";

const SAVE = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p icmp -j LOG --log-prefix "icmp: "
COMMIT
`;

/** The text with the cursor before the first `word` of the line that `after` is on. */
function at(text: string, after: string, word: string): string {
  const line = text.lastIndexOf("\n", text.indexOf(after)) + 1;
  const offset = text.indexOf(word, line);
  assert.ok(text.includes(after) && offset >= 0, `${after} … ${word}`);
  return `${text.slice(0, offset)}<|>${text.slice(offset)}`;
}

function save(after: string, word: string): { markdown: string; about: string } {
  const found = hoverAt("iptables-save", at(SAVE, after, word));
  assert.ok(found, `no hover on ${word}`);
  return found;
}

test("a rule in one sentence, with its place in the ruleset", () => {
  const { markdown } = save("--dport 22", "-A INPUT");
  assert.match(markdown, /Accepts TCP packets to port 22 \(SSH\)\./);
  assert.match(markdown, /rule 3 of 4 in chain `INPUT`, table `filter` \(IPv4\)/);
});

const OPTIONS: readonly [after: string, word: string, about: string, expected: RegExp][] = [
  [
    "--dport 22",
    "--dport",
    "--dport 22",
    /\*\*`--dport`\*\* – The port the packet is sent to\..*iptables-extensions\(8\)/,
  ],
  ["--dport 22", "22", "22", /\*\*`port 22`\*\* – \*\*SSH\*\*.*RFC 4253/],
  ["--dport 22", "-p tcp", "-p tcp", /\*\*`-p`\*\* – The protocol above IP/],
  ["--dport 22", "tcp", "tcp", /TCP, protocol 6/],
  ["--ctstate NEW", "NEW", "NEW", /The packet opens a connection/],
  ["--ctstate NEW", "--ctstate", "--ctstate NEW", /States of the connection/],
  ["--dport 22", "ACCEPT", "ACCEPT", /Lets the packet through this table/],
  ["icmp -j", "LOG", "LOG", /kernel log/],
  ["icmp -j", "--log-prefix", '--log-prefix "icmp: "', /up to 29 characters/],
  ["*filter", "filter", "*filter", /default table.*In the end it has 4 rules/s],
  [
    ":FORWARD",
    "DROP",
    ":FORWARD DROP [0:0]",
    /Chain `FORWARD`.*pass through this host.*Policy \*\*drop\*\*/s,
  ],
  ["--dport 22", "INPUT", "INPUT", /Chain `INPUT`\*\* of table `filter` – 4 rules/],
  ["COMMIT", "COMMIT", "COMMIT", /put into force at once/],
];

for (const [after, word, about, expected] of OPTIONS) {
  test(`iptables: ${word} (${after}) is explained`, () => {
    const found = save(after, word);
    assert.equal(found.about, about);
    assert.match(found.markdown, expected);
  });
}

test("port 21: both modes, their picture, the dialogue and what the ruleset does to each", () => {
  const { markdown } = save("--dport 21", "21");
  assert.match(markdown, /FTP control/);
  assert.match(markdown, /active {4}client >1023 .*\n.*◀─+ {2}20 {4}server {3}data, opened by the server/);
  assert.match(markdown, /passive {3}client >1023 /);
  for (const word of ["USER, PASS", "PORT / EPRT", "PASV / EPSV", "227 / 229", "RETR", "150", "226"])
    assert.ok(markdown.includes(word), word);
  assert.match(markdown, /DATA {7}◀════ {3}opens +from port 20 to the client's port/);
  assert.match(markdown, /DATA {7}════▶ {3}opens +to the server's port/);
  assert.match(markdown, /- \*\*active\*\* over IPv4: ✔ works/);
  assert.match(
    markdown,
    /- \*\*passive\*\* over IPv4: ✘ blocked – data SYN client → server: no rule of chain INPUT accepts it, so its policy drops it \(line 2\)/,
  );
  assert.ok(markdown.split("\n").length <= 60, "too long for a hover");
});

test("the passive range, RELATED and a policy that stops FTP say what becomes of FTP", () => {
  assert.match(save("RELATED", "RELATED").markdown, /FTP makes two connections/);
  assert.match(save(":INPUT", "INPUT").markdown, /passive\*\* over IPv4: ✘ blocked/);
  const range = SAVE.replace("--dport 22 ", "--dport 50000:51000 ");
  const found = hoverAt("iptables-save", at(range, "50000", "50000"));
  assert.equal(found?.about, "50000:51000");
  assert.match(found?.markdown ?? "", /1001 ports.*pasv_min_port/s);
  assert.match(found?.markdown ?? "", /passive\*\* over IPv4: ✔ works \(server ports 50000–51000\)/);
});

test("a rule that accepts RELATED shows the verdicts only, SSH's nothing of FTP", () => {
  const related = save("RELATED", "-A INPUT").markdown;
  assert.match(related, /passive\*\* over IPv4/);
  assert.doesNotMatch(related, /USER, PASS/);
  assert.doesNotMatch(save("--dport 22", "22").markdown, /passive/);
});

test("comments, blank lines and gaps between lines have no hover", () => {
  for (const text of ["# a com<|>ment\n*filter\nCOMMIT\n", "*filter\n\n<|>\nCOMMIT\n", "<|>"])
    assert.equal(hoverAt("iptables-save", text), undefined);
  for (const text of ["# tcp dport 2<|>1\n", "table ip t {\n\n<|>\n}\n", "table ip t { # com<|>ment\n}\n"])
    assert.equal(hoverAt("nft", text), undefined);
});

test("an unknown option is said not to be understood, and an unknown target named", () => {
  const found = hoverAt("iptables-save", "*filter\n-A INPUT -m geoip --src<|>-cc DE -j ACCEPT\nCOMMIT\n");
  assert.match(found?.markdown ?? "", /not understood/);
  assert.match(found?.markdown ?? "", /depending on the match geoip/);
});

const NFT = `define LAN = "eth1"
table inet fw {
  set ports {
    type inet_service
    elements = { 21, 990 }
  }
  ct helper ftp-std {
    type "ftp" protocol tcp
  }
  chain helpers {
    type filter hook prerouting priority -150; policy accept;
    tcp dport 21 ct helper set "ftp-std"
  }
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iifname $LAN tcp dport @ports accept
    tcp dport { 80, 443 } limit rate 5/second counter jump web
    reject with tcp reset
  }
  chain web {
    ip saddr != 10.0.0.0/8 drop
  }
}
`;

const KEYWORDS: readonly [after: string, word: string, about: string, expected: RegExp][] = [
  ["table", "inet", "inet", /IPv4 and IPv6 packets/],
  ["table", "fw", "table inet fw", /Table `fw`\*\* of family `inet` – 3 chains, 6 rules/],
  [
    "chain input",
    "chain",
    "chain input",
    /Chain `input`.*4 rules.*addressed to this host.*priority 0.*Policy \*\*drop\*\* \(line 15\)/s,
  ],
  ["chain web", "web", "chain web", /Packets come here from `input`/],
  ["hook pre", "prerouting", "prerouting", /before routing decides/],
  ["hook input", "filter;", "filter", /\*\*`priority filter`\*\* – 0:.*after connection tracking.*-200/s],
  ["type filter", "filter", "filter", /deciding what passes/],
  ["-150", "-150", "-150", /after connection tracking \(-200\)/],
  ["policy drop", "drop", "policy drop", /Policy \*\*drop\*\*/],
  ["ct state", "ct", "ct state", /state of the connection/],
  ["ct state", "established", "established", /both ways/],
  ["iifname", "iifname", "iifname", /name of the interface the packet came in on/],
  ["iifname", "$LAN", "$LAN", /`\$LAN` is `"eth1"`/],
  [
    "iifname",
    "@ports",
    "@ports",
    /`@ports`\*\* – a set of this table with 2 elements: 21 \(FTP control\), 990/,
  ],
  ["{ 80", "443", "443", /HTTPS/],
  ["limit", "rate", "rate", /How often the rule matches/],
  ["limit", "limit", "limit rate 5/second", /Matches only so often/],
  ["counter", "counter", "counter", /Counts packets and bytes/],
  ["jump web", "web", "web", /Chain `web`/],
  ["jump web", "jump", "jump web", /Sends the packet through that chain/],
  ["reject", "reset", "reset", /connection refused/],
  ["ip saddr", "ip saddr", "ip saddr", /sender's IPv4 address/],
  ["ct helper ftp-std", "ct helper", "ct helper ftp-std", /object alone does nothing/],
  ["ct helper set", "ct helper", 'ct helper set "ftp-std"', /first packet only/],
  ["ct helper set", '"ftp-std"', '"ftp-std"', /the kernel's helper `ftp` for tcp/],
  ["elements", "21", "21", /FTP control/],
];

for (const [after, word, about, expected] of KEYWORDS) {
  test(`nft: ${word} (${after}) is explained`, () => {
    const found = hoverAt("nft", at(NFT, after, word));
    assert.equal(found?.about, about);
    assert.match(found?.markdown ?? "", expected);
  });
}

test("nft: the rule is a sentence under what the cursor is on", () => {
  const found = hoverAt("nft", at(NFT, "iifname", "iifname"));
  assert.match(
    found?.markdown ?? "",
    /---\n\nAccepts TCP packets to a port in the set @ports \(21 \(FTP control\) and 990 \(FTPS control\)\) that come in on eth1\./,
  );
});

test("nft: on the rule that assigns the helper, FTP in full with both families", () => {
  const found = hoverAt("nft", at(NFT, "ct helper set", "set"));
  assert.match(found?.markdown ?? "", /FTP makes two connections/);
  assert.match(found?.markdown ?? "", /over IPv4/);
});

test("nft: at priority -200 or below the hover warns about helpers", () => {
  const raw = NFT.replace("priority -150", "priority raw");
  assert.match(hoverAt("nft", at(raw, "raw", "raw"))?.markdown ?? "", /before connection tracking/);
  const same = NFT.replace("priority -150", "priority -200");
  assert.match(hoverAt("nft", at(same, "-200", "-200"))?.markdown ?? "", /fail after a reload/);
});

test("nft: what is not understood says so, and why that matters", () => {
  const found = hoverAt("nft", "table ip t {\n chain c {\n  tcp dport 21 frob<|>nicate accept\n }\n}\n");
  assert.match(found?.markdown ?? "", /\*\*not understood\*\* here\..*counts as unknown/);
  const template = hoverAt("nft", "table ip t {\n chain c {\n  tcp dport {{ po<|>rts }} accept\n }\n}\n");
  assert.match(template?.markdown ?? "", /not understood/);
});

test("nft: a text from the file cannot make links or code of its own", () => {
  const found = hoverAt("nft", 'table ip t { chain c { iifname "[x](http://evil)<b>" ac<|>cept\n } }\n');
  assert.ok(found);
  assert.doesNotMatch(found.markdown, /(?<!\\)\[x\]/);
  assert.doesNotMatch(found.markdown, /(?<!\\)<b>/);
});

const SHELL = `#!/bin/sh
IPT=/sbin/iptables
WAN=$2
echo "Starting $IPT"
$IPT -P INPUT DROP
open() {
  $IPT -A INPUT -i "$WAN" -p tcp --dport "$1" -j ACCEPT
}
open 21
open 22
for port in 80 443; do
  $IPT -A INPUT -p tcp --dport $port -j ACCEPT
done
`;

function shell(after: string, word: string): { markdown: string; about: string } | undefined {
  return hoverAt("shell", at(SHELL, after, word));
}

test("shell: a variable shows its value, its values in a loop, or why it is not known", () => {
  assert.match(shell("$IPT -P", "$IPT")?.markdown ?? "", /\*\*`\$IPT`\*\* is `\/sbin\/iptables`/);
  assert.match(shell("--dport $port", "$port")?.markdown ?? "", /one after the other: `80`, `443`/);
  assert.match(shell('-i "$WAN"', "$WAN")?.markdown ?? "", /\*\*not known\*\*.*\$2/s);
});

test("shell: a rule in a loop or function shows the commands that are run", () => {
  const loop = shell("--dport $port", "--dport")?.markdown ?? "";
  assert.match(
    loop,
    /It is run 2 times:\n\n```shellscript\niptables -A INPUT -p tcp --dport 80 -j ACCEPT {2}# port=80\niptables/,
  );
  assert.match(loop, /Accepts TCP packets to port 443 \(HTTPS\)\./);
  const call = shell('--dport "$1"', "--dport")?.markdown ?? "";
  assert.match(call, /--dport 21 -j ACCEPT {2}# open 21\n.*--dport 22 -j ACCEPT {2}# open 22\n/);
  assert.match(call, /passive\*\* over IPv4/);
});

test("shell: a command that is run as it stands shows no expansion", () => {
  const found = hoverAt("shell", "iptables -A INPUT -p tcp --dp<|>ort 22 -j ACCEPT\n");
  assert.match(found?.markdown ?? "", /Accepts TCP packets to port 22/);
  assert.doesNotMatch(found?.markdown ?? "", /becomes|times/);
});

test("shell: lines that do not concern the firewall have no hover", () => {
  assert.equal(shell("echo", "Starting"), undefined);
  assert.equal(shell("echo", "$IPT"), undefined);
  assert.equal(hoverAt("shell", "ls -l $HO<|>ME\niptables -P INPUT DROP\n"), undefined);
});
