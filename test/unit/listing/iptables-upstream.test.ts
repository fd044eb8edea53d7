import assert from "node:assert/strict";
import { test } from "node:test";
import { upstreamCases, upstreamFolder } from "../syntax/iptables-upstream-cases.ts";
import { listRules } from "./listed.ts";

/** Where the kernel's own nf_tables form says something else than the test, which is about iptables-legacy. */
const MEASURED: Readonly<Record<string, string>> = {
  // The prefix is cut after 127 bytes, not after 63.
  [`-j NFLOG --nflog-prefix ${"x".repeat(65)}`]: `-j NFLOG --nflog-prefix ${"x".repeat(65)}`,
};

test("every OK line of iptables 1.8.9's own tests is printed as they say", (t) => {
  const folder = upstreamFolder("1.8.9");
  if (!folder) {
    console.error("SKIPPED: iptables' own tests are not here");
    t.skip("the corpus is not here");
    return;
  }
  // They try what both programs share with iptables alone.
  const cases = upstreamCases(folder).filter(
    ({ file, program, ok, legacy }) =>
      ok && !legacy && (program === "iptables" || file.startsWith("libip6t")),
  );
  const different: string[] = [];
  for (const { file, program, table, options, saved } of cases) {
    const [listed] = listRules(options, program, table);
    const text = listed?.unknown === undefined ? listed?.text : `${listed.text} ? ${listed.unknown}`;
    if (text !== (MEASURED[options] ?? saved)) different.push(`${file}: ${options}: ${text}`);
  }
  t.diagnostic(`${cases.length - different.length} of ${cases.length} lines`);
  assert.deepEqual(different, []);
  assert.ok(cases.length > 600);
});
