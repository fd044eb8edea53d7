import type { IptablesProgram } from "../../syntax/iptables/command.ts";
import type { Word } from "../../syntax/word.ts";
import { iptablesTable } from "../iptables/tables.ts";
import { isMistakenTarget } from "./command-cache.ts";
import type { Interpreter } from "./interpreter.ts";

/** Whether a command jumps to a chain that is named like a target, and that the script has made. */
export function jumpsToOwnChain(
  { live, presence }: Interpreter,
  program: IptablesProgram,
  argv: readonly Word[],
): boolean {
  const after = (short: string, long: string) =>
    argv[argv.findIndex(({ text }) => text === short || text === long) + 1]?.text;
  const target = after("-j", "--jump") ?? "";
  if (!isMistakenTarget(program, target)) return false;
  const name = argv.some(({ text }) => text === "-t" || text === "--table")
    ? after("-t", "--table")
    : "filter";
  const table = iptablesTable(program === "iptables" ? "ip" : "ip6", name ?? "filter");
  return table !== undefined && live.hasChain(table, target, presence) !== false;
}
