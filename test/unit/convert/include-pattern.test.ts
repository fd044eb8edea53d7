import assert from "node:assert/strict";
import { test } from "node:test";
import { inLoadingOrder, readPattern } from "../../../server/src/convert/include-pattern.ts";
import { inCopyOfEtc } from "../../../server/src/twins.ts";

test("a pattern takes the names that the shell would", () => {
  for (const [pattern, yes, no] of [
    ["/etc/nftables.d/*.nft", ["a.nft", "a b.nft"], [".a.nft", "a.nft~", "anft"]],
    ["*", ["a", "b.nft"], [".a"]],
    [".*", [".a"], ["a"]],
    ["d/0?-*", ["01-a"], ["0-a", "012-a"]],
    ["d/[ab]+(x).nft", ["a+(x).nft"], ["c+(x).nft", "aa+(x).nft"]],
    ["d/[!a-c].nft", ["d.nft"], ["b.nft"]],
    ["d/[]].nft", ["].nft"], ["[.nft"]],
    ["d/[z-a]", [], ["z", "a"]],
    ["d/[", ["["], ["a"]],
  ] as const) {
    const found = readPattern(pattern)!;
    for (const name of yes) assert.ok(found.matches(name), `${pattern} takes ${name}`);
    for (const name of no) assert.ok(!found.matches(name), `${pattern} does not take ${name}`);
  }
  assert.equal(readPattern("/etc/*/a.nft"), undefined);
  assert.equal(readPattern("a*")?.folder, "./");
});

test("nft loads files in the order of their bytes", () => {
  assert.deepEqual(inLoadingOrder(["b", "ä", "a", "Z", "10", "9"]), ["10", "9", "Z", "a", "b", "ä"]);
});

test("a path below /etc in a copy of it", () => {
  assert.deepEqual(inCopyOfEtc("/etc/nftables.d/a.nft", "/repo/etc/nftables.conf"), [
    "/repo/etc/nftables.d/a.nft",
    "/repo/etc/nftables.d/a.nft",
  ]);
  assert.deepEqual(inCopyOfEtc("/etc/a.nft", "/repo/nftables.conf"), ["/repo/a.nft"]);
  assert.deepEqual(inCopyOfEtc("/srv/a.nft", "/repo/etc/nftables.conf"), []);
  assert.deepEqual(inCopyOfEtc("a.nft", "/repo/etc/nftables.conf"), []);
});
