import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { recordedRules, tableOf } from "./nft-recorded.ts";
import { listed } from "./nft-support.ts";

const { setup, rules } = recordedRules();
const words = [...new Set(rules.flatMap(({ rule }) => rule.split(/\s+/)))];

test("whatever a rule says, it is listed", () => {
  const mangled = fc
    .record({
      of: fc.constantFrom(...rules),
      at: fc.nat(20),
      gone: fc.nat(2),
      put: fc.array(fc.constantFrom(...words), { maxLength: 3 }),
    })
    .map(({ of, at, gone, put }) => {
      const parts = of.rule.split(/\s+/);
      parts.splice(at % parts.length, gone, ...put);
      return { ...of, rule: parts.join(" ") };
    });
  fc.assert(
    fc.property(mangled, (one) => {
      assert.match(listed(tableOf(one, setup)), /chain c \{/);
    }),
    { numRuns: 3000 },
  );
});

test("variables that double at each step do not make it hang", () => {
  const steps = Array.from({ length: 60 }, (_, i) => `define v${i + 1} = { $v${i}, $v${i} }`);
  const text = `define v0 = 1\n${steps.join("\n")}\ntable ip t {\nset s { type mark; elements = $v60; }\nchain c {\ntcp dport $v60\n}\n}`;
  const began = performance.now();
  assert.match(listed(text), /tcp dport \$v60 ## values that are too many to be followed/);
  assert.ok(performance.now() - began < 2000);
});
