import assert from "node:assert/strict";
import { test } from "node:test";
import { splitWords } from "../../../server/src/syntax/iptables-save/words.ts";
import { command, lostWords, problems, saveLine, show } from "./iptables-support.ts";

function shows(line: string, expected: string): void {
  assert.equal(show(command(line)), expected.trim());
  assert.deepEqual(problems(line), []);
}

test("a rule: protocol, its implicit module, a match and a target with its own option", () => {
  shows(
    "iptables -t raw -A PREROUTING -p tcp ! --dport 21 -m limit --limit 1/s -j CT --helper ftp",
    `
append PREROUTING
table [core] raw
protocol [core] tcp
! dport [-m tcp] 21
match [core] limit
limit [-m limit] 1/s
jump [core] CT
helper [-j CT] ftp`,
  );
});

test("short options may be glued to their values, long ones joined with =", () => {
  shows(
    "iptables -AINPUT -ptcp -s1.2.3.4 --dport=21 --jump=ACCEPT",
    `
append INPUT
protocol [core] tcp
source [core] 1.2.3.4
dport [-m tcp] 21
jump [core] ACCEPT`,
  );
});

test("a glued value has its own span", () => {
  const line = "iptables -A INPUT -ptcp --dport=21";
  const spans = command(line).options.map(({ values }) => values[0]?.span);
  assert.deepEqual(
    spans.map((span) => span && line.slice(span.start, span.end)),
    ["tcp", "21"],
  );
});

test("long options may be shortened while they stay unambiguous", () => {
  shows(
    "iptables --app INPUT --proto TCP --destination-p 21 --match state --st new --ju ACCEPT",
    `
append INPUT
protocol [core] TCP
dport [-m tcp] 21
match [core] state
state [-m state] new
jump [core] ACCEPT`,
  );
  assert.match(problems("iptables -A INPUT -p tcp --d 21")[0] ?? "", /syntax-error at “--d”/);
});

test("one-letter options may be bundled", () => {
  shows("iptables -nvL INPUT", "list INPUT\nnumeric [core]\nverbose [core]");
  shows("iptables -t nat -vnL", "list\ntable [core] nat\nverbose [core]\nnumeric [core]");
});

test("multiport takes --dport as short for --dports, unless tcp is loaded", () => {
  shows(
    "iptables -A INPUT -p tcp -m multiport --dport 20,21",
    "append INPUT\nprotocol [core] tcp\nmatch [core] multiport\ndports [-m multiport] 20,21",
  );
});

test("the newest of several instances of a module gets the option", () => {
  const { options } = command(
    "iptables -A INPUT -m recent --set --name a -m recent --rcheck --name b -j DROP",
  );
  const owners = options.map(({ name, owner }) =>
    `${name} ${owner.kind === "match" ? owner.instance : ""}`.trim(),
  );
  assert.deepEqual(owners, ["match", "set 0", "name 0", "match", "rcheck 1", "name 1", "jump"]);
});

test("operations with numbers, policies and names", () => {
  for (const [line, expected] of [
    ["iptables -I INPUT -j DROP", "insert INPUT\njump [core] DROP"],
    ["iptables -I INPUT 3 -j DROP", "insert INPUT 3\njump [core] DROP"],
    ["iptables -R INPUT 3 -j DROP", "replace INPUT 3\njump [core] DROP"],
    ["iptables -D INPUT 3", "delete INPUT 3"],
    ["iptables -D INPUT -j DROP", "delete INPUT\njump [core] DROP"],
    ["iptables -P FORWARD DROP", "policy FORWARD DROP"],
    ["iptables -E old new", "renameChain old new"],
    ["iptables -F", "flush"],
    ["iptables -X mine", "deleteChain mine"],
    ["iptables -w 5 -F INPUT", "flush INPUT\nwait [core] 5"],
    ["iptables -w -F INPUT", "flush INPUT\nwait [core]"],
    ["iptables -L -Z", "list\nzero [core]"],
    ["iptables -A INPUT -c 1 2 -j DROP", "append INPUT\nset-counters [core] 1 | 2\njump [core] DROP"],
  ] as const) {
    assert.equal(show(command(line)), expected, line);
    assert.deepEqual(problems(line), [], line);
  }
});

test("words of unknown value: as a value they stay there, elsewhere they make the command uncertain", () => {
  const known = command("iptables -A $CHAIN -p tcp --dport $PORT --sport=$LOW -s$NET -j $TARGET");
  assert.equal(
    show(known),
    `append $CHAIN
protocol [core] tcp
dport [-m tcp] $PORT
sport [-m tcp] $LOW
source [core] $NET
jump [core] $TARGET`,
  );
  assert.deepEqual(known.problems, []);
  assert.equal(known.uncertain, undefined);
  const open = command("iptables -A INPUT $ARGS --dport 21 -j ACCEPT");
  assert.equal(open.uncertain, "the variable $ARGS");
  assert.deepEqual(open.problems, []);
  assert.equal(command("iptables $COMMAND").uncertain, "the variable $COMMAND");
});

test("a port is understood where a variable gives the protocol", () => {
  shows(
    "iptables -A INPUT -p $PROTO --dport 21 -m set --match-set $SET $FLAGS",
    `
append INPUT
protocol [core] $PROTO
dport [-m tcp] 21
match [core] set
match-set [-m set] $SET | $FLAGS`,
  );
  shows(
    "iptables -A INPUT $ARGS --dport 21",
    "append INPUT\n [? the variable $ARGS] $ARGS\ndport [-m tcp] 21",
  );
});

test("options of an unknown match are kept with their words", () => {
  assert.equal(
    show(command("iptables -A INPUT -m geoip ! --src-cc DE,FR -j DROP")),
    `append INPUT
match [core] geoip
! src-cc [? the match geoip] DE,FR
jump [core] DROP`,
  );
});

test("the old way to negate is understood, and refused", () => {
  const line = "iptables -A INPUT -s ! 1.2.3.4 -p tcp --dport ! 21 -j DROP";
  assert.match(show(command(line)), /! source \[core\] 1\.2\.3\.4\n.*\n! dport \[-m tcp\] 21\n/);
  assert.match(problems(line)[0] ?? "", /^syntax-error at “!”: “-s ! …” is the old way to negate/);
});

test("what is wrong is said with its place and its remedy", () => {
  for (const [line, expected] of [
    [
      "iptables -A INPUT --dport 21 -j ACCEPT",
      /“--dport”: --dport needs a protocol before it. Put -p tcp or -p udp/,
    ],
    [
      "iptables -A INPUT -p tcp --state NEW",
      /“--state”: --state belongs to the match state. Put -m state before it/,
    ],
    ["iptables -A INPUT -j ACCEPT --too 1.2.3.4", /There is no option --too here/],
    ["iptables -A INPUT -p tcp --dport 70000", /invalid-value at “70000”: .* ports run from 0 to 65535/],
    ["iptables -A INPUT -p tcp --dport 20,21", /several ports need the multiport match/],
    ["iptables -A INPUT -p tcp --dport 50000-51000", /a range is written with a colon: 50000:51000/],
    [
      "iptables -A INPUT -p tcp -m multiport --dports 21,50060:50060",
      /multiport refuses 50060:50060, a range of one port: write 50060/,
    ],
    ["iptables -A INPUT -s 1.2.3.400", /invalid-value at “1.2.3.400”/],
    ["iptables -A INPUT -s ::1", /an IPv6 address belongs to ip6tables/],
    ["ip6tables -A INPUT -s 10.0.0.0/8", /an IPv4 address belongs to iptables/],
    ["iptables -A INPUT -m state --state NEW,FOO", /INVALID, NEW, ESTABLISHED/],
    ["iptables -A INPUT -m state --state NEW, ESTABLISHED", /without spaces/],
    ["iptables -A INPUT -m conntrack -j DROP", /-m conntrack needs one of its options/],
    ["iptables -A INPUT -p tcp —dport 21", /typographic dash/],
    ["iptables -A INPUT -p tcp --dport", /--dport needs a value/],
    ["iptables -A INPUT ! ! -p tcp", /Two “!” in a row/],
    ["iptables -A INPUT ! -j DROP", /-j cannot be negated/],
    ["iptables -A INPUT -j DROP -j ACCEPT", /one target only/],
    ["iptables -A INPUT -p tcp -p udp", /-p can be used once/],
    ["iptables -A INPUT ! -s 1.1.1.1,2.2.2.2", /cannot be used with a list of addresses/],
    ["iptables -I INPUT 0 -j DROP", /“0” is no rule number/],
    ["iptables -F -X", /-X and -F cannot stand in one command/],
    ["iptables -A INPUT -m foo", /unknown-extension at “foo”: iptables has no match foo/],
    ["iptables -A INPUT -m hl --hl-eq 1", /The match hl exists in ip6tables only/],
    ["iptables -A INPUT -6 -j DROP", /for the other family. Call ip6tables/],
    ["iptables -t nat", /No command/],
    ["ip6tables -A INPUT -f", /Use -m frag/],
    ["iptables -A INPUT -j REJECT --reject-with tcp-reset", /Put -p tcp into this rule/],
    ["ip6tables -A INPUT -j REJECT --reject-with icmp-port-unreachable", /that one is for iptables/],
  ] as const) {
    const found = problems(line);
    assert.match(found.join("\n"), expected, line);
    assert.ok(
      command(line).problems.every((problem) => problem.refused),
      line,
    );
  }
});

test("a save line for the other family does nothing", () => {
  assert.equal(saveLine("-A INPUT -6 --no-such-option x").otherFamily, true);
  assert.deepEqual(saveLine("-A INPUT -6 --no-such-option x").problems, []);
  assert.equal(saveLine("-4 -A INPUT -j DROP").otherFamily, false);
});

test("a save line has no -t", () => {
  assert.match(saveLine("-A INPUT -t nat -j DROP").problems[0]?.message ?? "", /not with -t/);
});

test("no word is ever lost", () => {
  const tokens =
    '-A INPUT -I -D 3 -P DROP -p tcp udp ! --dport 21 --sport 1: -m state limit foo --state NEW -j CT --helper ftp ACCEPT $X -s 1.2.3.4 -- - "" --= --dport= -xyz -c 1 2 --tcp-flags SYN -t raw -4 -6 -w -g é'.split(
      " ",
    );
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let round = 0; round < 3000; round++) {
    const line = Array.from({ length: random(12) }, () => tokens[random(tokens.length)]).join(" ");
    const program = round % 2 ? "iptables" : "ip6tables";
    const full = `${program} ${line}`;
    const parsed = command(full);
    assert.deepEqual(lostWords(parsed, splitWords(full).slice(1)), [], full);
    const saved = saveLine(line, program);
    assert.deepEqual(lostWords(saved, splitWords(line)), [], line);
  }
});
