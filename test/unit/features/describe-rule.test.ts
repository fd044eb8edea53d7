import assert from "node:assert/strict";
import { test } from "node:test";
import { Loader } from "../../../server/src/convert/host.ts";
import { describeRule } from "../../../server/src/features/describe-rule.ts";
import type { Dialect } from "../../../server/src/syntax/dialect.ts";

/** Every rule of a file in words, in the order of the ruleset. */
function sentences(dialect: Dialect, text: string, family: 4 | 6 = 4): string[] {
  const host = new Loader().load([{ path: "file", text, dialect, family }]);
  return [...host.ruleset.tables.values()].flatMap((table) =>
    [...table.chains.values()].flatMap((chain) => chain.rules.map((rule) => describeRule(rule.body, table))),
  );
}

/** One iptables rule of a table, without `-A`. */
function iptables(rule: string, table = "filter", chains = ""): string {
  return sentences("iptables-save", `*${table}\n${chains}-A ${rule}\nCOMMIT\n`).join("\n");
}

/** One nft rule of an inet table; `more` stands before the chain. */
function nft(rule: string, more = ""): string {
  const text = `table inet t {\n${more}\nchain web { }\nchain c { type filter hook input priority 0; policy drop;\n${rule}\n}\n}\n`;
  return sentences("nft", text).join("\n");
}

const IPTABLES: readonly [rule: string, sentence: string][] = [
  [
    "INPUT -i eth0 -p tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT",
    "Accepts new TCP connections to port 21 (FTP control) that come in on eth0.",
  ],
  ["INPUT -j DROP", "Drops every packet that gets here."],
  ["INPUT", "Only counts every packet that gets here; the next rule goes on."],
  ["INPUT ! -s 10.0.0.0/8 -j DROP", "Drops packets from any address but 10.0.0.0/8."],
  [
    "INPUT -p tcp ! --dport 22 -s 10.0.0.1 -d 10.0.0.2 -j REJECT",
    "Rejects TCP packets from 10.0.0.1 to any port but 22 (SSH) of 10.0.0.2.",
  ],
  [
    "INPUT -p tcp -m multiport --dports 20,21,50000:51000 -j ACCEPT",
    "Accepts TCP packets to port 20 (FTP data), 21 (FTP control) or 50000–51000.",
  ],
  [
    "INPUT -p tcp -m multiport --ports 21 -j ACCEPT",
    "Accepts TCP packets, where at least one of these holds: the source port is 21 (FTP control); the destination port is 21 (FTP control).",
  ],
  [
    "INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT",
    "Accepts packets of established and related connections.",
  ],
  ["INPUT -m conntrack ! --ctstate NEW -j ACCEPT", "Accepts packets, where the connection state is not new."],
  ["INPUT -m conntrack --ctstate INVALID -j DROP", "Drops invalid packets."],
  [
    "INPUT -p tcp -m conntrack --ctstate RELATED -m helper --helper ftp --dport 1024: -j ACCEPT",
    "Accepts TCP packets of related connections to an unprivileged port (1024–65535), announced by the conntrack helper ftp.",
  ],
  [
    "INPUT -p tcp --syn -i eth+ -j ACCEPT",
    "Accepts TCP packets that come in on eth* and open a connection (SYN without ACK).",
  ],
  [
    "INPUT -p tcp ! --syn -j ACCEPT",
    "Accepts TCP packets that do not open a connection (no SYN without ACK).",
  ],
  [
    "INPUT -p tcp --tcp-flags ALL NONE -j DROP",
    "Drops TCP packets, where the TCP header has FIN, SYN, RST, PSH, ACK and URG clear.",
  ],
  [
    "FORWARD -i eth1 ! -o eth0 -j DROP",
    "Drops packets that come in on eth1 and go out on any interface but eth0.",
  ],
  [
    "INPUT -p icmp --icmp-type echo-request -m limit --limit 1/s -j ACCEPT",
    "Accepts ICMP packets of type echo-request, depending on the rate limit 1/s.",
  ],
  [
    "INPUT -m geoip --src-cc DE -j ACCEPT",
    "Accepts every packet that gets here, depending on the match geoip.",
  ],
  [
    "INPUT -m mark --mark 0x1/0xff -j ACCEPT",
    "Accepts packets, where the packet's mark under the mask 0xff is 0x1.",
  ],
  [
    "INPUT -m addrtype --dst-type LOCAL -j RETURN",
    "Leaves this chain for packets, where the type of the destination address is local to this host (return).",
  ],
  ["INPUT -p tcp --dport 21 -j LOG", "Logs TCP packets to port 21 (FTP control)."],
];

for (const [rule, sentence] of IPTABLES) {
  test(`iptables in words: ${rule}`, () => assert.equal(iptables(rule), sentence));
}

const OTHER_TABLES: readonly [table: string, rule: string, sentence: string][] = [
  [
    "raw",
    "PREROUTING -p tcp --dport 21 -j CT --helper ftp",
    "Assigns the conntrack helper ftp to TCP packets to port 21 (FTP control).",
  ],
  ["raw", "PREROUTING -p udp -j NOTRACK", "Leaves UDP packets out of connection tracking."],
  [
    "nat",
    "PREROUTING -i eth0 -p tcp --dport 21 -j DNAT --to-destination 10.0.0.2:2121",
    "Rewrites the destination of TCP packets to port 21 (FTP control) that come in on eth0: it becomes 10.0.0.2, port 2121.",
  ],
  [
    "nat",
    "POSTROUTING -o ppp0 -j MASQUERADE",
    "Rewrites the source of packets that go out on ppp0: it becomes this host's address on the way out.",
  ],
  [
    "nat",
    "PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 3128",
    "Sends TCP packets to port 80 (HTTP) to this host itself, port 3128.",
  ],
  ["mangle", "PREROUTING -p tcp -j MARK --set-mark 7", "Sets the packet mark of TCP packets to 0x7."],
  [
    "mangle",
    "FORWARD -p tcp --syn -j TCPMSS --clamp-mss-to-pmtu",
    "Applies TCPMSS to TCP packets that open a connection (SYN without ACK).",
  ],
];

for (const [table, rule, sentence] of OTHER_TABLES) {
  test(`iptables in words: ${table} ${rule}`, () => assert.equal(iptables(rule, table), sentence));
}

test("a jump names its chain", () => {
  assert.equal(
    iptables("INPUT -p tcp -j web", "filter", ":web - [0:0]\n"),
    "Sends TCP packets through chain web.",
  );
});

const SETS =
  "set ports { type inet_service; elements = { 21, 990 } }\nset bad { type ipv4_addr; flags dynamic; }";

const NFT: readonly [rule: string, sentence: string][] = [
  ["tcp dport 21 accept", "Accepts TCP packets to port 21 (FTP control)."],
  [
    "tcp dport { 20, 21 } counter accept",
    "Counts and accepts TCP packets to port 20 (FTP data) or 21 (FTP control).",
  ],
  ["tcp dport != 22 drop", "Drops TCP packets to any port but 22 (SSH)."],
  [
    "ip saddr 10.1.0.0/16 tcp dport 21 accept",
    "Accepts TCP packets from 10.1.0.0/16 to port 21 (FTP control).",
  ],
  ["ip6 saddr fd00::/8 accept", "Accepts packets from fd00::/8."],
  ["meta nfproto ipv6 drop", "Drops IPv6 packets."],
  [
    "tcp dport @ports accept",
    "Accepts TCP packets to a port in the set @ports (21 (FTP control) and 990 (FTPS control)).",
  ],
  ["icmpv6 type nd-neighbor-solicit accept", "Accepts ICMPv6 packets of type nd-neighbor-solicit."],
  [
    "tcp dport vmap { 21 : accept, 80 : jump web }",
    "Decides on TCP packets by the destination port: 21 (FTP control) → accept, 80 (HTTP) → jump web.",
  ],
  [
    "ip saddr . tcp dport { 10.0.0.1 . 21, 10.0.0.2 . 22 } accept",
    "Accepts IPv4 TCP packets, where the source address and the destination port are together one of: 10.0.0.1 with 21 (FTP control); 10.0.0.2 with 22 (SSH).",
  ],
  [
    "limit rate 5/second accept",
    "Accepts every packet that gets here, depending on the rate limit 5/second.",
  ],
  ["meta mark set 1 accept", "Sets the packet mark of every packet that gets here to 0x1, then accepts it."],
];

for (const [rule, sentence] of NFT) {
  test(`nft in words: ${rule}`, () => assert.equal(nft(rule, SETS), sentence));
}

test("a set that rules fill says so", () => {
  assert.match(
    nft("ip saddr @bad drop", SETS),
    /^Drops packets from an address in the set @bad \(not all of it/,
  );
});

test("a helper object is named with the kernel's helper behind it", () => {
  assert.equal(
    nft('tcp dport 21 ct helper set "f"', 'ct helper f { type "ftp" protocol tcp; }'),
    "Assigns the conntrack helper ftp (the object f) to TCP packets to port 21 (FTP control).",
  );
});

test("conditions that contradict each other are named", () => {
  assert.match(nft("tcp dport 21 tcp dport 22 accept"), /no packet at all/);
});
