import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "../../kernel/cases.ts";
import { forms } from "../../kernel/failure-modes.ts";
import { hostOf } from "../../kernel/host.ts";
import { simulate } from "../../kernel/product.ts";

/** The kernel's outcomes stand in the table (`npm run test:kernel` repeats them); here only the simulator runs. */
const loadable = forms.flatMap((form) => ("refused" in form ? [] : [form]));
for (const one of [...cases, ...loadable].filter((each) => each.mtu === undefined)) {
  const from = one.failureMode ?? (one.example && `${one.example} example`);
  test(`${one.on}: ${one.files.join(" + ")}${from ? ` (${from})` : ""}`, () => {
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
