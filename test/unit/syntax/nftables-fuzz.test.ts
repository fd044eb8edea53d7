import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { convertNft } from "../../../server/src/convert/nftables/convert.ts";
import { NftParseCache, parseNft } from "../../../server/src/syntax/nftables/parse.ts";
import type { NftItem } from "../../../server/src/syntax/nftables/tree.ts";

const SEED_TEXT = `#!/usr/sbin/nft -f
flush ruleset
define wan = { eth0, "ppp*" }
table inet fw {
  ct helper ftp { type "ftp" protocol tcp; l3proto ip; }
  set s { type ipv4_addr . inet_service; flags interval, timeout; elements = { 10.0.0.0/8 . 21 timeout 1h } }
  map v { type inet_service : verdict; elements = { 21 : jump ftp, 22-25 : drop } }
  chain input {
    type filter hook input priority filter + 10; policy drop;
    ct state vmap { established : accept, invalid : drop }
    iifname $wan ip saddr . tcp dport @s counter log prefix "a b" accept comment "x" # handle 4
    tcp flags & (fin | syn | rst | ack) == syn limit rate over 10/minute burst 5 packets jump {
      meta mark set ct mark & 0xff or 0x1
      drop
    }
    update @s { ip saddr . tcp dport timeout 1m limit rate 1/second } reject with icmpx type admin-prohibited
  }
}
add rule inet fw input index 1 dnat ip addr . port to tcp dport map { 21 : 10.0.0.2 . 2121 }
include "other.nft"
`;

const PIECES = [
  ...'{}"()@$.,;:#|&*/-=!<>\\\n\0é😀 ',
  ...' map | vmap | jump {| goto |table ip x {|chain c {|set s {|elements = {|{{ a }}|{% x %}|tcp dport |ct state |dnat to |10.0.0.0/8|::1|1:2|limit rate |define a = $a|include "x"|0x|99999999999999999999'.split(
    "|",
  ),
];

type Edit = { at: number; remove: number; insert: string };

const edits = fc.array(
  fc.record({
    at: fc.nat(SEED_TEXT.length),
    remove: fc.oneof(fc.constant(0), fc.nat(12)),
    insert: fc.oneof(fc.constant(""), fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
  }),
  { minLength: 1, maxLength: 8 },
);

function mutate(changes: readonly Edit[]): string {
  let text = SEED_TEXT;
  for (const { at, remove, insert } of changes) text = text.slice(0, at) + insert + text.slice(at + remove);
  return text;
}

function checkSpans(node: unknown, length: number): void {
  if (typeof node !== "object" || node === null) return;
  if ("span" in node) {
    const { start, end } = node.span as { start: number; end: number };
    assert.ok(0 <= start && start <= end && end <= length, `span ${start}-${end} of ${length}`);
  }
  for (const [key, value] of Object.entries(node)) if (key !== "span") checkSpans(value, length);
}

/** Items lie in order, inside their block, without overlap. */
function checkItems(items: readonly NftItem[], low: number, high: number): void {
  let at = low;
  for (const item of items) {
    assert.ok(at <= item.start && item.start <= item.end && item.end <= high);
    at = item.end;
    if (item.kind === "leaf") checkSpans(item.node, item.end - item.start);
    else {
      checkSpans(item.header.node, item.header.end - item.header.start);
      checkItems(item.items, item.open + 1, item.end);
    }
  }
}

function checkText(text: string, cache: NftParseCache): void {
  const file = parseNft(text, cache);
  checkItems(file.items, 0, text.length);
  const { problems } = convertNft(file, { path: "x", resolve: () => "missing" });
  for (const { origin } of problems) {
    assert.ok(origin.statement.start + origin.span.end <= text.length);
    assert.ok(origin.statement.start + origin.span.start >= 0);
  }
}

describe("nftables under random edits", () => {
  const cache = new NftParseCache();

  test("parsing and converting never throw, and every span lies inside the text", () => {
    fc.assert(
      fc.property(edits, (changes) => checkText(mutate(changes), cache)),
      { numRuns: 1000 },
    );
  });

  test("the cache changes nothing", () => {
    fc.assert(
      fc.property(edits, (changes) => {
        const text = mutate(changes);
        const plain = parseNft(text, new NftParseCache());
        assert.deepEqual(parseNft(text, cache), plain);
      }),
      { numRuns: 200 },
    );
  });

  test("any text at all", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: "binary" }), (text) => checkText(text, cache)),
      { numRuns: 500 },
    );
  });
});

describe("nftables: input made to hurt", () => {
  const inputs: Record<string, string> = {
    "20,000 braces": "{".repeat(20_000),
    "20,000 tables": "table x {".repeat(20_000),
    "20,000 inline chains": `table x{chain c{${"jump {".repeat(20_000)}`,
    "20,000 parentheses": `table x{chain c{ip saddr ${"(".repeat(20_000)}`,
    "10 MB of one word": "a".repeat(10_000_000),
    "10 MB of one line": "tcp dport 21 ".repeat(800_000),
    "a million quotes": '"'.repeat(1_000_000),
    "a million template marks": "{{ a ".repeat(1_000_000),
    "a million comments": "#\n".repeat(1_000_000),
    "a million comments in a set": `table x{set s{elements={${"#c\n".repeat(1_000_000)}`,
    "a million operators": `table x{chain c{ct mark ${"1|".repeat(1_000_000)}`,
    "a million tunnels": `table x{chain c{${"vxlan ".repeat(1_000_000)}`,
    "a million continuations": "\\\n".repeat(1_000_000),
    "a million colons": "1:".repeat(1_000_000),
    "a million closing braces": "}".repeat(1_000_000),
  };
  for (const [name, text] of Object.entries(inputs)) {
    test(name, () => {
      const start = performance.now();
      const file = parseNft(text);
      convertNft(file, { path: "x", resolve: () => "missing" });
      assert.ok(file.problems.length <= 1000);
      // Generous: a quadratic pass over a megabyte takes minutes.
      assert.ok(performance.now() - start < 20_000);
    });
  }
});
