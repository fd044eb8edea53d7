import { readFileSync } from "node:fs";
import type { IptablesProgram } from "../../server/src/syntax/iptables/command.ts";

/*
 * What was recorded of the real iptables-save. The unit tests compare the product with it, the tests that have root the
 * real program.
 */

export interface RuleCase {
  readonly program: IptablesProgram;
  readonly table: string;
  /** Behind the chain, in the quotes of a save file. */
  readonly written: string;
  /** Behind the chain; may be nothing. */
  readonly saved: string;
}

const RULES = new URL("save-rules.txt", import.meta.url);

export function ruleCases(): RuleCase[] {
  const cases: RuleCase[] = [];
  let place: Pick<RuleCase, "program" | "table"> = { program: "iptables", table: "filter" };
  const lines = readFileSync(RULES, "utf8").split("\n");
  for (const [i, line] of lines.entries()) {
    const section = /^\[(iptables|ip6tables) (\w+)\]$/.exec(line);
    if (section)
      place = { program: section[1] === "ip6tables" ? "ip6tables" : "iptables", table: section[2] ?? "" };
    else if (/^[-!]/.test(line)) cases.push({ ...place, written: line, saved: lines[i + 1]?.trim() ?? "" });
  }
  return cases;
}

export interface ScriptCase {
  readonly name: string;
  readonly script: string;
  /** The lines of iptables-save, then those of ip6tables-save. */
  readonly saved: string;
}

export const SCRIPTS = new URL("save-scripts.txt", import.meta.url);

export function scriptCases(): ScriptCase[] {
  const [, ...blocks] = readFileSync(SCRIPTS, "utf8").split(/^---- /m);
  return blocks.map((block) => {
    const [head = "", saved = ""] = block.split(/^====\n/m);
    const [name = "", ...script] = head.split("\n");
    return { name, script: script.join("\n"), saved };
  });
}
