import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandCache } from "../../../server/src/convert/shell/command-cache.ts";
import {
  convertShell,
  type ShellContext,
  type ShellConversion,
  variableAt,
} from "../../../server/src/convert/shell/convert.ts";
import type { Operation } from "../../../server/src/model/operation.ts";
import { parseShell } from "../../../server/src/syntax/shell/parse.ts";
import { absoluteSpan } from "../../../server/src/text/origin.ts";

function convert(script: string, context: Partial<ShellContext> = {}): ShellConversion {
  return convertShell(parseShell(script), { path: "fw.sh", ...context });
}

const maybe = (presence: Operation["presence"]) => (presence === "certain" ? "" : ` ? ${presence.maybe}`);

/** Every run of iptables: its arguments, unknown words as <reason>, and on what it depends. */
function commands(script: string): string[] {
  return convert(script).calls.map(({ argv, presence, tool }) => {
    const words = argv.map((word) => (word.unknown === undefined ? word.text : `<${word.unknown}>`));
    return [tool === "ip6tables" ? "6:" : "", words.join(" "), maybe(presence)].join("");
  });
}

/** Every operation: what it does to which chain, and on what it depends. */
function operations(script: string, context: Partial<ShellContext> = {}): string[] {
  return convert(script, context).operations.map((operation) => {
    const { op, presence } = operation;
    const table =
      "table" in operation && operation.table ? `${operation.table.family} ${operation.table.name}` : "";
    const chain = "chain" in operation ? (operation.chain ?? "") : "";
    const fact = op === "unknown" ? operation.fact : "";
    return [op, table, chain, fact].filter((part) => part !== "").join(" ") + maybe(presence);
  });
}

test("variables, quotes and continuation lines", () => {
  assert.deepEqual(
    commands(`
IPT="/sbin/iptables -w"
export LAN='192.168.0.0/24' ; readonly IF=eth0
PORT=21
$IPT -A INPUT -i "$IF" -s \${LAN} \\
     -p tcp --dport "$PORT"  -j ACCEPT
$IPT -A INPUT -m comment --comment "it's $IF" -j ACCEPT
\${IPT} -A INPUT -p tcp --dport \${FTP_PORT:-2121} -j DROP`),
    [
      "-w -A INPUT -i eth0 -s 192.168.0.0/24 -p tcp --dport 21 -j ACCEPT",
      "-w -A INPUT -m comment --comment it's eth0 -j ACCEPT",
      "-w -A INPUT -p tcp --dport 2121 -j DROP",
    ],
  );
});

for (const command of [
  "iptables",
  "/usr/sbin/iptables-legacy",
  "sudo iptables",
  "sudo -n /sbin/iptables",
  "command iptables",
  "exec iptables",
  "env LANG=C iptables-nft",
  '"$(which iptables)"',
  "`command -v iptables`",
  "$" + "{SUDO:-sudo} iptables",
]) {
  test(`${command} is iptables`, () => assert.deepEqual(commands(`${command} -F INPUT`), ["-F INPUT"]));
}

test("ip6tables is the other family", () => {
  assert.deepEqual(operations("ip6tables -A INPUT -j DROP; iptables -P INPUT DROP"), [
    "append ip6 filter INPUT",
    "setPolicy ip filter INPUT",
  ]);
});

test("a loop over both programs and two lists", () => {
  assert.deepEqual(
    commands(`
PORTS="21 22"
for ipt in iptables ip6tables; do
  for port in $PORTS 80; do $ipt -A INPUT -p tcp --dport $port -j ACCEPT; done
done`),
    [
      "-A INPUT -p tcp --dport 21 -j ACCEPT",
      "-A INPUT -p tcp --dport 22 -j ACCEPT",
      "-A INPUT -p tcp --dport 80 -j ACCEPT",
      "6:-A INPUT -p tcp --dport 21 -j ACCEPT",
      "6:-A INPUT -p tcp --dport 22 -j ACCEPT",
      "6:-A INPUT -p tcp --dport 80 -j ACCEPT",
    ],
  );
});

test("loops over numbers that the shell makes", () => {
  assert.deepEqual(commands("for p in $(seq 20 21) {5..6}; do iptables -A C -p tcp --dport $p; done"), [
    "-A C -p tcp --dport 20",
    "-A C -p tcp --dport 21",
    "-A C -p tcp --dport 5",
    "-A C -p tcp --dport 6",
  ]);
});

test("fields split by IFS", () => {
  assert.deepEqual(
    commands('IFS=,\nset -- 21,192.168.0.1 "a b"\nfor w in $1 $2; do iptables -A "$w"; done'),
    ["-A 21", "-A 192.168.0.1", "-A a b"],
  );
});

test("functions, positional parameters, shift, local and return", () => {
  assert.deepEqual(
    commands(`
NAME=outer
allow() {
  local NAME="$1"; shift
  [ $# -eq 0 ] && return
  for port in "$@"; do iptables -A "$NAME" -p tcp --dport $port -j ACCEPT; done
}
never() { iptables -A NEVER; }
allow INPUT 21 22
allow OUTPUT
iptables -A "$NAME"`),
    ["-A INPUT -p tcp --dport 21 -j ACCEPT", "-A INPUT -p tcp --dport 22 -j ACCEPT", "-A outer"],
  );
});

test("a rule in a function or loop has one statement and different frames", () => {
  const script = `
open() { iptables -A INPUT -p tcp --dport $1 -j ACCEPT; }
for p in 21 22; do open $p; done`;
  const places = convert(script).operations.map(({ origin }) => [
    script.slice(origin.statement.start, origin.statement.end),
    origin.frames.map(({ kind, name, detail, iteration }) =>
      `${kind} ${name} ${detail} ${iteration ?? ""}`.trim(),
    ),
  ]);
  const statement = "iptables -A INPUT -p tcp --dport $1 -j ACCEPT";
  assert.deepEqual(places, [
    [statement, ["loop p p=21 0", "function open 21"]],
    [statement, ["loop p p=22 1", "function open 22"]],
  ]);
});

test("a wrapper hands on: the rule is at home where it is called", () => {
  const script = `
run() { echo "$@"; "$@" || exit 1; }
ipt() { run sudo iptables -w "$@"; }
  ipt -A INPUT -s 10.0.0.1 -j DROP`;
  const { calls } = convert(script);
  assert.equal(calls.length, 1);
  const [call] = calls;
  assert.ok(call);
  assert.equal(script.slice(call.statement.start, call.statement.end), "ipt -A INPUT -s 10.0.0.1 -j DROP");
  assert.equal(call.program, "ipt");
  assert.equal(call.indent, "  ");
  assert.deepEqual(call.frames, []);
  assert.deepEqual(
    call.argv.map(({ text, span }) => [
      text,
      script.slice(call.statement.start + span.start, call.statement.start + span.end),
    ]),
    [
      ["-w", "ipt"],
      ["-A", "-A"],
      ["INPUT", "INPUT"],
      ["-s", "-s"],
      ["10.0.0.1", "10.0.0.1"],
      ["-j", "-j"],
      ["DROP", "DROP"],
    ],
  );
});

test("the program as the author writes it, and the place of a variable's value", () => {
  const script =
    'IPT="iptables -t nat"; LAN=10.0.0.0/8\nsudo $IPT -w 5 -A POSTROUTING -s "$LAN" -j MASQUERADE\n';
  const [call] = convert(script).calls;
  assert.equal(call?.program, "sudo $IPT -w 5");
  const word = call?.argv.find(({ text }) => text === "10.0.0.0/8");
  assert.ok(call && word);
  const { start } = call.statement;
  assert.equal(script.slice(start + word.span.start, start + word.span.end), '"$LAN"');
});

test("conditions on known values are decided", () => {
  assert.deepEqual(
    commands(`
MODE=server
if [ "$MODE" = router ]; then iptables -A A; elif [[ $MODE == ser* && ! -z $MODE ]]; then iptables -A B; else iptables -A C; fi
case "$MODE" in router|nat) iptables -A D;; serv?r) iptables -A E;; *) iptables -A F;; esac
[ -n "$MODE" ] && iptables -P INPUT DROP || iptables -A H
test 3 -gt 2 -a "$MODE" != x && iptables -A I
if ! false; then iptables -A J; fi
while true; do iptables -A K; break; iptables -A L; done
[ "$(id -u)" -eq 0 ] || exit 1
[ -x /sbin/iptables ] || exit 1
iptables -A M
exit 0
iptables -A N`),
    ["-A B", "-A E", "-P INPUT DROP", "-A I", "-A J", "-A K", "-A M"],
  );
});

test("behind an unknown condition everything is maybe, and what it assigns is unknown", () => {
  assert.deepEqual(
    commands(`
IF=eth0
if [ -f /etc/router ]; then iptables -A A; IF=eth1; X=1; else iptables -A B; X=1; fi
iptables -A C -i $IF -m mark --mark $X
ping -c1 gw && iptables -A D
for host in $(cat hosts); do iptables -A E -s $host; done
for host in "$(hostname)"; do iptables -A F -s $host; done
while read net; do iptables -A G -s $net; done < nets
iptables -A H`),
    [
      "-A A ? whether there is a file /etc/router",
      "-A B ? whether there is a file /etc/router",
      "-A C -i <whether there is a file /etc/router (IF)> -m mark --mark 1",
      '-A D ? the outcome of "ping -c1 gw"',
      "-A E -s <what the file hosts holds (host)> ? what the file hosts holds",
      "-A F -s <the output of $(hostname) (host)>",
      "-A G -s <what the file nets holds (net)> ? what the file nets holds",
      "-A H",
    ],
  );
});

test("an early exit under a condition: nothing done means giving up, rules done put the rest in doubt", () => {
  assert.deepEqual(commands("if grep -q x /f; then exit 1; fi\niptables -A A"), ["-A A"]);
  assert.match(convert("if grep -q x /f; then exit 1; fi\niptables -A A").notes.join(), /run to its end/);
  assert.deepEqual(commands("if grep x; then iptables -A A; exit; fi\niptables -A B"), [
    '-A A ? the outcome of "grep x"',
    '-A B ? the outcome of "grep x"',
  ]);
});

test("a conditional return puts the rest of the function in doubt, not the rest of the script", () => {
  assert.deepEqual(commands("f() { grep x || return; iptables -A A; }\nf\niptables -A B"), [
    '-A A ? the outcome of "grep x"',
    "-A B",
  ]);
});

test("where a value comes from is said", () => {
  assert.deepEqual(
    commands('LAN=$1\niptables -A INPUT -s $LAN -d $HOST -m mark --mark $((1+1)) --sport "$(get port)"'),
    [
      "-A INPUT -s <the positional parameter $1 (LAN)> -d <the environment variable HOST> " +
        "-m mark --mark 2 --sport <the output of $(get port)>",
    ],
  );
  assert.deepEqual(operations("iptables -A $1 -j DROP; iptables -t $T -F; iptables -P INPUT $2"), [
    "unknown ip filter the positional parameter $1",
    "unknown the environment variable T",
    "unknown ip filter the positional parameter $2",
  ]);
});

const START_STOP = `
stop() { iptables -F; }
start() { stop; iptables -A INPUT -j DROP; }
`;

for (const [name, script, expected] of [
  ["by name", `${START_STOP} case "$1" in stop) stop;; start) start;; *) exit 1;; esac`, "start"],
  ["restart without start", `${START_STOP} case $1 in stop) stop;; restart|reload) start;; esac`, "restart"],
  [
    "through a variable",
    `${START_STOP} CMD=\${1:-start}; case $CMD in stop) stop;; start) start;; esac`,
    "start",
  ],
  [
    "in a function",
    `${START_STOP} main() { case $1 in stop) stop;; start) start;; esac; }; main "$@"`,
    "start",
  ],
  ["by its rules", `${START_STOP} case "$1" in off) stop;; on4) start;; esac`, "on4"],
  ["by comparison", `${START_STOP} if [ "$1" = "stop" ]; then stop; exit 0; fi; start`, undefined],
  ["by comparison with start", `${START_STOP} if [ "$1" = start ]; then start; else stop; fi`, "start"],
  ["by default", `${START_STOP} case "$1" in stop) stop;; *) start;; esac`, undefined],
] as const) {
  test(`start/stop scripts: the branch is chosen ${name}`, () => {
    assert.deepEqual(commands(script), ["-F", "-A INPUT -j DROP"]);
    const note = convert(script).notes.join();
    assert.match(note, expected === undefined ? /without an argument/ : new RegExp(`"${expected}"`));
  });
}

test("iptables' own outcome decides the usual idioms", () => {
  assert.deepEqual(
    operations(`
iptables -N FTP 2>/dev/null || iptables -F FTP
iptables -N FTP 2>/dev/null || iptables -F FTP
iptables -C INPUT -j FTP || iptables -A INPUT -j FTP
iptables -C INPUT -j FTP || iptables -A INPUT -j FTP`),
    [
      "addChain ip filter FTP",
      "addChain ip filter FTP",
      "flushChain ip filter FTP",
      "append ip filter INPUT",
    ],
  );
});

test("iptables-restore from a here-document, with the script's variables", () => {
  const script = `
LAN=10.0.0.0/8
iptables-restore <<EOF
*filter
:INPUT DROP [0:0]
-A INPUT -s $LAN -p tcp --dport 21 -j ACCEPT
-A INPUT -i $WAN -j ACCEPT
COMMIT
EOF
`;
  const { operations: found } = convert(script);
  assert.deepEqual(operations(script), [
    "addTable ip filter",
    "resetTable ip filter",
    "addChain ip filter INPUT",
    "setPolicy ip filter INPUT",
    "append ip filter INPUT",
    "append ip filter INPUT",
  ]);
  const [first, second] = found.slice(-2);
  assert.ok(first?.op === "append" && second?.op === "append");
  assert.equal(
    script.slice(first.origin.statement.start, first.origin.statement.end),
    "-A INPUT -s $LAN -p tcp --dport 21 -j ACCEPT",
  );
  const [source] = first.body.items;
  assert.ok(source?.item === "condition" && source.condition.kind === "match");
  const at = absoluteSpan({ ...first.origin, span: source.condition.span });
  assert.equal(script.slice(at.start, at.end), "-s $LAN");
  const [device] = second.body.items;
  assert.ok(device?.item === "condition" && device.condition.kind === "opaque");
  assert.equal(device.condition.fact, "the environment variable WAN");
});

for (const [name, script] of [
  ["a tabbed here-document", "iptables-restore -n <<-'E'\n\t*raw\n\t-A OUTPUT -j NOTRACK\n\tCOMMIT\n\tE\n"],
  ["cat and a pipe", "cat <<E | iptables-restore --noflush\n*raw\n-A OUTPUT -j NOTRACK\nCOMMIT\nE\n"],
  ["echo and a pipe", 'echo "*raw\n-A OUTPUT -j NOTRACK\nCOMMIT" | iptables-restore -n'],
  ["a here-string", "iptables-restore -n <<< '*raw\n-A OUTPUT -j NOTRACK\nCOMMIT\n'"],
  ["a group", "{ iptables-restore -n; } <<E\n*raw\n-A OUTPUT -j NOTRACK\nCOMMIT\nE\n"],
] as const) {
  test(`iptables-restore from ${name}`, () => {
    assert.deepEqual(operations(script), ["addTable ip raw", "append ip raw OUTPUT"]);
    const [, rule] = convert(script).operations;
    assert.ok(rule);
    assert.equal(
      script.slice(rule.origin.statement.start, rule.origin.statement.end),
      "-A OUTPUT -j NOTRACK",
    );
  });
}

test("a quoted here-document leaves variables as they are, and that is said", () => {
  const { problems } = convert(
    "iptables-restore <<'EOF'\n*nat\n-A POSTROUTING -o @WAN@ -j MASQUERADE\nCOMMIT\nEOF\n".replaceAll(
      "@WAN@",
      "$" + "{WAN}",
    ),
  );
  assert.match(problems.map(({ message }) => message).join(), /gets it literally/);
});

test("files: found, missing and pending", () => {
  const script = "iptables-restore < rules.v4\n. ./vars\niptables -A INPUT -i $IF -j DROP";
  const files: Record<string, string> = {
    "rules.v4": "*filter\n-A INPUT -j ACCEPT\nCOMMIT\n",
    "./vars": "IF=eth7\n",
  };
  const resolve = (name: string) => {
    const text = files[name];
    return text === undefined ? "missing" : { path: name, text };
  };
  const found = convert(script, { resolve });
  assert.deepEqual(operations(script, { resolve }), [
    "addTable ip filter",
    "resetTable ip filter",
    "append ip filter INPUT",
    "append ip filter INPUT",
  ]);
  assert.equal(found.operations[2]?.origin.file, "rules.v4");
  assert.deepEqual(
    found.operations[2]?.origin.frames.map(({ kind, name }) => [kind, name]),
    [["include", "rules.v4"]],
  );
  assert.equal(found.calls[0]?.argv[3]?.text, "eth7");
  assert.deepEqual(operations(script), [
    "unknown what the file rules.v4 holds",
    "unknown what the file ./vars does",
    "append ip filter INPUT",
  ]);
  assert.deepEqual(convert(script, { resolve: () => "pending" }).needs, ["rules.v4", "./vars"]);
});

test("nft: words, here-document, unknown values", () => {
  const script = `
PORT=21
nft add table inet fw
nft add rule inet fw input tcp dport $PORT accept
nft -f - <<EOF
table inet fw { chain input { type filter hook input priority 0; policy drop; tcp dport $PORT accept; }; }
EOF
nft list ruleset
nft add rule inet fw input iifname $LAN accept`;
  assert.deepEqual(operations(script), [
    "addTable inet fw",
    "append inet fw input",
    "addTable inet fw",
    "addChain inet fw input",
    "setPolicy inet fw input",
    "append inet fw input",
    "unknown the environment variable LAN",
  ]);
  const rules = convert(script).operations.filter(({ op }) => op === "append");
  assert.deepEqual(
    rules.map(({ origin }) => script.slice(origin.statement.start, origin.statement.end)),
    ["nft add rule inet fw input tcp dport $PORT accept", "tcp dport $PORT accept"],
  );
  for (const rule of rules) {
    assert.ok(rule.op === "append");
    const spans = rule.body.items.flatMap((item) => (item.item === "condition" ? [item.condition.span] : []));
    const texts = spans
      .map((span) => absoluteSpan({ ...rule.origin, span }))
      .map((at) => script.slice(at.start, at.end));
    assert.ok(
      texts.some((text) => text.endsWith("$PORT")),
      texts.join(" | "),
    );
  }
});

test("commands that change nothing, and commands that may change anything", () => {
  assert.deepEqual(
    operations(
      "iptables -L -n; iptables-save > /tmp/x; modprobe ip_conntrack_ftp; echo 1 > /proc/sys/x; foo -A b",
    ),
    [],
  );
  assert.deepEqual(operations('eval "iptables -A $X"; $FW -A INPUT -j DROP'), [
    'unknown what eval makes of "iptables -A $X" (the environment variable X)',
    "unknown the environment variable FW, run as a command",
  ]);
});

test("variables know their values at each place", () => {
  const script = "for p in 21 22; do iptables -A INPUT -p tcp --dport $p -s $LAN -j DROP; done";
  const conversion = convert(script);
  assert.deepEqual(variableAt(conversion, "fw.sh", script.indexOf("$p"))?.values, ["21", "22"]);
  assert.deepEqual(variableAt(conversion, "fw.sh", script.indexOf("$LAN") + 2)?.unknown, [
    "the environment variable LAN",
  ]);
  assert.equal(variableAt(conversion, "fw.sh", 0), undefined);
});

test("a problem in a loop is reported once", () => {
  const { problems } = convert("for p in 1 2 3; do iptables -A INPUT -p tcp --dporrt $p -j DROP; done");
  assert.equal(problems.length, 1);
});

test("a target in small letters is an error, a chain of that name made by the script is not", () => {
  const messages = (script: string) => convert(script).problems.map(({ code }) => code);
  assert.deepEqual(messages("iptables -A INPUT -j accept"), ["undefined-chain"]);
  assert.deepEqual(messages("iptables -N accept; iptables -A INPUT -j accept"), []);
  assert.deepEqual(messages("iptables -A INPUT -j DOCKER"), []);
});

test("equal commands share one rule body, from one version of the script to the next", () => {
  const cache = new CommandCache();
  const bodies = (script: string) =>
    convert(script, { cache }).operations.map((operation) =>
      operation.op === "append" ? operation.body : undefined,
    );
  const [first, second] = bodies("iptables -A INPUT -j DROP\niptables -A INPUT -j DROP\n");
  assert.ok(first);
  assert.equal(first, second);
  assert.equal(bodies("# new line\niptables -A INPUT -j DROP\n")[0], first);
});

test("DOS line ends: the carriage return belongs to the last word, as in the shell", () => {
  const script =
    "LAN=10.0.0.1\r\n# x\r\niptables -A INPUT -s $LAN -j DROP\r\niptables -A INPUT -j DROP # why\r\n";
  assert.deepEqual(commands(script), ["-A INPUT -s 10.0.0.1\r -j DROP\r", "-A INPUT -j DROP"]);
  const [kept, ...others] = convert(script).operations;
  assert.deepEqual(others, []);
  assert.ok(kept);
  const { start, end } = kept.origin.statement;
  assert.equal(script.slice(start, end), "iptables -A INPUT -j DROP");
});

test("nothing is run from where the shell stops reading", () => {
  const script = "iptables -A A\niptables -A B; if true; then\niptables -A C\n";
  assert.deepEqual(commands(script), ["-A A"]);
  assert.deepEqual(commands("iptables -A A\niptables -A B )\niptables -A C\n"), ["-A A"]);
});

for (const [name, script] of [
  [
    "a loop of a million",
    "for i in {1..1000}; do for j in {1..1000}; do iptables -A INPUT -j DROP; done; done",
  ],
  ["a function that doubles itself", "f() { f; f; }; f"],
  ["arguments that double", 'set -- a b c; for i in {1..100}; do set -- "$@" "$@"; done'],
  ["an array that doubles", "a=(1 2); for i in {1..100}; do a+=(@); done".replace("@", `"$\{a[@]}"`)],
  [
    "a value that doubles",
    'x=abc; for i in {1..60000}; do x="$x$x"; iptables -A INPUT -m comment --comment $x; done',
  ],
] as const) {
  test(`${name} ends, and says what was not followed`, () => {
    const { operations: found } = convert(script);
    assert.ok(
      found.some((operation) => operation.op === "unknown" && /too long|calls itself/.test(operation.fact)),
      name,
    );
  });
}

for (const [name, script] of [
  ["command substitutions", "iptables -A $(".repeat(20000)],
  ["braces", "{ ".repeat(20000)],
  ["defaults", `echo ${"${a:-".repeat(20000)}`],
  ["conditions", `${"if $u; then ".repeat(200)}iptables -F;${" fi;".repeat(200)}`],
  ["unknown loops", `${"while $u; do ".repeat(100)}iptables -F;${" done;".repeat(100)}`],
  ["a call of itself", "f() { iptables -F; f; }; f"],
] as const) {
  test(`deeply nested ${name} are survived`, () => {
    for (const operation of convert(script).operations)
      assert.ok(operation.op !== "unknown" || !/could not be followed/.test(operation.fact));
  });
}

test("a file that a program changes in place is not taken for what the script wrote", () => {
  const script = "echo X >r\nsed -i s/X/Y/ r\niptables -A INPUT -j $(cat r)\n";
  assert.deepEqual(commands(script), ['-A INPUT -j <what "sed -i s/X/Y/ r" makes of the file r>']);
});

test("nft list tells whether a table is there", () => {
  const script =
    "nft list table inet fw >/dev/null || nft add table inet fw\nnft list table inet fw && nft add chain inet fw c\n";
  assert.deepEqual(operations(script), ["addTable inet fw", "addChain inet fw c"]);
});

test("whether a rule can be added to a chain that nobody has made is not known", () => {
  assert.deepEqual(commands("iptables -A DOCKER-USER -j DROP && iptables -P INPUT DROP"), [
    "-A DOCKER-USER -j DROP",
    "-P INPUT DROP ? whether something else made the chain DOCKER-USER",
  ]);
});

test("keys of an associative array come in bash's order, the newer first in one bucket", () => {
  assert.deepEqual(
    commands(
      'declare -A zones=([http]=1 [wan]=2 [y]=3 [x]=4)\nfor z in "$' +
        '{!zones[@]}"; do iptables -N $z; done',
    ),
    ["-N y", "-N x", "-N wan", "-N http"],
  );
});
