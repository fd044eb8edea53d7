import assert from "node:assert/strict";
import { test } from "node:test";
import { Service } from "../../../server/src/service.ts";
import type { Dialect } from "../../../server/src/syntax/dialect.ts";
import { absoluteSpan } from "../../../server/src/text/origin.ts";

/** What the kernel holds after loading: `table chain policy: rule | rule`, rules as they were written. */
function loaded(text: string, dialect: Dialect = "shell"): string[] {
  const { ruleset } = new Service().load([{ path: "f", text, dialect, family: 4 }]);
  return [...ruleset.tables.values()].flatMap((table) =>
    [...table.chains.values()].map((chain) => {
      const rules = chain.rules.map((rule) => {
        const { start, end } = absoluteSpan(rule.origin);
        const maybe = rule.presence === "certain" ? "" : "?";
        return (
          maybe +
          text
            .slice(start, end)
            .replace(/^.*--dport /, "")
            .replace(/ -j.*$/, "")
        );
      });
      return `${table.id.name} ${chain.name} ${chain.policy.stated ? chain.policy.verdict : "-"}: ${rules.join(" ")}`;
    }),
  );
}

const rule = (how: string, port: number) => `iptables ${how} -p tcp --dport ${port} -j ACCEPT\n`;

test("append, insert at a number, replace and delete change the chain as iptables does", () => {
  const script =
    rule("-A INPUT", 1) +
    rule("-A INPUT", 2) +
    rule("-I INPUT", 3) +
    rule("-I INPUT 2", 4) +
    rule("-R INPUT 3", 5) +
    "iptables -D INPUT 1\n" +
    rule("-D INPUT", 2);
  assert.deepEqual(loaded(script), ["filter INPUT -: 4 5"]);
});

test("flush empties one chain or all; policies stay; -X removes empty user chains", () => {
  const script =
    "iptables -P INPUT DROP\niptables -N a\niptables -N b\n" +
    rule("-A a", 1) +
    rule("-A INPUT", 2) +
    rule("-A OUTPUT", 3) +
    "iptables -F INPUT\niptables -X b\n";
  assert.deepEqual(loaded(script), ["filter INPUT drop: ", "filter a -: 1", "filter OUTPUT -: 3"]);
  assert.deepEqual(loaded(`${script}iptables -F\niptables -X\n`), [
    "filter INPUT drop: ",
    "filter OUTPUT -: ",
  ]);
});

test("what runs under a condition that the script does not show is there only perhaps", () => {
  const script = `${rule("-A INPUT", 1)}if [ -f /etc/x ]; then\n${rule("-A INPUT", 2)}fi\n${rule("-A INPUT", 3)}`;
  assert.deepEqual(loaded(script), ["filter INPUT -: 1 ?2 3"]);
});

test("a second *filter section starts the table anew", () => {
  const section = (port: number) =>
    `*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport ${port} -j ACCEPT\nCOMMIT\n`;
  assert.deepEqual(loaded(section(1) + section(2), "iptables-save").slice(0, 1), ["filter INPUT drop: 2"]);
});

test("flush ruleset in nft removes what came before it", () => {
  const table = (port: number) => `table ip t { chain c { tcp dport ${port} accept; }; }\n`;
  assert.equal(loaded(`${table(1)}flush ruleset\n${table(2)}`, "nft").length, 1);
  assert.match(loaded(`${table(1)}flush ruleset\n${table(2)}`, "nft")[0]!, /dport 2/);
});
