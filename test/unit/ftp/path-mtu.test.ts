import assert from "node:assert/strict";
import { test } from "node:test";
import { Service } from "../../../server/src/service.ts";
import { type Case, overSmallLinks } from "../../kernel/cases.ts";
import { hostOf } from "../../kernel/host.ts";
import { sources } from "../../kernel/product.ts";

// What the kernel does with large files over small links stands in the kernel's tests; here the finding is held
// against it, without a kernel: it is there where some transfer hangs, and only there.

const service = new Service();

const byRuleset = new Map<string, Case[]>();
for (const one of overSmallLinks) {
  const key = `${one.on}/${one.files.join(" ")}`;
  byRuleset.set(key, [...(byRuleset.get(key) ?? []), one]);
}

for (const [name, rows] of byRuleset) {
  test(`${name}: large files are said to hang where they do`, () => {
    const files = sources(hostOf(rows[0]!));
    const settings = { ...service.analyse([]).settings, roles: [rows[0]!.on] };
    const { diagnostics, cases } = service.analyse(files, { settings });
    const said = diagnostics.filter(({ code }) => code === "path-mtu-discovery-blocked");
    for (const family of [4, 6] as const) {
      // A family that the files do not mention is not judged.
      if (!cases.some((one) => one.family === family && one.anchors.length > 0)) continue;
      const hangs = rows.some((row) => row[family === 4 ? "ipv4" : "ipv6"].includes("blocked"));
      const saidHere = said.some(({ finding }) => finding?.cases.some((one) => one.family === family));
      assert.equal(saidHere, hangs, `IPv${family}`);
    }
    const { remaining } = service.fixAll(files, { settings, wanted: ({ code }) => code === said[0]?.code });
    assert.deepEqual(
      remaining.map(({ reason }) => reason),
      [],
    );
  });
}
