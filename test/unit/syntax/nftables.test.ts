import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lex } from "../../../server/src/syntax/nftables/lexer.ts";
import { NftParseCache, parseNft } from "../../../server/src/syntax/nftables/parse.ts";
import type { NftFile, NftItem } from "../../../server/src/syntax/nftables/tree.ts";

/** The tree's outline: blocks with their members, statements with their kind and text. */
function outline(file: NftFile): string {
  const lines: string[] = [];
  const walk = (items: readonly NftItem[], indent: string): void => {
    for (const item of items) {
      const text = file.text
        .slice(item.start, item.kind === "block" ? item.open : item.end)
        .replace(/\s+/g, " ")
        .trim();
      if (item.kind === "leaf") lines.push(`${indent}${item.node.kind}: ${text}`);
      else {
        lines.push(`${indent}[${item.header.node.noun}] ${text}${item.close === undefined ? " (open)" : ""}`);
        walk(item.items, `${indent}  `);
      }
    }
  };
  walk(file.items, "");
  for (const { code, severity, statement, span } of file.problems) {
    const marked = file.text.slice(statement.start + span.start, statement.start + span.end);
    lines.push(`! ${severity} ${code} at ${statement.start + span.start} "${marked}"`);
  }
  return lines.join("\n");
}

function expect(text: string, expected: string): void {
  const unindent = (lines: string) => lines.replace(/^\n|\n\s*$/g, "").replace(/^ {6}/gm, "");
  assert.equal(outline(parseNft(text)), unindent(expected));
}

describe("nftables lexer", () => {
  const cases: [string, string[]][] = [
    ["tcp dport {20,21}", ["tcp", "dport", "{", "20", ",", "21", "}"]],
    ["ip saddr 10.0.0.0/8", ["ip", "saddr", "10.0.0.0", "/", "8"]],
    ["1.2.3.4-1.2.3.9", ["1.2.3.4", "-", "1.2.3.9"]],
    ["dnat to 1.2.3.4:80", ["dnat", "to", "1.2.3.4", ":", "80"]],
    ["dnat to [2001:db8::1]:80", ["dnat", "to", "2001:db8::1", ":", "80"]],
    ["fe80::/10", ["fe80::", "/", "10"]],
    ["::1", ["::1"]],
    ["::ffff:1.2.3.4", ["::ffff:1.2.3.4"]],
    ["00:11:22:aa:bb:cc", ["00:11:22:aa:bb:cc"]],
    ["{25:accept}", ["{", "25", ":", "accept", "}"]],
    ["priority 1:10 x", ["priority", "1:10", "x"]],
    ["{1234::aaaa:::accept}", ["{", "1234::aaaa::", ":", "accept", "}"]],
    ["iifname eth* $x @y", ["iifname", "eth*", "x", "y"]],
    ["ftp-data 10/minute", ["ftp-data", "10", "/", "minute"]],
    ["a == b != c <= d << e", ["a", "==", "b", "!=", "c", "<=", "d", "<<", "e"]],
    ["a # comment\nb \\\n c", ["a", "b", "c"]],
    ['"a b#c" d', ["a b#c", "d"]],
    ["802.1q 8021q 1h30m 0x1f", ["802.1q", "8021q", "1h30m", "0x1f"]],
  ];
  for (const [text, expected] of cases) {
    test(text, () => {
      const tokens = lex(text).slice(0, -1);
      assert.deepEqual(
        tokens.map((token) => token.text),
        expected,
      );
    });
  }
});

describe("nftables tree", () => {
  test("blocks, statements, comments, one-liners", () => {
    expect(
      `#!/usr/sbin/nft -f
flush ruleset
define wan = eth0 # the outside
include "x.nft"
table inet fw { # handle 1
  set s { type ipv4_addr; flags interval
    elements = { 10.0.0.0/8, # private
                 192.168.0.0/16 }
  }
  chain input { type filter hook input priority 0; policy drop; ct state vmap { new : accept,
      invalid : drop }; tcp dport 21 accept }
  counter c { packets 0 bytes 0 }
  ct helper ftp { type "ftp" protocol tcp; }
  flowtable f { hook ingress priority 0; devices = { lo }; }
}
add rule inet fw input \\
  tcp dport 22 accept`,
      `
      command: flush ruleset
      define: define wan = eth0
      include: include "x.nft"
      [table] table inet fw
        [set] set s
          setType: type ipv4_addr
          property: flags interval
          elements: elements = { 10.0.0.0/8, # private 192.168.0.0/16 }
        [chain] chain input
          chainType: type filter hook input priority 0
          policy: policy drop
          rule: ct state vmap { new : accept, invalid : drop }
          rule: tcp dport 21 accept
        [counter] counter c
          property: packets 0 bytes 0
        [ct helper] ct helper ftp
          property: type "ftp" protocol tcp
        [flowtable] flowtable f
          property: hook ingress priority 0
          property: devices = { lo }
      command: add rule inet fw input \\ tcp dport 22 accept`,
    );
  });

  test("comments and handles have their places", () => {
    const text = "table ip t {\n chain c {\n  accept # handle 5\n  drop # why\n }\n}\n";
    const file = parseNft(text);
    assert.deepEqual(
      file.comments.map(({ start, end }) => text.slice(start, end)),
      ["# handle 5", "# why"],
    );
    const [table] = file.items;
    assert.ok(table?.kind === "block");
    const [chain] = table.items;
    assert.ok(chain?.kind === "block");
    assert.deepEqual(
      chain.items.map((item) => item.kind === "leaf" && item.handle),
      [5, undefined],
    );
  });

  test("a byte-order mark, CRLF and non-ASCII text move nothing", () => {
    const text =
      '\ufefftable ip t {\r\n chain c {\r\n  log prefix "zurück 😀" tcp dport foo bar\r\n  accept\r\n }\r\n}\r\n';
    expect(
      text,
      `
      [table] table ip t
        [chain] chain c
          rule: log prefix "zurück 😀" tcp dport foo bar
          rule: accept
      ! error syntax-error at ${text.indexOf("bar")} "bar"`,
    );
  });
});

describe("nftables recovery", () => {
  test("one bad statement does not spoil the next", () => {
    expect(
      "table ip t {\n chain c {\n  tcp dprt 21 accept\n  tcp dport 21 acept\n  accept\n }\n}\n",
      `
      [table] table ip t
        [chain] chain c
          rule: tcp dprt 21 accept
          rule: tcp dport 21 acept
          rule: accept
      ! error syntax-error at 30 "dprt"
      ! error syntax-error at 60 "acept"`,
    );
  });

  test("a brace of a set that is never closed ends with its line", () => {
    expect(
      "table ip t {\n chain c {\n  tcp dport { 20, 21 accept\n  ct state new accept\n }\n chain d {\n  accept\n }\n}\n",
      `
      [table] table ip t
        [chain] chain c
          rule: tcp dport { 20, 21 accept
          rule: ct state new accept
        [chain] chain d
          rule: accept
      ! error syntax-error at 45 "accept"`,
    );
  });

  test("a chain and a table that are never closed are reported at their braces", () => {
    expect(
      "table ip t {\n chain c {\n  accept\n chain d {\n  drop\n }\ntable ip u {\n}\n",
      `
      [table] table ip t (open)
        [chain] chain c (open)
          rule: accept
        [chain] chain d
          rule: drop
      [table] table ip u
      ! error syntax-error at 22 "{"
      ! error syntax-error at 11 "{"`,
    );
  });

  test("a forgotten comma between the lines of a set is one mistake", () => {
    expect(
      "table ip t {\n set s {\n  type ipv4_addr\n  elements = {\n   10.0.0.1\n   10.0.0.2,\n  }\n }\n}\n",
      `
      [table] table ip t
        [set] set s
          setType: type ipv4_addr
          opaque: elements = { 10.0.0.1 10.0.0.2, }
      ! error syntax-error at 69 "10.0.0.2"`,
    );
  });

  test("a brace on a line of its own", () => {
    expect(
      "table ip t\n{\n chain c\n {\n  accept\n }\n}\n",
      `
      [table] table ip t
        [chain] chain c
          rule: accept
      ! error syntax-error at 11 "{"
      ! error syntax-error at 23 "{"`,
    );
  });

  test("a brace too many", () => {
    expect(
      "table ip t {\n}\n}\nflush ruleset",
      '\n      [table] table ip t\n      command: flush ruleset\n      ! error syntax-error at 15 "}"',
    );
  });

  test("a file cut in the middle of a rule", () => {
    expect(
      "table ip t {\n chain c {\n  tcp dport { 20, 2",
      `
      [table] table ip t (open)
        [chain] chain c (open)
          rule: tcp dport { 20, 2
      ! error syntax-error at 36 "{"
      ! error syntax-error at 22 "{"
      ! error syntax-error at 11 "{"`,
    );
  });

  test("reserved words are no names", () => {
    expect(
      "table ip t {\n chain dnat { accept; }\n chain fwd { drop; }\n}\n",
      `
      [table] table ip t
        [chain] chain dnat
          rule: accept
        [chain] chain fwd
          rule: drop
      ! error syntax-error at 20 "dnat"
      ! error syntax-error at 44 "fwd"`,
    );
  });

  test("a chain outside of a table says what is missing", () => {
    const [problem] = parseNft("chain input {\n tcp dport 21 accept\n}\n").problems;
    assert.match(problem?.message ?? "", /belongs to a table: put "table inet NAME/);
  });

  test("an empty and a binary file", () => {
    assert.equal(outline(parseNft("")), "");
    assert.ok(
      parseNft("\u0000\u0001\u0002\u00ff{{{\u0000}\u0000\n\u0007".repeat(100)).problems.length <= 201,
    );
  });
});

describe("nftables templates", () => {
  const texts = [
    "table inet t {\n chain c {\n  tcp dport {{ ftp_port }} accept\n  {% for p in ports %}\n  tcp dport {{ p }} accept\n  {% endfor %}\n }\n}\n",
    "table inet t {\n chain c {\n  ip saddr @LAN_NET@ accept\n }\n}\n",
    "table inet t {\n chain c {\n  ip saddr <%= @lan %> accept\n }\n}\n",
    `table inet t {\n chain c {\n  ip saddr \${LAN} accept\n }\n}\n`,
  ];
  for (const text of texts) {
    test(`one hint for ${text.match(/[{@<$][{A-Z%][^\n]*/)?.[0]}`, () => {
      const { problems } = parseNft(text);
      assert.equal(problems.length, 1);
      assert.deepEqual(
        problems.map(({ severity, refused }) => ({ severity, refused })),
        [{ severity: "hint", refused: true }],
      );
      assert.match(problems[0]?.message ?? "", /template/);
    });
  }

  test("sets in sets, comments and strings that look like marks are none", () => {
    for (const text of [
      "table ip t {\n chain c {\n  ip saddr {{1.1.1.1, 2.2.2.2}, 3.3.3.3} accept\n }\n}\n",
      `# {{ not a template }} \${X} @Y@\ntable ip t {\n}\n`,
    ]) {
      const file = parseNft(text);
      assert.equal(file.template, false, text);
      assert.deepEqual(file.problems, []);
    }
  });

  test("what needs no placeholder is still read", () => {
    expect(
      "table inet {{ name }} {\n chain c {\n  type filter hook input priority 0; policy drop;\n  tcp dport {{ port }} accept\n }\n}\n",
      `
      [table] table inet {{ name }}
        [chain] chain c
          chainType: type filter hook input priority 0
          policy: policy drop
          rule: tcp dport {{ port }} accept
      ! hint syntax-error at 11 "{{ name }}"`,
    );
  });
});

describe("nftables cache", () => {
  test("equal statements share one node, within a file and from one parse to the next", () => {
    const cache = new NftParseCache();
    const nodes = (text: string) => {
      const [table] = parseNft(text, cache).items;
      assert.ok(table?.kind === "block");
      const [chain] = table.items;
      assert.ok(chain?.kind === "block");
      return chain.items.map((item) => item.kind === "leaf" && item.node);
    };
    const first = nodes(
      "table ip t {\n chain c {\n  tcp dport 21 accept\n  tcp dport 21 accept\n  drop\n }\n}\n",
    );
    const second = nodes("# moved\ntable ip t {\n chain c {\n  drop\n  tcp dport 21 accept\n }\n}\n");
    assert.equal(first[0], first[1]);
    assert.equal(second[1], first[0]);
    assert.equal(second[0], first[2]);
  });
});
