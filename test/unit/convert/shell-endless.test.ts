import assert from "node:assert/strict";
import { test } from "node:test";
import { type Host, Loader } from "../../../server/src/convert/host.ts";
import { listRuleset } from "../../../server/src/listing/listing.ts";

const LAST = "iptables -A INPUT -j DROP\n";
/** Milliseconds of the processor. A quiet machine needs a tenth of it: this catches a wrong order of growth. */
const LONGEST = 10_000;
const MOST_OPERATIONS = 150_000;

function load(text: string): Host {
  const source = { path: "fw.sh", text, dialect: "shell", family: 4 } as const;
  const started = process.cpuUsage();
  const host = new Loader().load([source], {
    read: (name) => (/^(?:\.\/)?fw\.sh$/.test(name) ? { path: "fw.sh", text } : "missing"),
  });
  listRuleset(host.ruleset);
  const { user, system } = process.cpuUsage(started);
  assert.ok((user + system) / 1000 < LONGEST, `${(user + system) / 1000} ms`);
  assert.ok(
    host.files[0]!.operations.length < MOST_OPERATIONS,
    `${host.files[0]!.operations.length} operations`,
  );
  return host;
}

/** Why something is not known: of the ruleset as a whole, and of rules that may be there. */
function reasons(host: Host): string {
  const all = host.files.flatMap(({ operations }) =>
    operations.flatMap((one) => [
      ...(one.op === "unknown" ? [one.fact] : []),
      ...(one.presence === "certain" ? [] : [one.presence.maybe]),
      ...("body" in one ? opaque(one.body.items) : []),
    ]),
  );
  const text = [...new Set(all)].join("\n");
  assert.doesNotMatch(text, /could not be followed/);
  return text;
}

function opaque(items: readonly unknown[]): string[] {
  return (
    JSON.stringify(items, (_, value) => (typeof value === "bigint" ? String(value) : value)).match(
      /[^"]*too long to follow[^"]*/g,
    ) ?? []
  );
}

const repeated = (text: string, count: number): string => text.repeat(count);
const nested = (open: string, close: string, count: number): string =>
  `${repeated(open, count)}${LAST.trim()}${repeated(close, count)}\n`;
const numbered = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join("");

const TOO_LONG: Readonly<Record<string, string>> = {
  "while true": `while true; do :; done\n${LAST}`,
  "until false": `until false; do x=$x; done\n${LAST}`,
  "while true with a rule in it": `while :; do ${LAST} done\n`,
  "for ((;;))": `for ((;;)); do :; done\n${LAST}`,
  "a loop of a million by seq": `for i in $(seq 1 1000000); do iptables -A INPUT -p tcp --dport $i -j DROP; done\n`,
  "a loop of 10^12 by seq": `for i in $(seq 1 1000000000000); do iptables -A INPUT -j DROP; done\n`,
  "seq in a pipe": `seq 1 1000000 | while read x; do iptables -A INPUT -s $x -j DROP; done\n`,
  "{1..1000000}": `for i in {1..1000000}; do ${LAST} done\n`,
  "{1..10^12}": `for i in {1..1000000000000}; do ${LAST} done\n`,
  "a product of braces": `for i in ${repeated("{0..9}", 12)}; do ${LAST} done\n`,
  "a value that doubles": `x=a\nwhile true; do x="$x$x"; done\n${LAST}`,
  "a value that doubles a hundred times": `x=a\nfor i in $(seq 1 100); do x=$x$x; done\niptables -A INPUT -s $x -j DROP\n`,
  "an array that doubles": `a=(1)\nwhile true; do a=("\${a[@]}" "\${a[@]}"); done\n${LAST}`,
  "an array that grows": `a=()\nwhile true; do a+=(x y z); done\n${LAST}`,
  "an array that is counted": `for i in $(seq 1 20000); do a[$i]=$i; n=\${#a[@]}; done\n${LAST}`,
  "arguments that grow": `set --\nwhile true; do set -- "$@" x; done\n${LAST}`,
  "a substitution that grows": `x=a\nwhile true; do x=\${x//a/aaaaaaaaaa}; done\n${LAST}`,
  "a here document that grows": `x=a\nwhile true; do x=$(cat <<E\n$x$x\nE\n); done\n${LAST}`,
  "here documents in a loop": `while true; do iptables-restore -n <<E\n*filter\n-A INPUT -j DROP\nCOMMIT\nE\ndone\n`,
  "a ruleset that feeds itself": `${LAST}while true; do iptables-save | iptables-restore -n; done\n`,
  "a file that grows": `while true; do echo x >> y; cat y y >> y; done\n${LAST}`,
  "sed that doubles": `x=a\nwhile true; do x=$(echo $x | sed 's/a/aaaa/g'); done\n${LAST}`,
  "eval that doubles": `x='eval "$x"; eval "$x"'\neval "$x"\n${LAST}`,
  "functions that call each other twice": `${numbered(60, (n) => `f${n}() { f${n + 1}; f${n + 1}; }\n`)}f60() { ${LAST} }\nf0\n`,
  "functions in $( ) that call each other twice": `${numbered(60, (n) => `f${n}() { x=$(f${n + 1})$(f${n + 1}); }\n`)}f60() { ${LAST} }\nf0\n`,
  "unknown branches in functions": `${numbered(60, (n) => `f${n}() { if foo; then f${n + 1}; else f${n + 1}; fi; }\n`)}f60() { ${LAST} }\nf0\n`,
  "loops of unknown length in each other": nested("while foo; do ", "; done", 60),
  "a trap that never ends": `trap 'while :; do :; done' EXIT\n${LAST}`,
  "lists of addresses against each other": `x=1.1.1.1\nfor i in 1 2 3 4 5 6 7 8 9 10 11 12; do x=$x,$x; done\niptables -A INPUT -s $x -d $x -j DROP\n`,
  "getopts begun again and again": `set -- -a\nwhile getopts a o; do OPTIND=1; done\n${LAST}`,
  "a number counted down from 10^30": `x=999999999999999999\nwhile [ $x -gt 0 ]; do x=$((x-1)); done\n${LAST}`,
};

for (const [name, text] of Object.entries(TOO_LONG)) {
  test(`${name}: said to be too long`, () => {
    assert.match(reasons(load(text)), /too long to follow/);
  });
}

const RECURSIVE: Readonly<Record<string, readonly [text: string, reason: RegExp]>> = {
  "a function": [`f() { f "$@" x; }\nf a\n${LAST}`, /how often f calls itself/],
  "two functions": [`f() { g; g; }\ng() { f; f; }\nf\n${LAST}`, /how often f calls itself/],
  eval: [`x='eval "$x"'\neval "$x"\n${LAST}`, /how often eval "\$x" runs itself/],
  "the file that is sourced": [`. ./fw.sh\n${LAST}`, /what the file \.\/fw\.sh does/],
  "parentheses, a thousand deep": [nested("( ", " )", 1000), /nested too deeply to follow/],
  "conditions, a thousand deep": [nested("if true; then ", "; fi", 1000), /nested too deeply to follow/],
};

for (const [name, [text, reason]] of Object.entries(RECURSIVE)) {
  test(`${name} in itself: said`, () => {
    assert.match(reasons(load(text)), reason);
  });
}

/** Nothing unknown about these, but an engine that does it the plain way takes for ever. */
const COSTLY: Readonly<Record<string, string>> = {
  "patterns with many stars": `x=${repeated("a", 3000)}\ny=\${x//*a*a*a*a*a*a*a*b/}\ny=\${x##*a*a*a*a*a*a*a*b}\ny=\${x%%*a*a*a*a*a*a*a*b}\ncase $x in *a*a*a*a*a*a*a*a*b) :;; esac\n[[ $x == *a*a*a*a*a*a*a*a*b ]]\n`,
  "extended patterns in each other": `shopt -s extglob\nx=${repeated("a", 200)}\ny=\${x//+(+(+(a)))b/}\n[[ $x == +(+(a))b ]]\n`,
  "regular expressions that go back": `x=${repeated("a", 60)}\n[[ $x =~ ^(a+)+b$ ]]\n[[ $x =~ ^(a|a)*b$ ]]\n[[ $x =~ (.*)(.*)(.*)(.*)(.*)(.*)(.*)x ]]\n[[ a =~ a{65535}{65535} ]]\n`,
  "regular expressions of programs": `x=${repeated("a", 60)}\necho $x | grep -E '^(a+)+b'\ny=$(echo $x | sed -E 's/^(a+)+b//')\ny=$(expr $x : '\\(a*\\)*b')\n`,
  "arithmetic a hundred thousand deep": `x=$((${repeated("1+", 50_000)}1))\nx=$((${repeated("-", 20_000)}1))\nx=$((2**1000000))\n`,
  "names that lead to each other": `a=b; b=a; x=$((a)) y=\${!a}\n`,
  "wide columns": `x=$(printf '%100000000s' x)\nprintf -v y '%0999999999d' 1\n`,
  "an index far out": `a[999999999]=1\nx=\${a[@]}\n`,
  "a command of a hundred thousand words": `iptables -A INPUT ${repeated("-m tcp ", 100_000)} -j DROP\n`,
  "quotes and braces": `x=${repeated("'a'\"b\"", 50_000)}\necho ${repeated("{a,", 2000)}${repeated("}", 2000)}\n`,
};

for (const [name, text] of Object.entries(COSTLY)) {
  test(`${name}: what stands behind it is read`, () => {
    const host = load(`${text}${LAST}`);
    reasons(host);
    const behind = text.length;
    const found = host.files[0]!.operations.filter(({ origin }) => origin.statement.start >= behind);
    assert.deepEqual(
      found.map(({ op, presence }) => [op, presence]),
      [["append", "certain"]],
    );
  });
}

test("20,000 rules by a command each that asks whether it is there: time grows with the rules", () => {
  const loop = (count: number) =>
    `for i in $(seq 1 ${count}); do iptables -C INPUT -p tcp --dport $i -j DROP || iptables -A INPUT -p tcp --dport $i -j DROP; done\n`;
  assert.equal(load(loop(20_000)).files[0]!.operations.length, 20_000);
});

test("unclosed constructs by the thousand", () => {
  for (const open of [
    "if true; then\n",
    "$(",
    "$" + "{",
    "`a ",
    "cat <<E\n",
    '"$(',
    "(( ",
    "[[ ( ",
    "case x in ",
  ])
    reasons(load(repeated(open, 5000)));
});
