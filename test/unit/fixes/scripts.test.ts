import assert from "node:assert/strict";
import { test } from "node:test";
import { numbers } from "../../../server/src/model/values.ts";
import { DEFAULT_SETTINGS, Service, type SourceFile, type Strategy } from "../../../server/src/service.ts";

// Where a fix goes in a script, and in whose words. A line that is added is marked with +, one that goes with -.

const service = new Service();
const settings = { ...DEFAULT_SETTINGS, passivePorts: numbers(50000, 51000) };

function marked(script: string, strategy: Strategy): void {
  const lines = script.split("\n");
  const before = lines
    .filter((line) => !line.startsWith("+"))
    .map(plain)
    .join("\n");
  const after = lines
    .filter((line) => !line.startsWith("-"))
    .map(plain)
    .join("\n");
  const files: SourceFile[] = [{ path: "fw.sh", text: before, dialect: "shell", family: 4 }];
  const fixed = service.fixAll(files, { strategy, settings });
  assert.deepEqual(
    fixed.remaining.map(({ reason }) => reason),
    [],
  );
  assert.equal(fixed.files[0]!.text, after);
  const again = service.fixAll([{ ...files[0]!, text: after }], { strategy, settings });
  assert.equal(again.files[0]!.text, after);
}

function plain(line: string): string {
  return line.replace(/^[+-]/, "");
}

const BASE = `iptables -P INPUT DROP
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`;

test("the helper once, outside the loop over ports", () => {
  marked(
    `#!/bin/sh
${BASE}
+iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
for port in 21 22; do
  iptables -A INPUT -p tcp --dport $port -j ACCEPT
done
`,
    "helper",
  );
});

test("inside the loop over both programs, by the loop's own", () => {
  marked(
    `#!/bin/sh
for ipt in iptables ip6tables; do
  $ipt -P INPUT DROP
  $ipt -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
+  $ipt -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
  for port in 21 22; do
    $ipt -A INPUT -p tcp --dport $port -j ACCEPT
  done
done
ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
`,
    "helper",
  );
});

test("the ports for each network of a loop, where its variable still has the value", () => {
  marked(
    `#!/bin/sh
${BASE}
for net in 10.0.0.0/8 192.168.0.0/16; do
  for port in 21 22; do
    iptables -A INPUT -s $net -p tcp --dport $port -j ACCEPT
  done
+  iptables -A INPUT -s $net -p tcp --dport 50000:51000 -j ACCEPT
done
`,
    "ports",
  );
});

test("beside the call of a function, with the values that the call gives", () => {
  marked(
    `#!/bin/sh
allow() {
  iptables -A INPUT -s "$1" -p tcp --dport "$2" -j ACCEPT
}
${BASE}
allow 10.0.0.0/8 21
+iptables -A INPUT -s 10.0.0.0/8 -p tcp --dport 50000:51000 -j ACCEPT
allow 192.168.0.0/16 3306
`,
    "ports",
  );
});

test("a function on one line is not left for the line above it", () => {
  marked(
    `#!/bin/sh
allow() { iptables -A INPUT -p tcp --dport "$1" -j ACCEPT; }
${BASE}
allow 22
+iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
allow 21
iptables -A INPUT -j DROP
`,
    "helper",
  );
});

test("by the author's own function that hands its arguments on", () => {
  marked(
    `#!/bin/sh
add() {
  chain=$1; shift
  iptables -A $chain "$@"
}
${BASE}
+add PREROUTING -t raw -p tcp --dport 21 -j CT --helper ftp
add INPUT -p tcp --dport 21 -j ACCEPT
`,
    "helper",
  );
});

test("a program that is for one chain is not used for another", () => {
  marked(
    `#!/bin/sh
IN="iptables -A INPUT"
iptables -P INPUT DROP
$IN -m state --state ESTABLISHED,RELATED -j ACCEPT
+iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
$IN -p tcp --dport 21 -j ACCEPT
`,
    "helper",
  );
});

test("before the chain that logs and drops, not in it", () => {
  marked(
    `#!/bin/sh
I=/sbin/iptables
$I -N LOG_DROP
$I -A LOG_DROP -j LOG
$I -A LOG_DROP -j DROP
$I -A INPUT -m state --state ESTABLISHED -j ACCEPT
+$I -A INPUT -p icmp -m state --state RELATED -j ACCEPT
+$I -A INPUT -p tcp --dport 1024:65535 -m state --state RELATED -m helper --helper ftp -j ACCEPT
+$I -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
$I -A INPUT -p tcp --dport 21 -j ACCEPT
$I -A INPUT -j LOG_DROP
`,
    "helper",
  );
});

test("to the chain that the rule for the control port hands on to", () => {
  marked(
    `#!/bin/sh
iptables -N known
iptables -A known -s 192.0.2.0/24 -j DROP
iptables -A known -j ACCEPT
${BASE}
iptables -A INPUT -p tcp --dport 21 -j known
+iptables -A INPUT -p tcp --dport 50000:51000 -j known
`,
    "ports",
  );
});

test("a rule that moves takes along the comment that is about it alone", () => {
  marked(
    `#!/bin/sh
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
+iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
+# ftp
+iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -A INPUT -j DROP

-# ftp
-iptables -A INPUT -p tcp --dport 21 -j ACCEPT
`,
    "helper",
  );
});

test("a comment over several rules stays with the others", () => {
  marked(
    `#!/bin/sh
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
+iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
+iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -A INPUT -j DROP
# services
-iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -A INPUT -p tcp --dport 80 -j ACCEPT
`,
    "helper",
  );
});

test("not into the here document that a loop reads", () => {
  marked(
    `#!/bin/sh
iptables -P INPUT DROP
for p in 21 22; do
  iptables -A INPUT -s 10.0.0.0/8 -p tcp --dport $p -j ACCEPT
done <<END
nothing of use
END
+iptables -A INPUT -s 10.0.0.0/8 -p tcp --dport 50000:51000 -j ACCEPT
iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT
+iptables -A INPUT -p icmp -m state --state RELATED -j ACCEPT
`,
    "ports",
  );
});

test("behind what the head of the file says", () => {
  marked(
    `#!/bin/sh
# The firewall of the FTP server.
+iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -P INPUT DROP
`,
    "helper",
  );
});

test("nft's commands with their variables and quotes, before the loop", () => {
  marked(
    `#!/bin/sh
NFT=/usr/sbin/nft
T="ip fw"
$NFT add table $T
$NFT add chain $T in '{ type filter hook input priority 0; policy drop; }'
$NFT add rule $T in ct state established,related accept
+$NFT add ct helper $T ftp-std '{ type "ftp" protocol tcp; }'
+$NFT add chain $T ftp_helper '{ type filter hook prerouting priority -150; policy accept; }'
+$NFT add rule $T ftp_helper 'tcp dport 21 ct helper set "ftp-std"'
for p in 21 22; do
  $NFT add rule $T in tcp dport $p accept
done
`,
    "helper",
  );
});

test("nft's commands as one argument each", () => {
  marked(
    `#!/bin/sh
nft "add table ip fw"
nft "add chain ip fw in { type filter hook input priority 0; policy drop; }"
nft "add rule ip fw in ct state established,related accept"
nft "add rule ip fw in tcp dport 21 accept"
+nft "add rule ip fw in tcp dport 50000-51000 accept"
`,
    "ports",
  );
});

test("iptables-restore's text in a variable", () => {
  marked(
    `#!/bin/sh
RULES="*filter
:INPUT DROP [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
+-A INPUT -p icmp -m conntrack --ctstate RELATED -j ACCEPT
-A INPUT -p tcp --dport 21 -j ACCEPT
+-A INPUT -p tcp --dport 50000:51000 -j ACCEPT
COMMIT"
echo "$RULES" | iptables-restore
`
      .replaceAll(/^-A/gm, " -A")
      .replaceAll(/^\+-A/gm, "+ -A"),
    "ports",
  );
});

test("between commands joined by &&, as one of them", () => {
  marked(
    `#!/bin/sh
iptables -P INPUT DROP &&
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT && # answers
+iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp &&
iptables -A INPUT -p tcp --dport 21 -j ACCEPT &&
iptables -A INPUT -p tcp --dport 22 -j ACCEPT || exit 1
`,
    "helper",
  );
  marked(
    `#!/bin/sh
iptables -P INPUT DROP && \\
iptables -A INPUT -p tcp --dport 20 --sport 1024:65535 -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT && \\
+iptables -A INPUT -p icmp -m conntrack --ctstate RELATED -j ACCEPT && \\
iptables -A INPUT -p tcp --dport 21 -j ACCEPT && \\
+iptables -A INPUT -p tcp --dport 50000:51000 -j ACCEPT && \\
iptables -A INPUT -p tcp --dport 22 -j ACCEPT || exit 1
`,
    "ports",
  );
});

test("where the && stands at the head of the line, and a check is a list of its own", () => {
  marked(
    `#!/bin/sh
iptables -F \\
  && iptables -P INPUT DROP \\
  && iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT \\
+  && { iptables -t raw -C PREROUTING -p tcp --dport 21 -j CT --helper ftp 2>/dev/null || iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp; } \\
  && iptables -A INPUT -p tcp --dport 21 -j ACCEPT \\
  && echo done
`,
    "helper",
  );
});

test("never between a check and what is done where it fails", () => {
  marked(
    `#!/bin/sh
${BASE}
iptables -C INPUT -p tcp --dport 21 -j ACCEPT 2>/dev/null ||
  iptables -A INPUT -p tcp --dport 21 -j ACCEPT
+  iptables -t raw -C PREROUTING -p tcp --dport 21 -j CT --helper ftp 2>/dev/null || iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
`,
    "helper",
  );
});

test("on the author's own line, where everything stands on one", () => {
  marked(
    `#!/bin/sh
-I=iptables; $I -P INPUT DROP; $I -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT; $I -A INPUT -p tcp --dport 21 -j ACCEPT; exit 0
+I=iptables; $I -P INPUT DROP; $I -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT; $I -A INPUT -p tcp --dport 21 -j ACCEPT; $I -A INPUT -p tcp --dport 50000:51000 -j ACCEPT; exit 0
`,
    "ports",
  );
});

test("within the condition that ends on the same line", () => {
  marked(
    `#!/bin/sh
FTP=yes
${BASE}
-if [ $FTP = yes ]; then iptables -A INPUT -p tcp --dport 21 -j ACCEPT; fi
+if [ $FTP = yes ]; then iptables -A INPUT -p tcp --dport 21 -j ACCEPT; iptables -A INPUT -p tcp --dport 50000:51000 -j ACCEPT; fi
`,
    "ports",
  );
});

test("without a check where the author's wrapper ends the script when a command fails", () => {
  marked(
    `#!/bin/bash
run() { "$@" || exit 1; }
both() { run iptables "$@"; run ip6tables "$@"; }
both -F
both -P INPUT DROP
run ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
both -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
+both -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
for port in 21 22; do
  both -A INPUT -p tcp --dport $port -j ACCEPT
done
`,
    "helper",
  );
});

test("as a command of its own beside one that eval is given", () => {
  marked(
    `#!/bin/sh
${BASE}
port_ftp=21
+iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
for service in ftp; do
  eval "port=\\$port_$service"
  rule="iptables -A INPUT -p tcp --dport $port -j ACCEPT"
  eval "$rule"
done
`,
    "helper",
  );
});

test("under the same condition, where the author's rule stands behind one on its line", () => {
  marked(
    `#!/bin/sh
FTP=yes
${BASE}
-[ "$FTP" = yes ] && iptables -A INPUT -p tcp --dport 21 -j ACCEPT
+[ "$FTP" = yes ] && iptables -A INPUT -p tcp --dport 21 -j ACCEPT && iptables -A INPUT -p tcp --dport 50000:51000 -j ACCEPT
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
`,
    "ports",
  );
});
