import assert from "node:assert/strict";
import { test } from "node:test";
import { hover } from "../../../server/src/features/hover.ts";
import { Service } from "../../../server/src/service.ts";
import { hoverAt } from "./hover-at.ts";

/** The hover's text at the `<|>`, and what it is about. */
function at(marked: string): string {
  const found = hoverAt("shell", marked);
  return found ? `${found.about}\n${found.markdown}` : "";
}

test("a loop shows the rules it makes, each with its value", () => {
  const text = at("f<|>or port in 21 22; do\n  iptables -A INPUT -p tcp --dport $port -j ACCEPT\ndone\n");
  assert.match(text, /^for port\nThe loop `for port` makes 2 rules:\n\n```shellscript\n/);
  assert.match(
    text,
    /\n[^\n]*--dport 21 -j ACCEPT {2}# port=21\n[^\n]*--dport 22 -j ACCEPT {2}# port=22\n```/,
  );
});

test("its variable's name does, too, and twelve rules are enough", () => {
  const text = at("for p<|>ort in $(seq 1 40); do iptables -A INPUT -p tcp --dport $port -j ACCEPT; done\n");
  assert.match(text, /makes 40 rules/);
  assert.match(text, /--dport 12 .*\n# … and 28 more\n/);
  assert.doesNotMatch(text, /--dport 13 /);
});

test("a loop that makes no rule shows its commands", () => {
  const text = at("for t<|>able in filter nat; do iptables -t $table -F; done\n");
  assert.match(text, /runs 2 commands:\n\n```shellscript\niptables -t filter -F {2}# table=filter\n/);
});

test("a while loop over literal lines", () => {
  const text = at(
    "whi<|>le read port; do\n  iptables -A INPUT -p tcp --dport $port -j ACCEPT\ndone <<EOF\n21\n22\nEOF\n",
  );
  assert.match(text, /^while\nThe loop `while` makes /);
});

const FUNCTION = `allow() {
  iptables -A INPUT -p tcp --dport "$1" -j ACCEPT
}
allow 21
allow 22
`;

test("a function's definition shows the rules of all calls", () => {
  const text = at(FUNCTION.replace("allow()", "al<|>low()"));
  assert.match(text, /^allow\nThe function `allow` makes 2 rules:/);
  assert.match(text, /--dport 21 .*# allow 21\n.*--dport 22 .*# allow 22\n/);
});

test("a call shows its own", () => {
  const text = at(FUNCTION.replace("allow 22", "al<|>low 22"));
  assert.match(text, /^allow\nThe function `allow`, called here, makes this rule:/);
  assert.doesNotMatch(text, /--dport 21/);
});

test("a rule in a loop in a function has the values of both", () => {
  const text = at(`open() {
  for port in 21 22; do ipt<|>ables -A INPUT -s "$1" -p tcp --dport $port -j ACCEPT; done
}
open 10.0.0.1
open 10.0.0.2
`);
  assert.match(text, /It is run 4 times:/);
  assert.match(text, /-s 10\.0\.0\.2 -p tcp --dport 21 -j ACCEPT {2}# open 10\.0\.0\.2, port=21\n/);
});

test("a rule that may not be run says so", () => {
  const text = at(
    "f<|>or p in 21; do\n[ -f /etc/ftp ] && iptables -A INPUT -p tcp --dport $p -j ACCEPT\ndone\n",
  );
  assert.match(text, /--dport 21 -j ACCEPT {2}# p=21, perhaps\n/);
});

test("an nft command in a loop is shown as well", () => {
  const text = at("f<|>or p in 21 22; do nft add rule inet fw input tcp dport $p accept; done\n");
  assert.match(text, /The loop `for p` makes /);
});

const START_STOP = `#!/bin/sh
case "$1" in
  start|restart)
    iptables -P INPUT DROP
    iptables -A INPUT -p tcp --dport 21 -j ACCEPT
    ;;
  stop) iptables -F ;;
  *) echo "usage" ;;
esac
`;

test("case says which branch counts, and why", () => {
  const text = at(START_STOP.replace("case", "ca<|>se"));
  assert.match(text, /^case "\$1"\n`"\$1"` is `start`: the branch `start\|restart\)` counts\./);
  assert.match(text, /argument "start" \(the branch is chosen by its name\)/);
});

test("the branches say whether they are taken", () => {
  const taken = at(START_STOP.replace("restart)", "rest<|>art)"));
  assert.match(taken, /^start\|restart\n\*\*The branch `start\|restart\)` counts\*\*: `"\$1"` is `start`\./);
  const other = at(START_STOP.replace("stop)", "st<|>op)"));
  assert.match(other, /^stop\n\*\*The branch `stop\)` is not taken\.\*\*.*`start\|restart\)` counts/);
});

test("where the word is not known every branch may be taken", () => {
  const text = at(
    'MODE=$(cat /etc/mode)\ncase "$MODE" in\n  op<|>en) iptables -P INPUT ACCEPT ;;\n  *) iptables -P INPUT DROP ;;\nesac\n',
  );
  assert.match(text, /\*\*The branch `open\)` may be taken\*\*.*depends on what the file \/etc\/mode holds/);
});

test("a case that does not concern the firewall has no hover", () => {
  assert.equal(at('iptables -P INPUT DROP\nX=a\nca<|>se "$X" in a) echo yes ;; esac\n'), "");
});

function sourcing(files: Readonly<Record<string, string>>): string {
  const text = ". ./rules.sh\niptables -P INPUT DROP\n";
  const read = (path: string) => {
    const found = files[path];
    return found === undefined ? "missing" : { path: path.replace("./", ""), text: found };
  };
  const source = { path: "fw.sh", text, dialect: "shell", family: 4 } as const;
  const { host, cases } = new Service().analyse([source], { snapshot: { read } });
  return hover({ host, file: host.files[0]!, cases }, 3)?.markdown ?? "";
}

test("a sourced file was read, and makes rules", () => {
  const text = sourcing({ "./rules.sh": "iptables -A INPUT -p tcp --dport 22 -j ACCEPT\n" });
  assert.match(
    text,
    /^`\.\/rules\.sh` was \*\*read\*\*.*It makes this rule:\n\n```shellscript\niptables .*--dport 22/s,
  );
  assert.match(sourcing({ "./rules.sh": "PORT=21\n" }), /was \*\*read\*\*.*It makes no rules by itself\./);
});

test("or it was not read, and what that means", () => {
  assert.match(
    sourcing({}),
    /^`\.\/rules\.sh` was \*\*not read\*\*: the ruleset depends on what the file \.\/rules\.sh does\./,
  );
});

test("an unknown variable says why, and offers to say what it is", () => {
  const text = at('WAN=$(cat /etc/wan)\niptables -A INPUT -i "$W<|>AN" -j ACCEPT\n');
  assert.match(text, /\*\*`\$WAN`\*\* is \*\*not known\*\*: it is what the file \/etc\/wan holds/);
  assert.match(text, /Add `# ftp-firewall: assume WAN=value` to say what it is\./);
  assert.match(at("iptables -A INPUT -i $<|>1 -j ACCEPT\n"), /assume 1=value/);
});

test("nothing is offered for what is known, nor for a function's own arguments", () => {
  assert.doesNotMatch(at("WAN=eth0\niptables -A INPUT -i $W<|>AN -j ACCEPT\n"), /assume/);
  const inFunction = at('f() { iptables -A INPUT -i "$<|>1" -j ACCEPT; }\nf "$(cat /etc/wan)"\n');
  assert.match(inFunction, /not known/);
  assert.doesNotMatch(inFunction, /assume/);
});

test("an assignment shows what the variable holds where it is used", () => {
  const text = at(
    "W<|>AN=$(cat /etc/wan)\nPORT=21\niptables -A INPUT -i $WAN -p tcp --dport $PORT -j ACCEPT\n",
  );
  assert.match(text, /^WAN\n\*\*`\$WAN`\*\* is \*\*not known\*\*/);
  assert.match(at("export P<|>ORT=21\niptables -A INPUT -p tcp --dport $PORT -j ACCEPT\n"), /is `21`/);
  assert.equal(at("N<|>AME=x\niptables -P INPUT DROP\necho $NAME\n"), "");
});
