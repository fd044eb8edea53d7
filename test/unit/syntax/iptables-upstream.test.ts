import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { convertIptablesCommand } from "../../../server/src/convert/iptables/convert-command.ts";
import type { IptablesProgram } from "../../../server/src/syntax/iptables/command.ts";
import { parseIptablesArguments } from "../../../server/src/syntax/iptables/parse.ts";
import { splitWords } from "../../../server/src/syntax/iptables-save/words.ts";
import { lostWords } from "./iptables-support.ts";

const CORPUS = new URL("../../../../shared/corpus/iptables-upstream/", import.meta.url);

/** One line of iptables' own option tests: `options;canonical;OK` below `:CHAIN,…` and `*table`. */
interface Case {
  readonly program: IptablesProgram;
  readonly line: string;
  readonly ok: boolean;
}

function readCases(folder: URL, name: string): Case[] {
  const cases: Case[] = [];
  let chain = "INPUT";
  let table = "filter";
  for (const line of readFileSync(new URL(name, folder), "utf8").split("\n")) {
    if (line === "" || /^[#@%]/.test(line)) continue;
    if (line.startsWith(":")) {
      chain = line.slice(1).split(",")[0] ?? chain;
      table = "filter";
    } else if (line.startsWith("*")) table = line.slice(1);
    else {
      const [options = "", , verdict] = line.split(";");
      for (const program of programsOf(name, options))
        cases.push({ program, line: `-t ${table} -A ${chain} ${options}`, ok: verdict === "OK" });
    }
  }
  return cases;
}

/** libipt is for IPv4, libip6t for IPv6, libxt for both; 1.8.9 has IPv4 addresses in libxt tests. */
function programsOf(name: string, options: string): IptablesProgram[] {
  if (name.startsWith("libip6t")) return ["ip6tables"];
  const v4 = !name.startsWith("libxt") || /\d+\.\d+\.\d+\.\d+/.test(options);
  return v4 ? ["iptables"] : ["iptables", "ip6tables"];
}

/** CLUSTERIP is gone from the kernel, and refused for that. */
function isOptionTest(file: string): boolean {
  return file.endsWith(".t") && file !== "libipt_CLUSTERIP.t";
}

const NOWHERE = { file: "", statement: { start: 0, end: 0 }, span: { start: 0, end: 0 }, frames: [] };

for (const version of ["1.8.9", "1.8.11"]) {
  test(`every OK line of iptables ${version} is read without a problem`, (t) => {
    const folder = new URL(`${version}/`, CORPUS);
    if (!existsSync(folder)) {
      console.error(`SKIPPED: no corpus at ${folder.pathname}`);
      t.skip("the corpus is not here");
      return;
    }
    const count = { ok: 0, fail: 0, flagged: 0 };
    for (const name of readdirSync(folder).filter(isOptionTest)) {
      for (const { program, line, ok } of readCases(folder, name)) {
        const words = splitWords(line);
        const command = parseIptablesArguments(words, { program, context: "command" });
        const { problems } = convertIptablesCommand(command, { origin: NOWHERE, presence: "certain" });
        assert.deepEqual(lostWords(command, words), [], `${name}: ${program} ${line}`);
        if (ok) {
          count.ok++;
          assert.deepEqual(
            problems.map((problem) => problem.message),
            [],
            `${name}: ${program} ${line}`,
          );
        } else {
          count.fail++;
          if (problems.some((problem) => problem.refused)) count.flagged++;
        }
      }
    }
    t.diagnostic(`${count.ok} OK lines read; ${count.flagged} of ${count.fail} FAIL lines refused`);
    assert.ok(count.ok > 600);
    assert.ok(count.flagged / count.fail > 0.9);
  });
}
