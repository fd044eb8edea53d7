import assert from "node:assert/strict";
import { test } from "node:test";
import { Service, type SourceFile } from "../../../server/src/service.ts";

// What a fix must not touch: each of these was changed once, to somebody's harm.

function fixed(text: string): { text: string; reasons: string[] } {
  const dialect = text.startsWith("#!") ? "shell" : text.startsWith("table") ? "nft" : "iptables-save";
  const file: SourceFile = { path: "rules", text, dialect, family: 4 };
  const { files, remaining } = new Service().fixAll([file], { strategy: "helper" });
  return {
    text: files[0]!.text,
    reasons: remaining.map(({ diagnostic, reason }) => `${diagnostic.code}: ${reason}`),
  };
}

function script(...lines: string[]): string {
  const before = ["#!/bin/sh", "iptables -P INPUT DROP"];
  const answers = "iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT";
  return [...before, answers, ...lines, ""].join("\n");
}

const STRAIGHT = /^ftp-rule-unreachable: between the two places the script does more than to call iptables/;

test("a rule is not moved out of its condition", () => {
  const text = script(
    "iptables -A INPUT -j DROP",
    'if [ "$WITH_FTP" = yes ]; then',
    "  echo FTP",
    "  iptables -A INPUT -p tcp --dport 21 -j ACCEPT",
    "fi",
  );
  const result = fixed(text);
  assert.equal(result.text, text);
  assert.match(result.reasons.join("\n"), STRAIGHT);
});

test("a rule is not moved before the assignment of its variable", () => {
  const text = script(
    "iptables -A INPUT -j DROP",
    'ONLY="-s 10.1.0.2"',
    "iptables -A INPUT $ONLY -p tcp --dport 21 -j ACCEPT",
  );
  const result = fixed(text);
  assert.equal(result.text, text);
  assert.match(result.reasons.join("\n"), STRAIGHT);
});

test("a rule is moved where nothing but iptables stands between", () => {
  const text = script(
    "iptables -A INPUT -j DROP",
    "# FTP",
    "iptables -A INPUT -p tcp \\",
    "  --dport 21 -j ACCEPT",
  );
  assert.ok(fixed(text).text.indexOf("-j DROP") > fixed(text).text.indexOf("--dport 21 -j ACCEPT"));
});

test("a rule for other services besides is not moved", () => {
  const text = script(
    "iptables -A INPUT -j REJECT",
    "iptables -A INPUT -p tcp -m multiport --dports 21,3306 -j ACCEPT",
  );
  const result = fixed(text);
  assert.equal(result.text, text);
  assert.match(result.reasons.join("\n"), /^ftp-rule-unreachable: this is left to you/);
});

test("no rule is removed that others are counted from", () => {
  const text = script(
    "iptables -A INPUT -p tcp --dport 20 -j ACCEPT",
    "iptables -A INPUT -p tcp --dport 21 -j ACCEPT",
    "iptables -A INPUT -j DROP",
    "iptables -I INPUT 4 -p tcp --dport 22 -j ACCEPT",
  );
  const result = fixed(text);
  assert.match(result.text, /--dport 20 -j ACCEPT/);
  assert.match(result.reasons.join("\n"), /port-20-opened: other rules would change their order/);
});

test("no rule is removed that the script removes by its text", () => {
  const text = script(
    "iptables -A INPUT -p tcp --dport 20 -j ACCEPT",
    "iptables -A INPUT -p tcp --dport 21 -j ACCEPT",
    "stop() { iptables -D INPUT -p tcp --dport 20 -j ACCEPT; }",
  );
  const result = fixed(text);
  assert.match(result.text, /-A INPUT -p tcp --dport 20 -j ACCEPT/);
  assert.match(result.reasons.join("\n"), /port-20-opened: the script also checks or removes this rule/);
});

test("two changes in the same words are made by hand", () => {
  const text = `table inet f {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
		udp dport { 20-21, 53 } accept
		tcp dport 21 accept
	}
}
`;
  const result = fixed(text);
  assert.match(result.text, /udp dport \{ 20-21, 53 \} accept/);
  assert.match(result.reasons.join("\n"), /udp-opened: two changes would meet in the same words/);
});

test("table raw is not flushed: others may have rules there", () => {
  const text = ["#!/bin/sh", "iptables -F", "iptables -P INPUT DROP"].concat([
    "iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT",
    "iptables -A INPUT -p tcp --dport 21 -j ACCEPT",
    "",
  ]);
  const result = fixed(text.join("\n")).text;
  assert.doesNotMatch(result, /-t raw -F/);
  const rule = "-p tcp --dport 21 -j CT --helper ftp";
  assert.ok(
    result.includes(
      `iptables -t raw -C PREROUTING ${rule} 2>/dev/null || iptables -t raw -A PREROUTING ${rule}\n`,
    ),
  );
  assert.equal(fixed(result).text, result);
});
