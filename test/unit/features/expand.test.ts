import assert from "node:assert/strict";
import { test } from "node:test";
import { expandedText, expandHost } from "../../../server/src/features/expand/expand.ts";
import type { ShowPlace } from "../../../server/src/features/expand/place.ts";
import type { ListingLine, RulesetListing } from "../../../server/src/listing/listing.ts";
import { Service } from "../../../server/src/service.ts";
import type { Frame, Origin } from "../../../server/src/text/origin.ts";

/** Places are their offsets here: `fw.sh:120`. */
const show: ShowPlace = ({ file, span }) => `${file}:${span.start}`;

function origin(start: number, ...frames: Frame[]): Origin {
  return { file: "fw.sh", statement: { start, end: start + 9 }, span: { start: 0, end: 9 }, frames };
}

function call(at: number, name: string, detail: string): Frame {
  return { kind: "function", name, file: "fw.sh", at: { start: at, end: at + 1 }, detail };
}

function loop(at: number, name: string, iteration: number, value?: string): Frame {
  const detail = value === undefined ? undefined : `${name}=${value}`;
  return { kind: "loop", name, file: "fw.sh", at: { start: at, end: at + 1 }, iteration, detail };
}

function inSave(...lines: ListingLine[]): RulesetListing {
  return { listings: [{ tool: "iptables-save", lines }], unknowns: [] };
}

function text(listing: RulesetListing, notes: readonly string[] = []): string[] {
  return expandedText({ ...listing, notes }, show).map((line) => line.text);
}

test("each listing has a head, each change of place a comment", () => {
  const rules = [
    { text: "*filter" },
    { text: ":INPUT DROP [0:0]", origin: origin(1) },
    { text: "-A INPUT -s 10.0.0.1/32 -j ACCEPT", origin: origin(2) },
    { text: "-A INPUT -s 10.0.0.2/32 -j ACCEPT", origin: origin(2) },
    { text: "COMMIT" },
  ];
  assert.deepEqual(text(inSave(...rules)), [
    "# iptables-save",
    "*filter",
    "# fw.sh:1",
    ":INPUT DROP [0:0]",
    "# fw.sh:2",
    "-A INPUT -s 10.0.0.1/32 -j ACCEPT",
    "-A INPUT -s 10.0.0.2/32 -j ACCEPT",
    "COMMIT",
  ]);
});

test("a place is named again behind a line that nobody wrote", () => {
  const rule = { text: "-A INPUT -j LOG", origin: origin(7) };
  const lines = text(inSave(rule, { text: "COMMIT" }, { text: "*nat" }, rule));
  assert.deepEqual(lines.slice(-2), ["# fw.sh:7", "-A INPUT -j LOG"]);
});

for (const [what, frames, expected] of [
  ["a loop says its value", [loop(5, "port", 1, "21")], "# fw.sh:90 (port=21)"],
  ["one whose values are not known its round", [loop(5, "while :", 2)], "# fw.sh:90 (round 3)"],
  ["a call says from where", [call(44, "allow", "21")], "# fw.sh:90, called from fw.sh:44 (allow 21)"],
  ["without arguments too", [call(44, "main", "")], "# fw.sh:90, called from fw.sh:44 (main)"],
  ["two loops say both", [loop(5, "ip", 0, "::1"), loop(6, "port", 0, "21")], "# fw.sh:90 (ip=::1, port=21)"],
  [
    "a loop in a function stands with the rule, one around the call with the call",
    [loop(40, "net", 0, "a"), call(44, "allow", "tcp"), loop(80, "port", 0, "21")],
    "# fw.sh:90 (port=21), called from fw.sh:44 (net=a, allow tcp)",
  ],
  [
    "a sourced file says by whom",
    [{ kind: "include", name: "lib.sh", file: "main.sh", at: { start: 3, end: 9 } }],
    "# fw.sh:90, read by main.sh:3",
  ],
  [
    "a value of several lines stays on one",
    [call(4, "log", "a\nb")],
    "# fw.sh:90, called from fw.sh:4 (log a b)",
  ],
] as [string, Frame[], string][]) {
  test(what, () => {
    const [head, place] = text(inSave({ text: "-A INPUT -j LOG", origin: origin(90, ...frames) }));
    assert.deepEqual([head, place], ["# iptables-save", expected]);
  });
}

test("each iteration has its own comment", () => {
  const lines = text(
    inSave(
      { text: "-A INPUT --dport 21", origin: origin(9, loop(5, "port", 0, "21")) },
      { text: "-A INPUT --dport 22", origin: origin(9, loop(5, "port", 1, "22")) },
    ),
  );
  assert.deepEqual(
    lines.filter((line) => line.startsWith("# fw")),
    ["# fw.sh:9 (port=21)", "# fw.sh:9 (port=22)"],
  );
});

test("what is in doubt is a comment that says why; nft's indentation stays", () => {
  const lines = [
    { text: "table inet fw {", origin: origin(1) },
    { text: "\tchain input {", origin: origin(2) },
    { text: "\t\ttcp dport 21 accept", origin: origin(3), doubt: "the value of\n$1" },
    { text: "\t}" },
    { text: "}" },
  ];
  assert.deepEqual(text({ listings: [{ tool: "nft list ruleset", lines }], unknowns: [] }), [
    "# nft list ruleset",
    "# fw.sh:1",
    "table inet fw {",
    "\t# fw.sh:2",
    "\tchain input {",
    "\t\t# fw.sh:3",
    "\t\t# maybe: tcp dport 21 accept — it depends on the value of $1",
    "\t}",
    "}",
  ]);
});

test("notes and what is not known come first, and nothing is left out when nothing is certain", () => {
  const unknowns = [{ fact: "what the file lib.sh does", origin: origin(30) }];
  assert.deepEqual(text({ listings: [], unknowns }, ["Run with\n“start”."]), [
    "# Run with “start”.",
    "# unknown: fw.sh:30 depends on what the file lib.sh does",
    "# Nothing is certain to be left: the tools would print nothing.",
  ]);
});

test("without its comments the text is what the tools print", () => {
  const printed = ["*filter", ":INPUT DROP [0:0]", '-A INPUT -j LOG --log-prefix "#"', "COMMIT"];
  const lines = printed.map((line, at) => ({ text: line, origin: at % 3 === 0 ? undefined : origin(at) }));
  const shown = text(inSave(...lines), ["A note."]);
  assert.deepEqual(
    shown.filter((line) => !/^\s*#/.test(line)),
    printed,
  );
});

test("links cover the places, and lead there", () => {
  const from = origin(90, call(44, "allow", "21"));
  const lines = expandedText({ ...inSave({ text: "\t-A INPUT", origin: from }), notes: [] }, show);
  const { text: comment, links } = lines[1]!;
  assert.equal(comment, "\t# fw.sh:90, called from fw.sh:44 (allow 21)");
  assert.deepEqual(
    links.map(({ columns, place }) => [comment.slice(columns.start, columns.end), place.span.start]),
    [
      ["fw.sh:90", 90],
      ["fw.sh:44", 44],
    ],
  );
  assert.deepEqual([lines[1]!.origin, lines[2]!.origin], [from, from]);
});

test("a script's notes and unknowns are taken from its host", () => {
  const script = `#!/bin/sh
. /etc/default/firewall
case "$1" in
  start) iptables -P INPUT DROP ;;
  stop) iptables -F ;;
esac
`;
  const host = new Service().load([{ path: "fw.sh", text: script, dialect: "shell", family: 4 }]);
  const { notes, unknowns } = expandHost(host);
  assert.match(notes.join(), /taken to be run with the argument "start"/);
  assert.deepEqual(
    unknowns.map(({ fact }) => fact),
    ["what the file /etc/default/firewall does"],
  );
});
