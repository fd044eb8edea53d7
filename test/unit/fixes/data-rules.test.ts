import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Service, type Strategy } from "../../../server/src/service.ts";

/** What `fix` makes of a fixture, without the lines that say what is found. */
function fixed(path: string, strategy: Strategy): string {
  const url = new URL(`../../fixtures/${path}`, import.meta.url);
  const lines = readFileSync(url, "utf8").split("\n");
  const text = lines.filter((line) => !/^#\s*\^/.test(line)).join("\n");
  const dialect = path.endsWith(".nft") ? "nft" : "iptables-save";
  return new Service().fixAll([{ path, text, dialect, family: 4 }], { strategy }).files[0]!.text;
}

test("the author's own range is moved with the rule for port 21, and none is made up", () => {
  for (const strategy of ["helper", "ports"] as const) {
    assert.match(
      fixed("ftp-rule-unreachable/passive-range-behind-it-too.v4", strategy),
      /RELATED -j ACCEPT\n-A INPUT -p tcp --dport 21 -j ACCEPT\n-A INPUT -p tcp --dport 50000:50100 -j ACCEPT\n-A INPUT -j REJECT\nCOMMIT\n$/,
    );
  }
});

test("the helper takes the place of a wide rule although another one still opens some ports", () => {
  const text = fixed("high-ports-open/beside-another-wide-rule.nft", "helper");
  assert.match(text, /ct helper set "ftp-std"/);
  assert.doesNotMatch(text, /1024-40000/);
});

test("a range that was opened for UDP is opened for TCP, and no other", () => {
  const text = fixed("udp-opened/range-that-says-so.nft", "ports");
  assert.match(text, /\ttcp dport 30000-30100 accept comment "ftp passive"\n/);
  assert.doesNotMatch(text, /50000|udp/);
});
