import assert from "node:assert/strict";
import { test } from "node:test";
import { parseV4 } from "../../../server/src/model/values.ts";
import { Service, type SimulateOptions } from "../../../server/src/service.ts";

// What a verdict depends on, where the question leaves something open: whoever reads it states that first.

const PUBLISHED = `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i wan0 -p tcp --dport 2121 -j DNAT --to-destination 192.168.7.2:21
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -d 192.168.7.2 -p tcp --dport 21 -j ACCEPT
COMMIT
`;

function reasonFor(text: string, options: Partial<SimulateOptions>): string | undefined {
  const file = { path: "rules.v4", text, dialect: "iptables-save", family: 4 } as const;
  const { sessions } = new Service().simulate([file], { role: "gateway", ...options });
  return sessions.find(({ family }) => family === 4)?.verdict.reason;
}

const dialled = { controlPort: 2121, connectTo: { 4: parseV4("203.0.113.1")! } };

test("the interface that a port is forwarded from comes before the addresses behind it", () => {
  assert.equal(reasonFor(PUBLISHED, dialled), "the interface towards the client");
});

test("where the interface does not matter it is the address", () => {
  const text = PUBLISHED.replace("-i wan0", "-s 198.51.100.0/24");
  assert.equal(reasonFor(text, dialled), "the client's address");
});
