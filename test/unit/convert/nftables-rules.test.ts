import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { showRule } from "./nftables-dump.ts";

/** Rule, family of its table, what it becomes (conditions and statements, then problems). */
const RULES: Record<string, readonly (readonly [string, string, string])[]> = {
  "ports and protocols": [
    ["tcp dport 21 accept", "inet", "l4proto=6; dport=21; accept"],
    ["tcp dport ftp accept", "inet", "l4proto=6; dport=21; accept"],
    ["tcp dport { 20, 21, 50000-50100 } accept", "inet", "l4proto=6; dport=20-21,50000-50100; accept"],
    ["tcp dport != 21 drop", "inet", "l4proto=6; dport=0-20,22-65535; drop"],
    ["tcp dport != { 21, 22 } drop", "inet", "l4proto=6; dport=0-20,23-65535; drop"],
    ["tcp dport 1024-65535 accept", "inet", "l4proto=6; dport=1024-65535; accept"],
    ["tcp dport > 1023 accept", "inet", "l4proto=6; dport=1024-65535; accept"],
    ["tcp dport <= 1023 drop", "inet", "l4proto=6; dport=0-1023; drop"],
    ["udp sport 53 udp dport 53 accept", "inet", "l4proto=17; sport=53; dport=53; accept"],
    ["th dport 53 accept", "inet", "dport=53; accept"],
    ["meta l4proto { tcp, udp } th dport 53 accept", "inet", "l4proto=6,17; dport=53; accept"],
    ["meta l4proto tcp tcp dport 21 accept", "inet", "l4proto=6; dport=21; accept"],
    [
      "tcp dport 21 udp dport 53 accept",
      "inet",
      'l4proto=6; dport=21; l4proto=17; dport=53; accept\nrefused conflicting-protocols at "udp dport"',
    ],
    [
      "tcp dport 20,21 accept",
      "inet",
      'l4proto=6; ?(a list); accept\nrefused list-without-braces at "20,21"',
    ],
    [
      "tcp dport 70000 accept",
      "inet",
      'l4proto=6; ?(the value 70000); accept\nrefused value-out-of-range at "70000"',
    ],
    [
      "tcp dport 30-20 accept",
      "inet",
      'l4proto=6; ?(a range whose end comes before its start); accept\nrefused empty-range at "30-20"',
    ],
    [
      "tcp dport nosuchservice accept",
      "inet",
      'l4proto=6; ?(the port of the service "nosuchservice"); accept\ninfo unknown-service at "nosuchservice"',
    ],
  ],
  "addresses and families": [
    ["ip saddr 10.0.0.0/8 accept", "inet", "nfproto=4; saddr4=10.0.0.0-10.255.255.255; accept"],
    ["ip saddr 10.0.0.0/8 accept", "ip", "saddr4=10.0.0.0-10.255.255.255; accept"],
    [
      "ip saddr 10.0.0.0/8 accept",
      "ip6",
      'nfproto=4; saddr4=10.0.0.0-10.255.255.255; accept\nrefused conflicting-protocols at "ip saddr"',
    ],
    [
      "ip saddr != 192.168.1.1 drop",
      "inet",
      "nfproto=4; saddr4=0.0.0.0-192.168.1.0,192.168.1.2-255.255.255.255; drop",
    ],
    [
      "ip saddr { 10.0.0.1, 10.0.0.5-10.0.0.9, 172.16.0.0/12 } accept",
      "inet",
      "nfproto=4; saddr4=10.0.0.1,10.0.0.5-10.0.0.9,172.16.0.0-172.31.255.255; accept",
    ],
    ["ip saddr & 255.255.255.0 == 10.1.2.0 accept", "inet", "nfproto=4; saddr4=10.1.2.0-10.1.2.255; accept"],
    ["ip saddr & 0.0.0.255 == 1 accept", "inet", "nfproto=4; saddr4&0xff=0.0.0.1; accept"],
    ["ip saddr & 0.0.0.255 == 0.0.0.1 accept", "inet", "nfproto=4; saddr4&0xff=0.0.0.1; accept"],
    [
      "ip6 daddr fe80::/10 accept",
      "inet",
      "nfproto=6; daddr6=fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff; accept",
    ],
    [
      "ip6 saddr & ffff:: == 2001:: accept",
      "inet",
      "nfproto=6; saddr6=2001::-2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff; accept",
    ],
    [
      "ip saddr 10.0.0.300 accept",
      "inet",
      'nfproto=4; ?(the address 10.0.0.300); accept\nrefused invalid-address at "10.0.0.300"',
    ],
    [
      "ip saddr host.example accept",
      "inet",
      "nfproto=4; ?(the address of host.example, looked up when the file is loaded); accept",
    ],
    [
      "ip saddr 1.2.3.4 ip6 saddr ::1 accept",
      "inet",
      'nfproto=4; saddr4=1.2.3.4; nfproto=6; saddr6=::1; accept\nrefused conflicting-protocols at "ip6 saddr"',
    ],
    ["ip protocol tcp accept", "inet", "nfproto=4; l4proto=6; accept"],
    ["ip6 nexthdr { tcp, udp } accept", "inet", "nfproto=6; l4proto=6,17; accept"],
    ["meta protocol ip accept", "inet", "nfproto=4; accept"],
    ["meta nfproto ipv6 drop", "inet", "nfproto=6; drop"],
  ],
  "ICMP, interfaces": [
    ["icmp type echo-request accept", "inet", "nfproto=4; l4proto=1; icmptype=8; accept"],
    [
      "icmp type { echo-request, destination-unreachable } accept",
      "inet",
      "nfproto=4; l4proto=1; icmptype=3,8; accept",
    ],
    [
      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
      "inet",
      "nfproto=6; l4proto=58; icmpv6type=135-136; accept",
    ],
    ["icmp type echo-request accept", "ip6", "l4proto=1; icmptype=8; accept"],
    [
      "icmp type nonsense accept",
      "inet",
      'nfproto=4; l4proto=1; ?(what "nonsense" stands for); accept\nrefused unknown-name at "nonsense"',
    ],
    ["iif lo accept", "inet", 'iif="lo"; accept'],
    ['iifname "eth*" accept', "inet", 'iif="eth"*; accept'],
  ],
  connections: [
    ['oifname { "eth0", ppp0 } accept', "inet", 'oif="eth0","ppp0"; accept'],
    ["ct state established,related accept", "inet", "ctstate=1-2; accept"],
    ["ct state { established, related } accept", "inet", "ctstate=1-2; accept"],
    ["ct state != established drop", "inet", "ctstate=0,2-4; drop"],
    ["ct state & (established | related) != 0 accept", "inet", "ctstate=1-2; accept"],
    ["ct state invalid drop", "inet", "ctstate=0; drop"],
    ["ct state ! new accept", "inet", "ctstate=0-2,4; accept"],
    ["ct state new tcp dport 21 accept", "inet", "ctstate=3; l4proto=6; dport=21; accept"],
    [
      "ct state nonsense accept",
      "inet",
      '?(what "nonsense" stands for); accept\nrefused unknown-name at "nonsense"',
    ],
    [
      "ct state vmap { established : accept, related : accept, invalid : drop }",
      "inet",
      "ctstate vmap {1: accept | 2: accept | 0: drop}",
    ],
    ["ct status dnat accept", "inet", "ctstatus&0x20=1-4294967295; accept"],
    ["ct status ! dnat drop", "inet", "ctstatus&0x20=0; drop"],
    ["ct status & (snat | dnat) == dnat accept", "inet", "ctstatus&0x30=32; accept"],
    ["ct direction original accept", "inet", "ctdirection=0; accept"],
    ["ct mark 0x10 accept", "inet", "ctmark=16; accept"],
    ["ct mark & 0xff == 0x10 accept", "inet", "ctmark&0xff=16; accept"],
    ["meta mark != 0 drop", "inet", "mark=1-4294967295; drop"],
    ["meta mark ^ 0x3 == 0x1 accept", "inet", "mark=2; accept"],
    ["meta mark | 0x23 == 0x11 accept", "inet", "mark&0xffffffdc=nothing; accept"],
    ["mark and 0xf0 == 0x10 accept", "inet", "mark&0xf0=16; accept"],
    ['ct helper "ftp" accept', "inet", 'cthelper="ftp"; accept'],
    ["ct original ip daddr 10.0.0.1 accept", "inet", "ctorigdaddr4=10.0.0.1; accept"],
    ["ct original proto-dst 21 accept", "inet", "ctorigdport=21; accept"],
  ],
  "TCP flags and fragments": [
    ["ct reply saddr 10.0.0.1 accept", "inet", "ctreplsaddr4=10.0.0.1; accept"],
    ["ct protocol tcp accept", "inet", "ctprotocol=6; accept"],
    ["tcp flags == syn accept", "inet", "l4proto=6; tcpflags=2; accept"],
    [
      "tcp flags & (fin | syn | rst | ack) == syn accept",
      "inet",
      "l4proto=6; tcpflags=2,10,34,42,66,74,98,106,130,138,162,170,194,202,226,234; accept",
    ],
    [
      "tcp flags syn / fin,syn,rst,ack accept",
      "inet",
      "l4proto=6; tcpflags=2,10,34,42,66,74,98,106,130,138,162,170,194,202,226,234; accept",
    ],
    [
      "tcp flags != syn / fin,syn,rst,ack ct state new drop",
      "inet",
      "l4proto=6; tcpflags=0-1,3-9,11-33,35-41,43-65,67-73,75-97,99-105,107-129,131-137,139-161,163-169,171-193,195-201,203-225,227-233,235-255; ctstate=3; drop",
    ],
  ],
  "concatenations, sets and maps": [
    ["tcp flags { syn, syn | ack } accept", "inet", "l4proto=6; tcpflags=2,18; accept"],
    ["ip frag-off & 0x1fff != 0 drop", "inet", "nfproto=4; fragment=1; drop"],
    ["fib daddr type local accept", "inet", "daddrtype=2; accept"],
    [
      "fib saddr . iif oif missing drop",
      "inet",
      "?(whether there is a route back to the sender through this interface); drop",
    ],
    ["fib daddr . iif type local accept", "inet", "?(the type of the address in the routing table); accept"],
    [
      "ip saddr . tcp dport { 10.0.0.1 . 21, 10.0.0.0/24 . 1000-2000 } accept",
      "inet",
      "nfproto=4; l4proto=6; saddr4 . dport in {10.0.0.1 . 21 | 10.0.0.0-10.0.0.255 . 1000-2000}; accept",
    ],
    [
      "ip saddr . tcp dport != { 10.0.0.1 . 21 } drop",
      "inet",
      "nfproto=4; l4proto=6; saddr4 . dport not in {10.0.0.1 . 21}; drop",
    ],
    [
      "ip saddr . tcp dport { 10.0.0.1 } drop",
      "inet",
      'nfproto=4; l4proto=6; ?(a key of another shape); drop\nrefused key-mismatch at "10.0.0.1"',
    ],
    ["ip saddr @blocked drop", "inet", "nfproto=4; saddr4 in @blocked; drop"],
    ["ip saddr != @allowed drop", "inet", "nfproto=4; saddr4 not in @allowed; drop"],
    ["ip saddr . tcp dport @pairs accept", "inet", "nfproto=4; l4proto=6; saddr4 . dport in @pairs; accept"],
    [
      "tcp dport vmap { 21 : jump ftp, 22 : accept, * : drop }",
      "inet",
      "l4proto=6; dport vmap {21: jump ftp | 22: accept | *: drop}",
    ],
    [
      "ip saddr . tcp dport vmap { 10.0.0.1 . 21 : accept }",
      "inet",
      "nfproto=4; l4proto=6; saddr4 . dport vmap {10.0.0.1 . 21: accept}",
    ],
    ["tcp dport vmap @services", "inet", "l4proto=6; dport vmap @services"],
  ],
  "what the file cannot tell": [
    [
      "limit rate 10/minute burst 5 packets accept",
      "inet",
      "?(the rate limit 10/minute burst 5 packets, changing); accept",
    ],
    [
      "limit rate over 1 mbytes/second drop",
      "inet",
      "?(the rate limit over 1 mbytes/second, changing); drop",
    ],
    ["quota over 25 mbytes drop", "inet", '?(the quota "over 25 mbytes", changing); drop'],
    ["meta skuid ftp accept", "inet", "?(the user who owns the socket); accept"],
    ['meta hour "08:00"-"17:00" accept', "inet", "?(the time of day); accept"],
    ["numgen random mod 2 0 accept", "inet", "?(a random number, changing); accept"],
    [
      "ether saddr 00:11:22:33:44:55 accept",
      "inet",
      `iif="\\u0000"..<"￿￿"; ?(the sender's hardware address); accept`,
    ],
  ],
  statements: [
    ['tcp dport 21 ct helper set "ftp-std"', "inet", "l4proto=6; dport=21; helper object ftp-std"],
    ['ct helper set ip saddr map { 10.0.0.1 : "a" }', "inet", "nfproto=4; helper by saddr4 { 10.0.0.1 : a }"],
    ["meta mark set 0x10", "inet", 'mark packet {"and":0,"xor":16}'],
    ["meta mark set mark | 0x10", "inet", 'mark packet {"and":4294967279,"xor":16}'],
    ["meta mark set meta mark & 0xffffff00 xor 0x1", "inet", 'mark packet {"and":4294967040,"xor":1}'],
    ["ct mark set meta mark", "inet", 'mark connection {"copy":true,"keep":0,"take":4294967295,"xor":0}'],
    ["meta mark set ct mark & 0xff", "inet", 'mark packet {"copy":true,"keep":0,"take":255,"xor":0}'],
    [
      "meta mark set ip saddr map { 10.0.0.1 : 1 }",
      "inet",
      "nfproto=4; packet mark by saddr4 { 10.0.0.1 : 1 }",
    ],
    [
      'tcp dport 21 counter packets 1 bytes 2 log prefix "ftp " level info accept comment "let in"',
      "inet",
      "l4proto=6; dport=21; noop counter; noop log; accept # let in",
    ],
    ["tcp dport 21 reject with tcp reset", "inet", "l4proto=6; dport=21; reject"],
    ["queue num 1-3 bypass", "inet", "queue"],
    ["notrack", "inet", "notrack"],
    ["dnat to 10.0.0.2", "ip", "dnat4 to 10.0.0.2"],
    ["tcp dport 21 dnat to 10.0.0.2:2121", "ip", "l4proto=6; dport=21; dnat4 to 10.0.0.2 port 2121"],
    [
      "tcp dport 21 dnat to 10.0.0.2-10.0.0.9:2121-2130",
      "ip",
      "l4proto=6; dport=21; dnat4 to 10.0.0.2-10.0.0.9 port 2121-2130",
    ],
    ["tcp dport 21 dnat ip to 10.0.0.2", "inet", "l4proto=6; dport=21; dnat4 to 10.0.0.2"],
    [
      "tcp dport 21 dnat to 10.0.0.2",
      "inet",
      'l4proto=6; dport=21; dnat4 to 10.0.0.2\nrefused nat-family-missing at "dnat to 10.0.0.2"',
    ],
    [
      "tcp dport 21 dnat ip6 to [2001:db8::1]:2121",
      "inet",
      "l4proto=6; dport=21; dnat6 to 2001:db8::1 port 2121",
    ],
    [
      "dnat to tcp dport map { 21 : 10.0.0.2, 80 : 10.0.0.3 }",
      "ip",
      "l4proto=6; dnat4 to dport map {21: 10.0.0.2 | 80: 10.0.0.3}",
    ],
    [
      "dnat to tcp dport map @targets",
      "ip",
      "l4proto=6; dnat4 to part 0 of dport map @targets port part 1 of dport map @targets",
    ],
    [
      "dnat ip addr . port to tcp dport map { 21 : 10.0.0.2 . 2121 }",
      "ip",
      "l4proto=6; dnat4 to dport map {21: 10.0.0.2} port dport map {21: 2121}",
    ],
    ["snat to 192.0.2.1", "ip", "snat4 to 192.0.2.1"],
    [
      "snat ip prefix to ip saddr map { 10.0.0.0/24 : 192.0.2.0/24 }",
      "ip",
      "snat4 to saddr4 map {10.0.0.0-10.0.0.255: 192.0.2.0-192.0.2.255} netmap",
    ],
    ["masquerade random,persistent", "inet", "masquerade random"],
    ["tcp dport 80 redirect to :8080", "inet", "l4proto=6; dport=80; redirect port 8080"],
    ["redirect to :8080", "inet", 'redirect port 8080\nrefused nat-port-without-protocol at "8080"'],
    ["ct zone set 1", "inet", "!(the conntrack zone set here)"],
    ["add @seen { ip saddr timeout 1m } accept", "inet", "nfproto=4; noop add @seen; accept"],
    [
      "update @seen { ip saddr limit rate over 10/minute } drop",
      "inet",
      "nfproto=4; ?(the limit rate over 10/minute kept in @seen, changing); drop",
    ],
    ["flow add @f", "inet", "noop flow"],
    ["tproxy to :80", "inet", '!(what "tproxy" does with the packet)'],
    ["accept counter", "inet", 'accept; noop counter\nrefused statement-after-verdict at "counter"'],
    [
      "tcp dport 21 accept drop",
      "inet",
      'l4proto=6; dport=21; accept; drop\nrefused statement-after-verdict at "drop"',
    ],
    ["jump other", "inet", "jump other"],
    ["goto other", "inet", "goto other"],
    ["return", "inet", "return"],
    ['xt match "owner"', "inet", "?(the iptables match owner, which nft does not show in full)"],
    [
      "tcp dport 21 frobnicate",
      "inet",
      'l4proto=6; dport=21; ?(what could not be read of this rule, changing)\nrefused syntax-error at "frobnicate"',
    ],
    [
      "tcp dport",
      "inet",
      '?(what could not be read of this rule, changing)\nrefused syntax-error at "dport"',
    ],
    [
      "ip saddr 10.0.0.0/33 accept",
      "inet",
      'nfproto=4; ?(a prefix that cannot be read); accept\nrefused invalid-prefix at "10.0.0.0/33"',
    ],
  ],
};

for (const [group, rules] of Object.entries(RULES)) {
  describe(`nftables rules: ${group}`, () => {
    for (const [rule, family, expected] of rules) {
      test(`${family}: ${rule}`, () => assert.equal(showRule(rule, family), expected));
    }
  });
}

/** Bytes of TCP flags that a rule lets through. */
function flagBytes(rule: string): number[] {
  const values = /tcpflags=([\d,-]+)/.exec(showRule(rule))?.[1] ?? "";
  return values.split(",").flatMap((piece) => {
    const [low, high] = piece.split("-").map(Number);
    return Array.from({ length: (high ?? low!) - low! + 1 }, (_, i) => low! + i);
  });
}

describe("nftables rules: TCP flags as bytes", () => {
  const SYN = 2;
  const ALL = Array.from({ length: 256 }, (_, byte) => byte);
  const cases: [string, (byte: number) => boolean][] = [
    ["tcp flags syn accept", (byte) => (byte & SYN) !== 0],
    ["tcp flags syn,ack accept", (byte) => (byte & 18) !== 0],
    ["tcp flags syn | ack accept", (byte) => (byte & 18) !== 0],
    ["tcp flags == syn,ack accept", (byte) => byte === 18],
    ["tcp flags != syn accept", (byte) => byte !== SYN],
    ["tcp flags ! syn,ack accept", (byte) => (byte & 18) === 0],
    ["tcp flags & (syn | ack) != 0 accept", (byte) => (byte & 18) !== 0],
    ["tcp flags & (fin | syn | rst | ack) syn accept", (byte) => (byte & 23) === SYN],
    ["tcp flags != syn / fin,syn,rst,ack accept", (byte) => (byte & 23) !== SYN],
    ["tcp flags & (fin | syn) == { fin, syn } accept", (byte) => [1, 2].includes(byte & 3)],
  ];
  for (const [rule, holds] of cases) test(rule, () => assert.deepEqual(flagBytes(rule), ALL.filter(holds)));
});

test("a negated interface leaves out exactly that name", () => {
  assert.equal(showRule('iifname != "lo" drop'), 'iif=""..<"lo","lo\\u0000"..<"\uffff\uffff"; drop');
});
