import assert from "node:assert/strict";
import { test } from "node:test";
import { PROTOCOLS } from "../../../server/src/syntax/nftables/names.ts";
import { corpusFiles, skipWithoutCorpus } from "../syntax/nftables-corpus.ts";
import { listedRule } from "./nft-support.ts";

/** nft's own tests of rules: `rule;ok` prints as it stands, `rule;ok;canonical form` as the third column says. */
const TESTS = "nft-upstream/1.0.6/py";

/** Rules whose text depends on the machine, or that are left as they are written; the listing says so. */
const UNKNOWN: Readonly<Record<string, string>> = {
  'meta skuid {"bin", "root", "daemon"} accept': "users have other numbers elsewhere",
  'meta skuid != {"bin", "root", "daemon"} accept': "users have other numbers elsewhere",
  'meta skgid {"bin", "root", "daemon"} accept': "groups have other numbers elsewhere",
  'meta skgid != {"bin", "root", "daemon"} accept': "groups have other numbers elsewhere",
  "meta time 12341234 drop": "it is shown in the local time zone",
  "@ll,0,1 1": "single bits of raw bytes",
};

interface Line {
  readonly at: string;
  readonly family: string;
  readonly type: string;
  readonly rule: string;
  readonly want: string;
}

test("nft's tests print as they say", (t) => {
  const files = corpusFiles(TESTS, [".t"]);
  if (!files) {
    skipWithoutCorpus(t, TESTS);
    return;
  }
  const lines = files.flatMap(({ name, text }) => linesOf(name, text));
  assert.ok(lines.length > 4500, `${lines.length} lines`);
  const wrong: string[] = [];
  const unknown = new Set<string>();
  for (const { at, family, type, rule, want } of lines) {
    const got = listedRule(rule, family, type);
    if (got.includes(" ## ")) unknown.add(rule);
    else if (comparable(got) !== comparable(want))
      wrong.push(`${at} ${family}\n  wrote ${rule}\n  want  ${want}\n  got   ${got}`);
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual([...unknown].sort(), Object.keys(UNKNOWN).sort());
});

function linesOf(name: string, text: string): Line[] {
  const types = new Map<string, string>();
  const tables: { family: string; chains: string[] }[] = [];
  const found: Line[] = [];
  text.split("\n").forEach((line, index) => {
    if (line.startsWith(":")) {
      const [chain = "", type = ""] = line.slice(1).split(";");
      types.set(chain, type.replace(/^type /, ""));
    } else if (line.startsWith("*")) {
      const [family = "", , chains = ""] = line.slice(1).split(";");
      tables.push({ family, chains: chains.split(",") });
    } else if (/^[^#\-!?%\s].*;ok(?:;|$)/.test(line)) {
      const [rule = "", , canonical] = line.split(";");
      for (const { family, chains } of tables)
        for (const chain of chains) {
          const type = types.get(chain) ?? "";
          found.push({ at: `${name}:${index + 1}`, family, type, rule, want: canonical ?? rule });
        }
    }
  });
  return found;
}

/** nft's tests compare without counters, with protocols as numbers, and sets in any order. */
function comparable(text: string): string {
  return text
    .replace(/counter packets \d+ bytes \d+/g, "counter")
    .replace(
      /((?:protocol|nexthdr|l4proto)(?: !=| set)? )(\{[^}]*\}|\S+)/g,
      (_, head, value) => head + numbered(value),
    )
    .replace(/\. ([a-z]+) \./g, (_, name) => `. ${numbered(name)} .`)
    .replace(/\{([^{}]*)\}/g, (_, inner: string) => {
      const elements = inner
        .split(",")
        .map((one) => one.trim().replace(/\s*([:-])\s+|\s+([:-])\s*/g, "$1$2"));
      return `{${elements.sort().join(",")}}`;
    })
    .replace(/\s+/g, " ")
    .trim();
}

function numbered(value: string): string {
  return value.replace(/[a-z][a-z0-9-]*/g, (name) => String(PROTOCOLS.get(name) ?? name));
}
