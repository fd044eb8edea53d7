import assert from "node:assert/strict";
import { test } from "node:test";
import { convertNft } from "../../../server/src/convert/nftables/convert.ts";
import { NftParseCache, parseNft } from "../../../server/src/syntax/nftables/parse.ts";
import { NO_FILES } from "./nftables-dump.ts";

function manyRules(count: number): string {
  const rules = Array.from(
    { length: count },
    (_, i) =>
      `    iifname "eth${i % 7}" ip saddr 10.${i >> 8}.${i & 255}.0/24 tcp dport ${1024 + i} ct state new accept`,
  );
  return `table inet fw {\n  chain input {\n    type filter hook input priority 0; policy drop;\n${rules.join("\n")}\n  }\n}\n`;
}

function timed<T>(run: () => T): { value: T; ms: number } {
  const start = performance.now();
  const value = run();
  return { value, ms: performance.now() - start };
}

/** Bounds are far above what a quiet machine needs: they catch a wrong order of growth, not a busy host. */
test("10,000 rules: read, changed, read again", (t) => {
  const text = manyRules(10_000);
  const cache = new NftParseCache();
  const first = timed(() => parseNft(text, cache));
  const converted = timed(() => convertNft(first.value, NO_FILES));
  const changed = text.replace("dport 5000 ", "dport 21 ");
  assert.notEqual(changed, text);
  const again = timed(() => parseNft(changed, cache));
  const reconverted = timed(() => convertNft(again.value, NO_FILES));
  t.diagnostic(
    `${text.length} characters: parse ${first.ms.toFixed()} ms, convert ${converted.ms.toFixed()} ms, again ${again.ms.toFixed()} + ${reconverted.ms.toFixed()} ms`,
  );
  assert.equal(converted.value.operations.length, 10_003);
  const before = new Set(converted.value.operations.flatMap((op) => ("body" in op ? [op.body] : [])));
  const fresh = reconverted.value.operations.filter((op) => "body" in op && !before.has(op.body));
  assert.equal(fresh.length, 1);
  assert.ok(first.ms < 4000);
  assert.ok(again.ms < 1500);
  assert.ok(reconverted.ms < 1500);
});
