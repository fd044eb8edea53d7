import assert from "node:assert/strict";
import { test } from "node:test";
import { builtinChains, IPTABLES_TABLES } from "../../../server/src/model/builtin-chains.ts";
import type { AreaName } from "../../../server/src/reference/lookup.ts";
import { lookUp, lookUpIcmpType, lookUpProtocol, REFERENCE } from "../../../server/src/reference/lookup.ts";
import { CORE_OPTIONS } from "../../../server/src/syntax/iptables/core-options.ts";
import {
  matchExtension,
  matchNames,
  targetExtension,
  targetNames,
} from "../../../server/src/syntax/iptables/extensions.ts";
import { CT_KEYS, FAMILIES } from "../../../server/src/syntax/nftables/keywords.ts";

const AREAS = Object.keys(REFERENCE) as AreaName[];

for (const area of AREAS) {
  test(`reference: every entry of "${area}" says something of its own and names its source`, () => {
    const texts = new Map<string, string>();
    for (const [key, entry] of REFERENCE[area]) {
      assert.equal(entry.key, key);
      assert.match(key, /\S/);
      assert.ok(entry.text.length >= 8, `${key} says too little`);
      assert.match(entry.text, /[.…)]$/, `${key} is no whole sentence`);
      assert.ok(entry.source.length >= 5, `${key} names no source`);
      assert.equal(texts.get(entry.text), undefined, `${key} repeats ${texts.get(entry.text)}`);
      texts.set(entry.text, key);
    }
    assert.ok(texts.size > 0);
  });
}

test("reference: every option of iptables itself is explained", () => {
  for (const option of CORE_OPTIONS) assert.ok(lookUp("iptables option", option.names[0]!), option.names[0]);
});

test("reference: every match and target of both programs is explained", () => {
  for (const program of ["iptables", "ip6tables"] as const) {
    for (const name of matchNames(program)) assert.ok(lookUp("match", name), `-m ${name}`);
    for (const name of targetNames(program)) assert.ok(lookUp("target", name), `-j ${name}`);
  }
});

test("reference: every option of the common matches and targets is explained", () => {
  const matches =
    "tcp udp state conntrack multiport limit recent comment addrtype iprange mac mark connmark helper pkttype";
  for (const name of matches.split(" ")) {
    for (const option of matchExtension("iptables", name)?.options ?? [])
      assert.ok(lookUp("match option", `${name} --${option.names[0]}`), `-m ${name} --${option.names[0]}`);
  }
  for (const name of "CT DNAT SNAT MASQUERADE REDIRECT REJECT LOG MARK TCPMSS".split(" ")) {
    for (const option of targetExtension("iptables", name)?.options ?? [])
      assert.ok(lookUp("target option", `${name} --${option.names[0]}`), `-j ${name} --${option.names[0]}`);
  }
});

test("reference: the options that are explained exist", () => {
  for (const [area, find] of [
    ["match option", matchExtension],
    ["target option", targetExtension],
  ] as const) {
    for (const key of REFERENCE[area].keys()) {
      const [owner = "", option = ""] = key.split(" --");
      const found = find("iptables", owner) ?? find("ip6tables", owner);
      assert.ok(
        found?.options.some((one) => one.names[0] === option),
        key,
      );
    }
  }
});

test("reference: tables, built-in chains, families and ct keys are complete", () => {
  for (const table of IPTABLES_TABLES) {
    assert.ok(lookUp("iptables table", table), table);
    for (const [chain, base] of builtinChains(table) ?? []) {
      assert.ok(lookUp("built-in chain", chain), chain);
      assert.ok(lookUp("hook", base.hook), base.hook);
    }
  }
  for (const family of FAMILIES) assert.ok(lookUp("family", family), family);
  for (const key of CT_KEYS) {
    const canonical = key === "proto" ? "protocol" : key;
    if (canonical === "timeout" || canonical === "expectation") continue;
    assert.ok(lookUp("ct", `ct ${canonical}`), key);
  }
});

test("reference: other spellings lead to the same entry", () => {
  assert.equal(lookUpProtocol("ipv6-icmp")?.key, "icmpv6");
  assert.equal(lookUpProtocol("6")?.key, "tcp");
  assert.equal(lookUpIcmpType("135", 6)?.key, "nd-neighbor-solicit");
  assert.equal(lookUpIcmpType("neighbour-solicitation", 6)?.key, "nd-neighbor-solicit");
  assert.equal(lookUpIcmpType("8", 4)?.key, "echo-request");
});

test("reference: nothing is found for the names of JavaScript's own properties", () => {
  for (const key of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
    for (const area of AREAS) assert.equal(lookUp(area, key), undefined);
    assert.equal(lookUpProtocol(key), undefined);
    assert.equal(lookUpIcmpType(key, 4), undefined);
  }
});
