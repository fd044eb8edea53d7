import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "../../kernel/cases.ts";
import { hostOf } from "../../kernel/host.ts";
import { simulate } from "../../kernel/product.ts";

/** The kernel's outcomes stand in the table (`npm run test:kernel` repeats them); here only the simulator runs. */
for (const one of cases.filter((each) => each.mtu === undefined)) {
  test(`${one.on}: ${one.files.join(" + ")}${one.example ? ` (${one.example} example)` : ""}`, () => {
    const simulated = simulate(hostOf(one));
    assert.deepEqual(
      Object.entries(simulated).map(([name, { verdict }]) => `${name} ${verdict}`),
      [
        `active4 ${one.ipv4[0]}`,
        `passive4 ${one.ipv4[1]}`,
        `active6 ${one.ipv6[0]}`,
        `passive6 ${one.ipv6[1]}`,
      ],
    );
  });
}
