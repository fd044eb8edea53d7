import assert from "node:assert/strict";
import { test } from "node:test";
import { Service, type SourceFile } from "../../../server/src/service.ts";

/** Codes of a host with a strict rules.v4 and this rules.v6. */
function codes(...rules: string[]): string[] {
  const file = (path: string, family: 4 | 6, lines: readonly string[]): SourceFile => ({
    path,
    family,
    dialect: "iptables-save",
    text: ["*filter", ...lines, "COMMIT", ""].join("\n"),
  });
  const v4 = [
    ":INPUT DROP [0:0]",
    "-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
    "-A INPUT -p tcp --dport 21 -j ACCEPT",
  ];
  const { diagnostics } = new Service().analyse([
    file("rules.v4", 4, v4),
    file("rules.v6", 6, [":INPUT ACCEPT [0:0]", ...rules]),
  ]);
  return diagnostics.map(({ code }) => code);
}

test("IPv6 whose policy accepts everything beside a strict IPv4 is reported", () => {
  assert.ok(codes().includes("ipv6-left-open"));
  assert.ok(codes("-A INPUT -i lo -j ACCEPT").includes("ipv6-left-open"));
});

test("IPv6 that drops what comes from outside by a rule is not", () => {
  assert.ok(!codes("-A INPUT -i lo -j ACCEPT", "-A INPUT -i eth0 -j DROP").includes("ipv6-left-open"));
  assert.ok(!codes("-A INPUT -m conntrack --ctstate NEW -j DROP").includes("ipv6-left-open"));
});
