import { builtinChains } from "../../model/builtin-chains.ts";
import type { IptablesCommand, IptablesProgram } from "../../syntax/iptables/command.ts";
import type { Word } from "../../syntax/word.ts";
import { isMistakenTarget } from "./command-cache.ts";
import type { State } from "./state.ts";
import { EMPTY, type Status, UNSET } from "./value.ts";

/*
 * Scripts ask iptables whether it worked: `iptables -C … || iptables -A …`, `iptables -N X || iptables -F X`.
 * For that we remember, among the variables (so that branches take them back), which chains and rules
 * the script has made. It starts from an empty ruleset.
 */

/** Whether the command succeeds. What else can go wrong is taken to go right. */
export function statusOf(state: State, command: IptablesCommand, argv: readonly Word[]): Status {
  const { operation } = command;
  if (operation === undefined) return true;
  switch (operation.kind) {
    case "check":
    case "delete":
      return operation.kind === "delete" && operation.number !== undefined
        ? true
        : remembered(state, ruleKey(command, argv));
    case "newChain":
      return opposite(chainExists(state, command));
    case "list":
    case "listRules":
    case "deleteChain":
    case "flush":
      return operation.chain === undefined ? true : chainExists(state, command);
    default:
      return true;
  }
}

/** Takes note of what the command did; of rules only where their words are given. */
export function remember(state: State, command: IptablesCommand, argv: readonly Word[] | undefined): void {
  const { operation } = command;
  switch (operation?.kind) {
    case "append":
    case "insert":
      if (argv) state.setVariable(ruleKey(command, argv), EMPTY);
      return;
    case "delete":
      if (argv) state.setVariable(ruleKey(command, argv), UNSET);
      return;
    case "newChain":
      state.setVariable(chainKey(command), EMPTY);
      return;
    case "deleteChain":
      if (operation.chain !== undefined) state.setVariable(chainKey(command), UNSET);
      return;
    default:
  }
}

/** Whether a command jumps to a chain that is named like a target, and that the script has made. */
export function jumpsToOwnChain(state: State, program: IptablesProgram, argv: readonly Word[]): boolean {
  const after = (short: string, long: string) =>
    argv[argv.findIndex(({ text }) => text === short || text === long) + 1]?.text;
  const target = after("-j", "--jump") ?? "";
  if (!isMistakenTarget(program, target)) return false;
  const table = argv.some(({ text }) => text === "-t" || text === "--table")
    ? after("-t", "--table")
    : "filter";
  return remembered(state, `chain ${program} ${table} ${target}`) !== false;
}

function remembered(state: State, key: string): Status {
  const value = state.variable(key);
  if (value?.kind === "unknown") return { unknown: value.reason };
  return value?.kind === "known";
}

function chainExists(state: State, command: IptablesCommand): Status {
  const chain = command.operation?.chain?.text ?? "";
  if (builtinChains(command.table?.text ?? "filter")?.has(chain)) return true;
  return remembered(state, chainKey(command));
}

function opposite(status: Status): Status {
  return typeof status === "boolean" ? !status : status;
}

/** No variable of the shell has a blank in its name. */
function chainKey(command: IptablesCommand): string {
  return `chain ${command.program} ${command.table?.text ?? "filter"} ${command.operation?.chain?.text ?? ""}`;
}

function ruleKey(command: IptablesCommand, argv: readonly Word[]): string {
  const { operation, table } = command;
  const rest = argv.filter(
    (word) => !isWithin(word, operation?.span) && word !== table && word.text !== "-t",
  );
  const texts = rest.map((word) => word.text).join(" ");
  return `rule ${command.program} ${table?.text ?? "filter"} ${operation?.chain?.text ?? ""} ${texts}`;
}

function isWithin(word: Word, outer: { readonly start: number; readonly end: number } | undefined): boolean {
  return outer !== undefined && outer.start <= word.span.start && word.span.end <= outer.end;
}
