import assert from "node:assert/strict";
import { test } from "node:test";
import { convertShell } from "../../../server/src/convert/shell/convert.ts";
import { parseShell } from "../../../server/src/syntax/shell/parse.ts";
import type { Placed } from "../../../server/src/text/origin.ts";
import type { Span } from "../../../server/src/text/span.ts";

/** The same numbers at every run: a failure names its seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

const WORDS = [
  "$x",
  "$" + "{y:-3}",
  '"$1"',
  '"$@"',
  "21",
  "a\\ b",
  "'q'",
  "$(echo 5)",
  "{1,2}",
  "$((1+1))",
  "$U",
];
const TESTS = ["true", "! false", '[ "$x" = 21 ]', "[[ $y == 2* ]]", '[ -z "$U" ]', "grep x", "read x"];
const OTHERS = [
  "shift",
  "return",
  "exit 1",
  "break",
  "local x=5",
  "set -- a b",
  "read x",
  ". ./x",
  "a=(1 $x)",
  "x=$y",
];

class Writer {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  chance(): number {
    return this.#random();
  }

  pick(choices: readonly string[]): string {
    return choices[Math.floor(this.#random() * choices.length)] ?? "";
  }

  script(): string {
    const lines = ["IPT=iptables", 'run() { "$@"; }'];
    for (let i = 0; i < 5; i++) lines.push(this.command(3));
    return `${lines.join("\n")}\n`;
  }

  command(depth: number): string {
    const inner = () => this.command(depth - 1);
    const word = () => this.pick(WORDS);
    if (depth === 0 || this.#random() < 0.3) return this.rule();
    switch (Math.floor(this.#random() * 9)) {
      case 0:
        return `if ${this.pick(TESTS)}; then ${inner()}; else ${inner()}; fi`;
      case 1:
        return `for x in ${word()} ${word()}; do ${inner()}; ${inner()}; done`;
      case 2:
        return `while ${this.pick(TESTS)}; do ${inner()}; break; done`;
      case 3:
        return `case ${word()} in a) ${inner()};; ${word()}|21) ${inner()};; *) ${inner()};; esac`;
      case 4:
        return `f() { ${inner()}; ${inner()}; }; f ${word()} ${word()}`;
      case 5:
        return `(${inner()}) && ${inner()} || ${inner()}`;
      case 6:
        return `iptables-restore <<E\n*filter\n-A INPUT -s ${word()} -j DROP\nCOMMIT\nE\n`;
      case 7:
        return `nft add rule inet t c tcp dport ${word()} accept`;
      default:
        return this.pick(OTHERS);
    }
  }

  rule(): string {
    const program = this.pick(["iptables", "$IPT", "run iptables", "sudo ip6tables"]);
    const chain = this.pick([
      "-A INPUT",
      "-t nat -I PREROUTING",
      "-P INPUT",
      "-N C",
      "-F",
      `-A ${this.pick(WORDS)}`,
    ]);
    return `${program} ${chain} ${this.pick(["", "-p tcp --dport"])} ${this.pick(WORDS)} ${this.pick(["", "-j DROP"])}`;
  }
}

function assertInside(text: string, statement: Placed, span: Span, what: string): void {
  const start = statement.start + span.start;
  const end = statement.start + span.end;
  assert.ok(
    0 <= start && start <= end && end <= text.length,
    `${what}: ${start} to ${end} of ${text.length}`,
  );
}

function check(text: string): void {
  const conversion = convertShell(parseShell(text), { path: "x.sh", budget: 2000 });
  for (const operation of conversion.operations) {
    assertInside(text, operation.origin.statement, operation.origin.span, operation.op);
    if (operation.op === "unknown") assert.doesNotMatch(operation.fact, /could not be followed/);
    if (operation.op !== "append" && operation.op !== "insert") continue;
    for (const item of operation.body.items) {
      const { span } = item.item === "condition" ? item.condition : item.statement;
      assertInside(text, operation.origin.statement, span, "a part of a rule");
    }
  }
  for (const { origin } of conversion.problems)
    assertInside(text, origin.statement, origin.span, "a problem");
  for (const call of conversion.calls) {
    assert.equal(text.slice(call.programSpan.start, call.programSpan.end), call.program);
    for (const word of call.argv) assertInside(text, call.statement, word.span, "a word");
  }
}

test("200 random scripts, whole, cut, and with DOS line ends: no exception, every place in the text", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const writer = new Writer(seed);
    const script = writer.script();
    const cut = Math.floor(writer.chance() * script.length);
    try {
      check(script);
      check(script.slice(0, cut));
      check(script.slice(0, cut) + script.slice(cut + 3));
      check(script.replaceAll("\n", "\r\n"));
    } catch (error) {
      throw new Error(`seed ${seed}:\n${script}`, { cause: error });
    }
  }
});
