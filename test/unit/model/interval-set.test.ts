import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { divided, IntervalSet } from "../../../server/src/model/interval-set.ts";
import { formatV4, formatV6, parseV4, parseV6, v4Prefix } from "../../../server/src/model/values.ts";

const HIGH = 40;
const set = fc
  .array(fc.tuple(fc.integer({ min: 0, max: HIGH }), fc.integer({ min: 0, max: HIGH })), { maxLength: 6 })
  .map((pairs) => IntervalSet.unionOf(pairs.map(([lo, hi]) => IntervalSet.interval(lo, hi))));

/** The same set as plain members, to compare with. */
function members(one: IntervalSet<number>): Set<number> {
  return new Set(Array.from({ length: HIGH + 1 }, (_, i) => i).filter((i) => one.has(i)));
}

test("union, intersection and difference agree with sets of single values", () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      const [left, right] = [members(a), members(b)];
      const all = [...new Set([...left, ...right])].sort((x, y) => x - y);
      const sorted = (one: IntervalSet<number>) => [...members(one)];
      assert.deepEqual(sorted(a.union(b)), all);
      assert.deepEqual(
        sorted(a.intersect(b)),
        all.filter((i) => left.has(i) && right.has(i)),
      );
      assert.deepEqual(
        sorted(a.subtract(b)),
        all.filter((i) => left.has(i) && !right.has(i)),
      );
    }),
    { numRuns: 2000 },
  );
});

test("bounds stay sorted, disjoint and apart", () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      for (const { bounds } of [a.union(b), a.intersect(b), a.subtract(b)]) {
        for (let i = 1; i < bounds.length; i++) assert.ok(bounds[i - 1]! < bounds[i]!);
      }
    }),
  );
});

test("addresses: text to value and back", () => {
  assert.equal(formatV4(parseV4("192.168.0.255")!), "192.168.0.255");
  assert.equal(parseV4("256.1.1.1"), undefined);
  assert.equal(parseV4("1.2.3"), undefined);
  for (const text of ["::", "::1", "fe80::1", "2001:db8::a:0:0:1", "1:2:3:4:5:6:7:8"]) {
    assert.equal(formatV6(parseV6(text)!), text);
  }
  assert.equal(parseV6("::ffff:192.0.2.1"), 0xffffc0000201n);
  assert.equal(parseV6("1::2::3"), undefined);
  assert.equal(parseV6("12345::"), undefined);
  assert.deepEqual(v4Prefix(parseV4("10.1.2.3")!, 24).bounds, [parseV4("10.1.2.0"), parseV4("10.1.3.0")]);
});

test("a division has each value once, in the class of those that the same sets hold", () => {
  fc.assert(
    fc.property(fc.array(set, { maxLength: 5 }), (sets) => {
      const holders = (value: number) => sets.map((one) => one.has(value)).join();
      const classes = divided(sets).map((one) => [...members(one)]);
      const covered = [...members(IntervalSet.unionOf(sets))];
      assert.deepEqual(
        classes.flat().sort((a, b) => a - b),
        covered,
      );
      for (const one of classes) assert.equal(new Set(one.map(holders)).size, 1);
      assert.equal(classes.length, new Set(covered.map(holders)).size);
    }),
  );
});

test("a division that has enough classes still has each value once", () => {
  fc.assert(
    fc.property(fc.array(set, { maxLength: 6 }), fc.integer({ min: 0, max: 5 }), (sets, enough) => {
      const classes = divided(sets, enough).map((one) => [...members(one)]);
      const covered = [...members(IntervalSet.unionOf(sets))];
      assert.deepEqual(
        classes.flat().sort((a, b) => a - b),
        covered,
      );
    }),
  );
});
