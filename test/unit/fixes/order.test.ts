import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chain } from "../../../server/src/model/ruleset.ts";
import { Service, type SourceFile } from "../../../server/src/service.ts";

// Positions in `-I CHAIN 3` count from the chain's head: what a fix puts before them must not shift the author's rules.

const SCRIPT = `#!/bin/sh
iptables -P INPUT DROP
iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -I INPUT 3 -s 10.9.0.0/16 -j DROP
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -I INPUT 2 -s 10.8.0.0/16 -j DROP
`;

/** The statements of chain INPUT's rules, in the order in which the kernel has them. */
function inputRules(text: string): string[] {
  const { ruleset } = new Service().load([script(text)]);
  const chains = [...ruleset.tables.values()].flatMap((table): Chain[] => [...table.chains.values()]);
  const rules = chains.find(({ name }) => name === "INPUT")?.rules ?? [];
  return rules.map(({ origin: { statement } }) => text.slice(statement.start, statement.end));
}

function script(text: string): SourceFile {
  return { path: "firewall.sh", text, dialect: "shell", family: 4 };
}

test("the author's rules keep their order where some are inserted by number", () => {
  const { files, remaining } = new Service().fixAll([script(SCRIPT)], { strategy: "helper" });
  const fixed = files[0]!.text;
  assert.deepEqual(
    remaining.map(({ reason }) => reason),
    [],
  );
  const before = inputRules(SCRIPT);
  const after = inputRules(fixed);
  assert.deepEqual(
    after.filter((rule) => before.includes(rule)),
    before,
  );
  assert.ok(after.length > before.length);
});

test("ports are not opened at the head of a chain, before what keeps some clients out", () => {
  const { files, remaining } = new Service().fixAll([script(SCRIPT)], { strategy: "ports" });
  assert.equal(files[0]!.text, SCRIPT);
  assert.deepEqual(
    remaining.map(({ reason }) => reason),
    [
      "where the missing rule would take effect it would also let in hosts that other rules keep from the control port",
    ],
  );
});
