import assert from "node:assert/strict";
import { test } from "node:test";
import { Service } from "../../../server/src/service.ts";

/** The verdict on passive FTP over IPv4 to a server, with what it depends on. */
function verdict(rules: string): string {
  const text = `table ip f {\n${rules}\n}\n`;
  const { sessions } = new Service().simulate([{ path: "a.nft", text, dialect: "nft", family: 4 }], {
    role: "server",
  });
  const { verdict: found } = sessions.find((one) => one.mode === "passive" && one.family === 4)!;
  return found.verdict === "unknown" ? `unknown: ${found.reason}` : found.verdict;
}

const input = (rules: string) => `chain c { type filter hook input priority 0; policy accept;\n${rules}\n}`;

test("a rate limit that decides makes it unknown; one that only logs does not", () => {
  assert.match(verdict(input("limit rate over 5/second drop")), /^unknown: the rate limit/);
  assert.equal(verdict(input("limit rate 5/second log")), "works");
});

test("a verdict map by something unknown may choose any entry, or none", () => {
  const rules = "chain m { type filter hook prerouting priority -150;\nmeta mark set jhash ip saddr mod 2\n";
  assert.match(verdict(`${rules}meta mark vmap { 0 : drop }\n}`), /^unknown: the packet's mark/);
  assert.equal(verdict(`${rules}meta mark vmap { 0 : accept, 1 : accept }\n}`), "works");
});

test("a set that something else fills decides only where its verdict differs", () => {
  const set = "set s { type ipv4_addr; flags dynamic; }\n";
  assert.match(verdict(set + input("ip saddr @s drop")), /^unknown: .*s/);
  assert.equal(verdict(set + input("ip saddr @s accept")), "works");
});

test("jumps in a circle, which the kernel refuses, end and are unknown", () => {
  const loop = "chain a { jump b; jump b; }\nchain b { jump a; jump a; }\n";
  assert.match(verdict(loop + input("jump a")), /^unknown: a loop of jumps/);
});

test("a long list of rules that ask something unknown is not taken for a match", () => {
  const mark =
    "chain m { type filter hook prerouting priority -150;\nmeta mark set jhash ip saddr mod 2\n}\n";
  const list = Array.from({ length: 40 }, (_, i) => `ip saddr 10.0.${i}.0/24 meta mark 1 drop`).join("\n");
  assert.match(verdict(mark + input(list)), /^unknown: /);
});

test("more different cases than are followed: the answer is unknown, not that of the others", () => {
  const rules = Array.from(
    { length: 200 },
    (_, i) => `ip saddr 10.0.${i}.0/24 tcp sport ${2000 + i} meta mark set ${i + 1}`,
  ).join("\n");
  const marks = "chain m { type filter hook prerouting priority -150;\n";
  assert.match(
    verdict(`${marks}${rules}\n}\n${input("meta mark 200 accept\ntcp dport 21 drop")}`),
    /^unknown: /,
  );
});
