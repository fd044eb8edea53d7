import assert from "node:assert/strict";
import { test } from "node:test";
import { convertIptablesCommand } from "../../../server/src/convert/iptables/convert-command.ts";
import { sameBody } from "../../../server/src/model/rule-equality.ts";
import { command } from "../syntax/iptables-support.ts";
import { showBody } from "./iptables-support.ts";

const ORIGIN = {
  file: "fw.sh",
  statement: { start: 100, end: 200 },
  span: { start: 0, end: 100 },
  frames: [],
};

function convert(line: string) {
  return convertIptablesCommand(command(line), { origin: ORIGIN, presence: "certain" });
}

function bodyOf(line: string) {
  const [operation] = convert(line).operations;
  assert.ok(operation && "body" in operation, line);
  return operation.body;
}

/** Rules of INPUT (or, with a chain, elsewhere) and what they mean. */
function means(rule: string, expected: string): void {
  const line = rule.startsWith("ip") ? rule : `iptables -A INPUT ${rule}`;
  assert.deepEqual(
    convert(line).problems.map((problem) => problem.message),
    [],
    line,
  );
  assert.equal(showBody(bodyOf(line)), expected.trim(), line);
}

test("each of several addresses is a rule of its own", () => {
  const { operations } = convert("iptables -A INPUT -d 10.0.0.1,10.0.0.9 -j DROP");
  assert.deepEqual(
    operations.map((operation) => "body" in operation && showBody(operation.body)),
    ["daddr4 in {10.0.0.1}\ndrop", "daddr4 in {10.0.0.9}\ndrop"],
  );
});

test("addresses: prefixes, lists, masks with holes, names, negation", () => {
  means("-s 10.1.2.3/8", "saddr4 in {10.0.0.0-10.255.255.255}");
  means("! -s 10.0.0.0/8", "saddr4 in {0.0.0.0-9.255.255.255, 11.0.0.0-255.255.255.255}");
  means("-s 10.0.0.1/255.0.0.255", "saddr4 & 255.0.0.255 in {10.0.0.1}");
  means("! -s 10.0.0.1/255.0.0.255", "not(saddr4 & 255.0.0.255 in {10.0.0.1})");
  means("-s ftp.example.org", "stable: the address of ftp.example.org");
  means("-s 0/0", "");
  means("-s 10.1/16", "saddr4 in {10.1.0.0-10.1.255.255}");
  means(
    "ip6tables -A INPUT -s 2001:db8::/32",
    "saddr6 in {2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff}",
  );
  means(
    "-m iprange ! --src-range 10.0.0.1-10.0.0.3",
    "saddr4 in {0.0.0.0-10.0.0.0, 10.0.0.4-255.255.255.255}",
  );
});

test("protocols, interfaces, fragments", () => {
  means("-p tcp", "l4proto in {6}");
  means("! -p 6", "l4proto in {0-5, 7-255}");
  means("-p all", "");
  means("-i eth0", 'iif in {"eth0"}');
  means("-i eth+", 'iif in {"eth".."eth*"}');
  means("-i +", "");
  means("! -f", "fragment in {0}");
});

test("ports and TCP flags", () => {
  means("-p tcp --dport 21 --sport 1024:", "l4proto in {6}\nsport in {1024-65535}\ndport in {21}");
  means("-p tcp ! --dport ftp", "l4proto in {6}\ndport in {0-20, 22-65535}");
  means(
    "-p tcp -m multiport --dports ftp-data,21,50000:51000",
    "l4proto in {6}\ndport in {20-21, 50000-51000}",
  );
  means("-p tcp -m multiport --ports 21", "l4proto in {6}\nanyOf(sport in {21}; dport in {21})");
  means("-p tcp -m multiport ! --ports 1:65535", "l4proto in {6}\nsport in {0}\ndport in {0}");
  means(
    "-p tcp --tcp-flags SYN,RST SYN",
    `l4proto in {6}\ntcpflags in {${flags((byte) => (byte & 6) === 2)}}`,
  );
  means("-p tcp ! --syn", `l4proto in {6}\ntcpflags in {${flags((byte) => (byte & 23) !== 2)}}`);
});

function flags(test: (byte: number) => boolean): string {
  const parts: string[] = [];
  for (let low = 0; low < 256; low++) {
    if (!test(low)) continue;
    let high = low;
    while (high < 255 && test(high + 1)) high++;
    parts.push(low === high ? `${low}` : `${low}-${high}`);
    low = high;
  }
  return parts.join(", ");
}

test("ICMP types; a code that matters cannot be told", () => {
  means("-p icmp --icmp-type echo-request", "l4proto in {1}\nicmptype in {8}");
  means("-p icmp --icmp-type 8/0", "l4proto in {1}\nicmptype in {8}");
  means("-p icmp --icmp-type any", "l4proto in {1}");
  means(
    "-p icmp --icmp-type 3/4",
    "l4proto in {1}\nicmptype in {3}\nchanging: whether an ICMP message of type 3 has code 4",
  );
  means(
    "ip6tables -A INPUT -p icmpv6 --icmpv6-type neighbour-solicitation",
    "l4proto in {58}\nicmpv6type in {135}",
  );
});

test("connection tracking", () => {
  means("-m conntrack --ctstate ESTABLISHED,RELATED", "ctstate in {1-2}");
  means("-m state ! --state INVALID", "ctstate in {1-4}");
  means("-m conntrack --ctstate NEW,DNAT", "anyOf(ctstate in {3}; ctstatus & 32 in {1-65535})");
  means("-m conntrack --ctstatus EXPECTED", "ctstatus & 1 in {1-65535}");
  means("-m conntrack ! --ctstatus EXPECTED", "ctstatus & 1 in {0}");
  means("-m conntrack --ctdir REPLY --ctproto tcp", "ctprotocol in {6}\nctdirection in {1}");
  means(
    "-m conntrack --ctorigdstport 21 --ctorigdst 10.0.0.1",
    "ctorigdaddr4 in {10.0.0.1}\nctorigdport in {21}",
  );
  means("-m connmark --mark 0x1/0xf", "ctmark & 15 in {1}");
  means("-m mark ! --mark 1", "mark in {0, 2-4294967295}");
});

test("xt_helper compares only as many bytes as the kernel's name has", () => {
  means("-m helper --helper ftp", 'cthelper in {"ftp"}');
  means("-m helper --helper ftp-2121", 'cthelper in {"ftp", "ftp-2121"}');
  means('-m helper --helper ""', `cthelper in {"\\0".."**"}`);
});

test("address and packet types", () => {
  means("-m addrtype --dst-type LOCAL,BROADCAST", "daddrtype in {2-3}");
  means(
    "-m addrtype --dst-type LOCAL --limit-iface-in",
    "daddrtype in {2}\nstable: the addresses of the incoming interface",
  );
  means("-m pkttype ! --pkt-type unicast", "pkttype in {1-7}");
});

test("what the file cannot tell", () => {
  means("-m limit --limit 5/min", "changing: the rate limit 5/min");
  means("-m set --match-set good src,dst", "stable: the content of the ipset good");
  means("-m recent --update --seconds 60 --name ssh", "changing: the recently seen addresses (list ssh)");
  means("iptables -A OUTPUT -m owner --uid-owner ftp", "stable: the user who owns the socket (ftp)");
  means("-m time --timestart 08:00", "stable: the time of day or the date");
  means("-p tcp --dport $PORT", "l4proto in {6}\nstable: the variable $PORT");
  means("-m comment --comment hello -j ACCEPT", "accept\n# hello");
});

test("targets", () => {
  means("-j ACCEPT", "accept");
  means("-j REJECT --reject-with icmp-host-prohibited", "reject");
  means("-j LOG --log-prefix x", "noop LOG");
  means("-j NFQUEUE --queue-bypass", "queue");
  means("-j mine", "jump mine");
  means("-g mine", "goto mine");
  means("-p tcp", "l4proto in {6}");
  means("-j $TARGET", "opaque: the variable $TARGET");
});

test("marks", () => {
  const all = 0xffffffff;
  for (const [option, and, xor] of [
    ["--set-mark 1", 0, 1],
    ["--set-mark 0x1/0xf", all - 15, 1],
    ["--set-mark 0x10/0xf", all - 31, 16],
    ["--set-xmark 0x10/0xf", all - 15, 16],
    ["--and-mark 0xff", 255, 0],
    ["--or-mark 0x10", all - 16, 16],
    ["--xor-mark 0x10", all, 16],
  ] as const) {
    means(`-j MARK ${option}`, `mark of packet: {"and":${and},"xor":${xor}}`);
    means(`-j CONNMARK ${option}`, `mark of connection: {"and":${and},"xor":${xor}}`);
  }
  means("-j CONNMARK --save-mark", `mark of connection: {"copy":true,"keep":0,"take":${all},"xor":0}`);
  means(
    "-j CONNMARK --restore-mark --mask 0xff",
    `mark of packet: {"copy":true,"keep":${all - 255},"take":255,"xor":0}`,
  );
  means(
    "-j CONNMARK --save-mark --nfmask 1 --ctmask 2",
    `mark of connection: {"copy":true,"keep":${all - 2},"take":1,"xor":0}`,
  );
});

test("the conntrack helper and NAT", () => {
  means(
    "iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp",
    'l4proto in {6}\ndport in {21}\nhelper {"by":"kernel","name":"ftp"}',
  );
  means("iptables -t raw -A PREROUTING -j CT --notrack", "notrack");
  means("iptables -t raw -A PREROUTING -j NOTRACK", "notrack");
  means("iptables -t raw -A PREROUTING -j CT --ctevents new", 'helper {"by":"kernel","name":""}');
  means(
    "iptables -t nat -A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.2-10.0.0.4:21-22",
    "l4proto in {6}\ndnat {10.0.0.2-10.0.0.4} ports {21-22}",
  );
  means("iptables -t nat -A PREROUTING -p tcp -j DNAT --to :2121", "l4proto in {6}\ndnat ports {2121}");
  means(
    "ip6tables -t nat -A PREROUTING -p tcp -j DNAT --to [fd00::2]:21",
    "l4proto in {6}\ndnat {fd00::2} ports {21}",
  );
  means("ip6tables -t nat -A POSTROUTING -j SNAT --to fd00::2", "snat {fd00::2}");
  means("iptables -t nat -A POSTROUTING -o ppp0 -j MASQUERADE", 'oif in {"ppp0"}\nmasquerade');
  means(
    "iptables -t nat -A PREROUTING -p tcp -j REDIRECT --to-ports 2121",
    "l4proto in {6}\nredirect ports {2121}",
  );
  means("iptables -t nat -A PREROUTING -j NETMAP --to 10.0.0.0/24", "netmap {10.0.0.0-10.0.0.255} netmap");
  means("iptables -t nat -A POSTROUTING -j NETMAP --to 10.0.0.0/24", "netmap {10.0.0.0-10.0.0.255} netmap");
});

test("operations", () => {
  const ops = (line: string) =>
    convert(line).operations.map((operation) => {
      const { origin, presence, ...rest } = operation;
      const table = "table" in rest ? rest.table?.name : undefined;
      return JSON.stringify({ ...rest, table, body: undefined });
    });
  assert.deepEqual(ops("iptables -t nat -F"), ['{"op":"flushChain","table":"nat"}']);
  assert.deepEqual(ops("iptables -X mine"), [
    '{"op":"deleteChain","table":"filter","chain":"mine","mustExist":true}',
  ]);
  assert.deepEqual(ops("iptables -N mine"), [
    '{"op":"addChain","table":"filter","chain":"mine","mustBeNew":true}',
  ]);
  assert.deepEqual(ops("iptables -P INPUT DROP"), [
    '{"op":"setPolicy","table":"filter","chain":"INPUT","verdict":"drop"}',
  ]);
  assert.deepEqual(ops("iptables -I INPUT -j DROP"), [
    '{"op":"insert","table":"filter","chain":"INPUT","index":0}',
  ]);
  assert.deepEqual(ops("iptables -D INPUT 2"), [
    '{"op":"deleteRule","table":"filter","chain":"INPUT","which":{"index":1}}',
  ]);
  assert.deepEqual(ops("iptables -A $CHAIN -j DROP"), [
    '{"op":"unknown","fact":"the variable $CHAIN","table":"filter"}',
  ]);
  assert.deepEqual(ops("iptables $ARGS"), ['{"op":"unknown","fact":"the variable $ARGS","table":"filter"}']);
  assert.deepEqual(ops("iptables -L"), []);
  assert.deepEqual(
    ops("iptables -A INPUT -p tcp --dport 99999 -j DROP"),
    [],
    "a refused command does nothing",
  );
});

test("-D finds a rule however its options were ordered", () => {
  const same = (a: string, b: string) =>
    sameBody(bodyOf(`iptables -A INPUT ${a}`), bodyOf(`iptables -A INPUT ${b}`));
  assert.ok(
    same(
      "-p tcp -s 1.2.3.4 --dport 21 -j ACCEPT",
      "-s 1.2.3.4/32 --protocol tcp -m tcp --dport ftp -j ACCEPT",
    ),
  );
  assert.ok(same("-p tcp --dport 21 --sport 1", "-p tcp --sport 1 --dport 21"));
  assert.ok(!same("-p tcp --dport 21 -j ACCEPT", "-p tcp --dport 22 -j ACCEPT"));
});

test("one command has one body", () => {
  const parsed = command("iptables -A INPUT -j DROP");
  const [a, b] = [1, 2].map(
    () => convertIptablesCommand(parsed, { origin: ORIGIN, presence: "certain" }).operations[0],
  );
  assert.ok(a && b && "body" in a && "body" in b);
  assert.equal(a.body, b.body);
});

test("rules in the wrong place", () => {
  for (const [line, expected] of [
    [
      "iptables -A INPUT -p tcp -j CT --helper ftp",
      /^ct-target-outside-raw: .*works in the table raw only.*Add -t raw/,
    ],
    ["iptables -A INPUT -j MASQUERADE", /^wrong-table: .*table nat only/],
    [
      "iptables -t nat -A POSTROUTING -j DNAT --to 1.2.3.4",
      /^wrong-chain: -j DNAT does not work in the chain POSTROUTING/,
    ],
    ["iptables -t nat -A PREROUTING -j DROP", /^wrong-table: The table nat is not for filtering/],
    ["iptables -A INPUT -o eth0 -j ACCEPT", /^wrong-interface-direction: -o cannot be used in INPUT/],
    ["iptables -A OUTPUT -i eth0 -j ACCEPT", /^wrong-interface-direction: -i cannot be used in OUTPUT/],
    ["iptables -A INPUT -m owner --uid-owner 1", /^wrong-chain: -m owner/],
    [
      "iptables -t raw -A PREROUTING -p tcp -j CT --helper ftp-2121",
      /^unknown-helper: .*only where the module was loaded with ports=.*Write --helper ftp/,
    ],
    ["iptables -t raw -A PREROUTING -p tcp -j CT --helper FTP", /^unknown-helper: .*Write --helper ftp/],
    ["ip6tables -t raw -A PREROUTING -p tcp -j CT --helper irc", /^unknown-helper: .*for IPv4 only/],
    ["iptables -t raw -A PREROUTING -j CT --helper ftp", /^helper-needs-protocol: .*needs -p tcp/],
    ["iptables -t raw -A PREROUTING ! -p udp -j CT --helper ftp", /^helper-needs-protocol/],
    ["iptables -t raw -A PREROUTING -p udp -j CT --helper ftp", /^helper-needs-protocol: .*works on tcp/],
    ["iptables -t nat -A PREROUTING -j DNAT --to 1.2.3.4:21", /^syntax-error: A port in --to needs -p tcp/],
    ["iptables -t nat -A PREROUTING -j DNAT --to 1.2.3.4.5", /^invalid-value/],
    ["iptables -P INPUT REJECT", /^invalid-policy: .*ACCEPT and DROP/],
    ["iptables -P mine DROP", /^invalid-policy: Only built-in chains/],
    ["iptables -N LOG", /^invalid-chain-name/],
    [`iptables -N ${"x".repeat(29)}`, /^invalid-chain-name: .*at most 28/],
    ["iptables -A INPUT -j OUTPUT", /^undefined-chain: OUTPUT is a built-in chain/],
    ["iptables -t foo -F", /^syntax-error: There is no table foo/],
    ["iptables -A INPUT -j TARPIT --tarpit", /^unknown-extension: .*xtables-addons/],
    ["iptables -A INPUT -j ULOG", /^unknown-extension: .*Use -j NFLOG/],
  ] as const) {
    const { problems } = convert(line);
    assert.match(problems.map(({ code, message }) => `${code}: ${message}`).join("\n"), expected, line);
    assert.ok(problems.every((problem) => problem.refused && problem.origin.file === "fw.sh"));
  }
});

test("undefined chains are reported where the chains are known", () => {
  const parsed = command("iptables -A INPUT -j accept");
  const place = { origin: ORIGIN, presence: "certain", isChain: () => false } as const;
  const { problems, operations } = convertIptablesCommand(parsed, place);
  assert.match(problems[0]?.message ?? "", /targets are written in capitals. Write -j ACCEPT/);
  assert.deepEqual(operations, []);
  assert.deepEqual(convertIptablesCommand(parsed, { ...place, isChain: () => true }).problems, []);
});
