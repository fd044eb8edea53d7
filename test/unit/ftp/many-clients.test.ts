import assert from "node:assert/strict";
import { test } from "node:test";
import { Service } from "../../../server/src/service.ts";
import { LineIndex } from "../../../server/src/text/line-index.ts";

// A host with a rule for each of its customers: more kinds of clients than a session can be followed for.

interface Customers {
  readonly count: number;
  /** The passive ports of the customer with this number, if any are open to it. */
  readonly range: (customer: number) => string | undefined;
}

function rulesFor({ count, range }: Customers): string {
  const customers = Array.from({ length: count }, (_, i) => i + 1);
  return [
    "*filter",
    ":INPUT DROP [0:0]",
    ":FORWARD DROP [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT",
    "-A INPUT -p icmp -j ACCEPT",
    ...customers.map((i) => `-A INPUT -s 10.0.${i}.0/24 -p tcp -m tcp --dport 21 -j ACCEPT`),
    ...customers.flatMap((i) =>
      range(i) ? [`-A INPUT -s 10.0.${i}.0/24 -p tcp -m tcp --dport ${range(i)} -j ACCEPT`] : [],
    ),
    "COMMIT",
    "",
  ].join("\n");
}

function warnings(customers: Customers): string[] {
  const text = rulesFor(customers);
  const { diagnostics } = new Service().analyse([
    { path: "rules.v4", text, dialect: "iptables-save", family: 4 },
  ]);
  const lines = new LineIndex(text);
  return diagnostics
    .filter(({ severity }) => severity === "warning")
    .map(({ code, place }) => `${code} on customer ${lines.range(place.span).start.line - 5}`);
}

const ownRange = (i: number) => `${50_000 + 10 * i}:${50_009 + 10 * i}`;

for (const count of [10, 30, 50]) {
  test(`of ${count} customers with ports of their own, the one without is warned about, and no other`, () => {
    const range = (i: number) => (i < count ? ownRange(i) : undefined);
    assert.deepEqual(warnings({ count, range }), [`passive-data-blocked on customer ${count}`]);
  });
}

for (const count of [40, 120]) {
  test(`of ${count} customers with the same ports, the one without is warned about`, () => {
    const range = (i: number) => (i < count ? "50000:50100" : undefined);
    assert.deepEqual(warnings({ count, range }), [`passive-data-blocked on customer ${count}`]);
  });
}

test("more kinds of customers than can be followed: no warning where all have their ports", () => {
  assert.deepEqual(warnings({ count: 150, range: ownRange }), []);
});

test("customers with a few single ports open besides are warned about: single ports are no range", () => {
  const range = (i: number) => `${3000 + 10 * i}`;
  const all = warnings({ count: 40, range });
  assert.ok(all.length > 0, "a warning");
  assert.ok(
    all.every((one) => one.startsWith("passive-data-blocked")),
    all.join(),
  );
});
