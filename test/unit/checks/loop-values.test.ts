import assert from "node:assert/strict";
import { test } from "node:test";
import { Service } from "../../../server/src/service.ts";

const service = new Service();

/** Each finding as its line and the values that it names. */
function findings(text: string): string[] {
  const { diagnostics } = service.analyse([{ path: "a.sh", text, dialect: "shell", family: 4 }]);
  return diagnostics
    .filter(({ severity }) => severity !== "hint")
    .map(({ code, message, place }) => {
      const line = text.slice(text.lastIndexOf("\n", place.span.start) + 1, place.span.end).trim();
      return `${line}: ${code}: ${/This is the rule .*\.$/.exec(message)?.[0] ?? "-"}`;
    });
}

const BASE = `iptables -P INPUT DROP
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
`;

test("a rule in a loop is reported once, with the value that makes it one for FTP", () => {
  const text = `${BASE}for port in 22 21 80; do
  iptables -A INPUT -p tcp --dport $port -j ACCEPT
done
`;
  assert.deepEqual(findings(text), [
    "iptables -A INPUT -p tcp --dport $port -j ACCEPT: helper-not-assigned: This is the rule with port=21.",
  ]);
});

test("values of several rules of one text are told together", () => {
  const text = `iptables -P INPUT DROP
ip6tables -P INPUT DROP
ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
for t in iptables ip6tables; do
  $t -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
  for p in 21 22; do $t -A INPUT -p tcp --dport $p -j ACCEPT; done
done
`;
  assert.deepEqual(findings(text), [
    "for p in 21 22; do $t -A INPUT -p tcp --dport $p -j ACCEPT: helper-not-assigned: This is the rule with t=iptables or ip6tables, p=21.",
  ]);
});

test("a rule in a function by the call that makes it, not by those that lead there", () => {
  const text = `allow() { iptables -A INPUT -p "$1" --dport "$2" -j ACCEPT; }
main() {
  allow tcp 22
  allow tcp 21
}
${BASE}main now
`;
  assert.deepEqual(findings(text), [
    'allow() { iptables -A INPUT -p "$1" --dport "$2" -j ACCEPT: helper-not-assigned: This is the rule as `allow tcp 21` makes it.',
  ]);
});

test("holes by loops are reported once", () => {
  const text = `${BASE}iptables -A INPUT -p tcp --dport 21 -j ACCEPT
for net in eth0 eth1; do
  iptables -A INPUT -i $net -p tcp --sport 20 -j ACCEPT
done
`;
  assert.deepEqual(
    findings(text).filter((one) => one.includes("source-port-open")),
    [
      "iptables -A INPUT -i $net -p tcp --sport 20 -j ACCEPT: source-port-open: This is the rule with net=eth0 or eth1.",
    ],
  );
});

test("a rule that stands alone has no values", () => {
  assert.deepEqual(findings(`${BASE}iptables -A INPUT -p tcp --dport 21 -j ACCEPT\n`), [
    "iptables -A INPUT -p tcp --dport 21 -j ACCEPT: helper-not-assigned: -",
  ]);
});
