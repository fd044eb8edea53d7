import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listNft } from "../../../server/src/listing/nft-ruleset.ts";
import { foldOperations } from "../../../server/src/model/fold.ts";
import type { Operation } from "../../../server/src/model/operation.ts";
import { absoluteSpan } from "../../../server/src/text/origin.ts";
import { recordedLoads, recordedRules, rulesOf, tableOf } from "./nft-recorded.ts";
import { listed, listedAfter, listedRule, operationsOf, shown } from "./nft-support.ts";

test("rules are listed as nft printed them", () => {
  const { setup, rules } = recordedRules();
  assert.ok(rules.length > 500, `${rules.length} rules`);
  const wrong = rules.flatMap((one) => {
    const got = rulesOf(listed(tableOf(one, setup)));
    return got === one.printed ? [] : [`${one.family} | ${one.rule}\n  nft: ${one.printed}\n  we:  ${got}`];
  });
  assert.deepEqual(wrong, []);
});

describe("loads are listed as nft printed them", () => {
  for (const { name, commands, printed } of recordedLoads()) {
    test(name, () => assert.equal(listedAfter(...commands), printed));
  }
});

describe("what is not known is said", () => {
  test("a rule that is not understood stands as it was written", () => {
    assert.equal(
      listedRule('meta skuid "alice"   accept'),
      'meta skuid "alice" accept ## what "alice" stands for',
    );
    assert.equal(listedRule("tcp dport $PORT accept"), "tcp dport $PORT accept ## the value of $PORT");
  });

  test("the order of what the kernel keeps in a hash with a random seed", () => {
    assert.match(
      listedRule("tcp flags vmap { syn : accept, syn | ack : drop }"),
      / ## in which order the kernel keeps flags that have a bit in common$/,
    );
    assert.equal(listedRule("tcp flags { syn, syn | ack }"), "tcp flags { syn | ack, syn }");
  });

  test("interfaces are sorted by numbers that only the host knows", () => {
    assert.equal(listedRule('iif { "lo", "eth0" } accept'), 'iif { "lo", "eth0" } accept');
    assert.match(listedRule('iif { "eth1", "eth0" }'), / ## what numbers the interfaces have$/);
  });

  test("rules, chains and elements behind an unknown condition", () => {
    const maybe = (operation: Operation): Operation => ({ ...operation, presence: { maybe: "$1" } });
    const base = operationsOf("add table ip t; add chain ip t c; add set ip t s { type mark; }");
    const more = operationsOf("add rule ip t c accept; add chain ip t d; add element ip t s { 1 }");
    assert.equal(
      shown([...base, ...more.map(maybe)]).replace(/\t/g, " "),
      [
        "table ip t {",
        " set s {",
        "  type mark",
        " }",
        "",
        " chain c {",
        "  accept ## $1",
        " }",
        "",
        " chain d { ## $1",
        " } ## $1",
        "}",
      ].join("\n"),
    );
  });

  test("elements of a set that is there already, perhaps", () => {
    const session = operationsOf(
      "add table ip t; add set ip t s { type mark; }; add element ip t s { 2, 1 }",
    );
    const last = session[session.length - 1]!;
    const lines = shown([...session.slice(0, -1), { ...last, presence: { maybe: "the host's name" } }]);
    assert.match(lines, /\t\telements = \{ 0x00000001, 0x00000002 \} ## the host's name\n/);
  });
});

test("every line leads to what the author wrote", () => {
  const text = "table ip t {\n set s { type mark; elements = { 1 }; }\n chain c { accept; }\n}";
  const { lines } = listNft(foldOperations(operationsOf(text)).ruleset)!;
  const origins = lines.map(({ text: printed, origin }) => {
    if (!origin) return printed.trim();
    const { start, end } = absoluteSpan(origin);
    return `${printed.trim()} <- ${text.slice(start, end)}`;
  });
  assert.deepEqual(origins, [
    "table ip t { <- table ip t",
    "set s { <- set s",
    "type mark <- set s",
    "elements = { 0x00000001 } <- set s",
    "}",
    "",
    "chain c { <- chain c",
    "accept <- accept",
    "}",
    "}",
  ]);
});

test("tables of iptables are not listed, unless nft has put something in", () => {
  const table = { backend: "iptables", family: "ip", name: "filter" } as const;
  const origin = {
    file: "rules.v4",
    statement: { start: 0, end: 0 },
    span: { start: 0, end: 0 },
    frames: [],
  };
  const body = { items: [], listed: () => ({ text: "-j ACCEPT" }) };
  const own: Operation[] = [
    { op: "addTable", table, origin, presence: "certain" },
    { op: "append", table, chain: "INPUT", body, origin, presence: "certain" },
  ];
  assert.equal(shown(own), "");
  const both = shown([...own, ...operationsOf("add rule ip filter INPUT counter")]);
  assert.match(
    both,
    /counter packets 0 bytes 0 ## how nft shows what iptables has put into the table ip filter/,
  );
});
