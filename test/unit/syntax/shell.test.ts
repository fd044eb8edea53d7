import assert from "node:assert/strict";
import { test } from "node:test";
import { parseShell } from "../../../server/src/syntax/shell/parse.ts";

/** Each problem as `severity "text it stands on": message`. */
function complaints(text: string): string[] {
  return parseShell(text).problems.map(
    ({ severity, span, message }) =>
      `${severity} ${JSON.stringify(text.slice(span.start, span.end))}: ${message}`,
  );
}

function firstComplaint(text: string): string {
  return complaints(text)[0] ?? "none";
}

test("a correct script has no problems", () => {
  assert.deepEqual(complaints('if [ "$1" = start ]; then\n  iptables -F\nfi\n'), []);
  assert.deepEqual(complaints(""), []);
});

test("an unclosed if is reported on the if", () => {
  assert.match(
    firstComplaint("true\nif a; then\n  b\n"),
    /^error "if": .*never closed. Add the missing "fi"/,
  );
});

test("of two ifs with one fi, the outer function's brace still closes", () => {
  assert.match(firstComplaint("f() {\n  if a; then\n    b\n}\n"), /^error "if": /);
});

for (const [text, place] of [
  ["for p in 1 2; do\n  x\n", '"for"'],
  ["while a; do\n  x\n", '"while"'],
  ["case $1 in\n start) x;;\n", '"case"'],
  ['echo "abc\nnext\n', '"\\"abc"'],
  ["fi\n", '"fi"'],
  ["a | | b\n", '"|"'],
] as const) {
  test(`complaint about ${JSON.stringify(text)} stands on ${place}`, () => {
    assert.ok(firstComplaint(text).startsWith(`error ${place}: `), firstComplaint(text));
  });
}

test("the full-width number sign gets its own explanation, and the rest is read", () => {
  const file = parseShell("＃ comment (old)\niptables -F\n");
  assert.match(file.problems[0]?.message ?? "", /full-width character ＃.*write # instead/);
  assert.equal(file.statements.length, 1);
});

test("the full-width number sign where it makes a command of a comment", () => {
  const text =
    "#!/bin/sh\n\uff03 clear the rules\niptables -F\necho '\n\uff03 text'\n\uff03iptables -P INPUT DROP\n";
  const { problems } = parseShell(text);
  assert.deepEqual(
    problems.map(({ severity, span }) => [severity, text.slice(span.start, span.end)]),
    [
      ["warning", "\uff03"],
      ["warning", "\uff03iptables"],
    ],
  );
  assert.match(problems[1]!.message, /\uff03iptables: command not found.*Write # instead/);
});

test("DOS line ends are reported once, however much they spoil", () => {
  const text = "A=1\r\nif [ $A = 1 ]; then\r\n  iptables -P INPUT DROP\r\nfi\r\n";
  const file = parseShell(text);
  assert.deepEqual(
    file.problems.map(({ severity, span }) => [severity, span.start, span.end]),
    [["error", 3, 4]],
  );
  assert.equal(file.stopsAt, text.indexOf("if"));
});

test("a byte-order mark is not part of the first command", () => {
  const file = parseShell("\ufeff#!/bin/sh\niptables -F\n");
  assert.equal(file.statements.length, 1);
  assert.equal(file.offset(file.statements[0]?.pos ?? 0), 11);
});

test("at most 50 problems, at most one at a place", () => {
  const file = parseShell("fi\n".repeat(1000));
  assert.equal(file.problems.length, 50);
  assert.equal(new Set(file.problems.map(({ span }) => span.start)).size, 50);
});

for (const [name, text] of [
  ["20,000 command substitutions", "$(".repeat(20000)],
  ["20,000 braces", "{ ".repeat(20000)],
  ["20,000 ifs", "if ".repeat(20000)],
  ["20,000 function heads", "f() ".repeat(20000)],
  ["20,000 backquotes", "`".repeat(20000)],
  ["20,000 here-documents in a line", `cat${" <<A".repeat(20000)}`],
  ["10 MB in one line", `iptables ${"a".repeat(1e7)}`],
  ["zero bytes", "\0".repeat(1e5)],
] as const) {
  test(`${name}: no exception, and positions in the text`, () => {
    const file = parseShell(text);
    for (const { span } of file.problems) {
      assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length);
    }
  });
}
