import assert from "node:assert/strict";
import { test } from "node:test";
import { convertIptablesCommand } from "../../../server/src/convert/iptables/convert-command.ts";
import { parseIptablesArguments } from "../../../server/src/syntax/iptables/parse.ts";
import { splitWords } from "../../../server/src/syntax/iptables-save/words.ts";
import { lostWords } from "./iptables-support.ts";
import { upstreamCases, upstreamFolder } from "./iptables-upstream-cases.ts";

const NOWHERE = { file: "", statement: { start: 0, end: 0 }, span: { start: 0, end: 0 }, frames: [] };

for (const version of ["1.8.9", "1.8.11"]) {
  test(`every OK line of iptables ${version} is read without a problem`, (t) => {
    const folder = upstreamFolder(version);
    if (!folder) {
      console.error("SKIPPED: iptables' own tests are not here");
      t.skip("the corpus is not here");
      return;
    }
    const count = { ok: 0, fail: 0, flagged: 0 };
    for (const { file, program, table, chain, options, ok } of upstreamCases(folder)) {
      const line = `-t ${table} -A ${chain} ${options}`;
      const words = splitWords(line);
      const command = parseIptablesArguments(words, { program, context: "command" });
      const { problems } = convertIptablesCommand(command, { origin: NOWHERE, presence: "certain" });
      assert.deepEqual(lostWords(command, words), [], `${file}: ${program} ${line}`);
      if (ok) {
        count.ok++;
        assert.deepEqual(
          problems.map((problem) => problem.message),
          [],
          `${file}: ${program} ${line}`,
        );
      } else {
        count.fail++;
        if (problems.some((problem) => problem.refused)) count.flagged++;
      }
    }
    t.diagnostic(`${count.ok} OK lines read; ${count.flagged} of ${count.fail} FAIL lines refused`);
    assert.ok(count.ok > 600);
    assert.ok(count.flagged / count.fail > 0.9);
  });
}
