import assert from "node:assert/strict";
import { test } from "node:test";
import { numbers, parseV4 } from "../../../server/src/model/values.ts";
import { Service } from "../../../server/src/service.ts";
import { Random } from "../../kernel/random/seeded.ts";

const ADDRESSES = [
  "192.0.2.1",
  "192.0.2.0/24",
  "10.1.0.2",
  "10.1.0.0/16",
  "10.0.0.0/8",
  "198.51.100.7-198.51.100.99",
];
const CLIENTS = [
  "192.0.2.1",
  "192.0.2.9",
  "10.1.0.2",
  "10.1.0.3",
  "10.9.9.9",
  "198.51.100.50",
  "203.0.113.1",
];
const PORTS = ["21", "20", "22", "50060", "50000-50100", "1024-65535", "{ 21, 80 }", "{ 20, 50060, 8080 }"];

/** A rule that tests addresses, ports and the like, and decides. */
function plainRule(random: Random): string {
  const tests: string[] = [];
  if (random.chance(0.3))
    tests.push(`iifname ${random.chance(0.3) ? "!= " : ""}"${random.pick(["eth0", "eth1"])}"`);
  if (random.chance(0.6)) tests.push(`ip saddr ${random.chance(0.15) ? "!= " : ""}${random.pick(ADDRESSES)}`);
  if (random.chance(0.2)) tests.push(`ip daddr ${random.pick(["10.2.0.2", "10.2.0.0/24", "192.0.2.200"])}`);
  if (random.chance(0.25))
    tests.push(`ct state ${random.pick(["new", "established", "established,related", "!= new"])}`);
  if (random.chance(0.8)) tests.push(`tcp ${random.pick(["dport", "dport", "sport"])} ${random.pick(PORTS)}`);
  if (tests.length === 0) tests.push("ip protocol udp");
  return `${tests.join(" ")} ${random.weighted([
    [6, "accept"],
    [3, "drop"],
    [1, "reject"],
    [1, "return"],
    [1, "counter"],
  ])}`;
}

function chainOf(rules: readonly string[]): string {
  return `table inet fw {\n  chain input {\n    type filter hook input priority 0; policy drop;\n${rules.map((rule) => `    ${rule}\n`).join("")}  }\n}\n`;
}

function verdicts(text: string, client: string): string[] {
  const { sessions } = new Service().simulate([{ path: "a.nft", text, dialect: "nft", family: 4 }], {
    role: "server",
    client: { 4: parseV4(client) },
    server: { 4: parseV4("10.2.0.2") },
    clientInterface: "eth0",
    clientPorts: numbers(45000, 46999),
    passivePorts: numbers(50060),
  });
  return sessions.filter((one) => one.family === 4).map(({ mode, verdict }) => `${mode} ${verdict.verdict}`);
}

test("a long list of rules, taken as a whole, decides as its rules do one by one", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new Random(77, seed);
    const rules = Array.from({ length: random.between(30, 60) }, () => plainRule(random));
    if (random.chance(0.7))
      rules.splice(random.between(20, 30), 0, "ct state established accept", "tcp dport 21 accept");
    const whole = chainOf(rules);
    // A test of the mark, which is always 0 here, keeps a rule out of any list.
    const oneByOne = chainOf(rules.map((rule) => `meta mark 0 ${rule}`));
    for (const client of CLIENTS) {
      assert.deepEqual(
        verdicts(whole, client),
        verdicts(oneByOne, client),
        `seed ${seed}, client ${client}\n${whole}`,
      );
    }
  }
});
