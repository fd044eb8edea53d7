import { builtinChains } from "../../model/builtin-chains.ts";
import type { IptablesCommand, IptablesProgram } from "../../syntax/iptables/command.ts";
import type { Word } from "../../syntax/word.ts";
import { rulesOf } from "../iptables/one-address.ts";
import { jumpKind, ruleBody } from "../iptables/rule-body.ts";
import { isMistakenTarget } from "./command-cache.ts";
import type { State } from "./state.ts";
import { EMPTY, known, type Status, UNSET } from "./value.ts";

/*
 * Scripts ask iptables whether it worked: `iptables -C … || iptables -A …`, `iptables -N X || iptables -F X`.
 * For that we remember, among the variables (so that branches take them back), which chains and rules
 * the script has made. It starts from an empty ruleset.
 */

/** Whether the command succeeds. What else can go wrong is taken to go right. */
export function statusOf(state: State, command: IptablesCommand): Status {
  const { operation } = command;
  if (operation === undefined) return true;
  switch (operation.kind) {
    case "check":
    case "delete":
      return operation.kind === "delete" && operation.number !== undefined
        ? true
        : all(ruleTexts(command).map((text) => ruleExists(state, command, text)));
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

/** Takes note of what the command did; of rules only where the script asks for them. */
export function remember(state: State, command: IptablesCommand, asksForRules: boolean): void {
  const { operation } = command;
  switch (operation?.kind) {
    case "append":
    case "insert":
      if (asksForRules) for (const text of ruleTexts(command)) count(state, ruleKey(state, command, text), 1);
      return;
    case "delete":
      if (asksForRules && operation.numberWord === undefined)
        for (const text of ruleTexts(command)) count(state, ruleKey(state, command, text), -1);
      return;
    case "flush":
      if (asksForRules) count(state, flushKey(command, operation.chain?.text), 1);
      return;
    case "newChain":
      state.setVariable(chainKey(state, command), EMPTY);
      return;
    case "deleteChain":
      if (operation.chain !== undefined) state.setVariable(chainKey(state, command), UNSET);
      else count(state, deletionKey(command), 1);
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
  const deleted = counted(state, `deletions ${program} ${table}`);
  return remembered(state, `chain ${program} ${table} ${target}${deleted && ` ${deleted}`}`) !== false;
}

function remembered(state: State, key: string): Status {
  const value = state.variable(key);
  if (value?.kind === "unknown") return { unknown: value.reason };
  return value?.kind === "known";
}

/** A variable that counts: not set is none. What is not known stays so. */
function count(state: State, key: string, change: 1 | -1): void {
  const value = state.variable(key);
  if (value?.kind === "unknown") return;
  const number = (value?.kind === "known" ? Number(value.text) : 0) + change;
  state.setVariable(key, number > 0 ? known(String(number)) : UNSET);
}

/** What is counted, as a part of other keys: what was noted under another number is gone. */
function counted(state: State, key: string): string {
  const value = state.variable(key);
  return value?.kind === "known" ? value.text : "";
}

function all(statuses: readonly Status[]): Status {
  return statuses.find((status) => status === false) ?? statuses.find((status) => status !== true) ?? true;
}

function chainExists(state: State, command: IptablesCommand): Status {
  const chain = command.operation?.chain?.text ?? "";
  if (builtinChains(command.table?.text ?? "filter")?.has(chain)) return true;
  return unsure(state, [deletionKey(command)]) ?? remembered(state, chainKey(state, command));
}

/** Why one of these is not known; undefined where all are. */
function unsure(state: State, keys: readonly string[]): Status | undefined {
  for (const key of keys) {
    const value = state.variable(key);
    if (value?.kind === "unknown") return { unknown: value.reason };
  }
  return undefined;
}

function ruleExists(state: State, command: IptablesCommand, text: string): Status {
  const flushed = [flushKey(command, command.operation?.chain?.text), flushKey(command, undefined)];
  return unsure(state, flushed) ?? remembered(state, ruleKey(state, command, text));
}

function opposite(status: Status): Status {
  return typeof status === "boolean" ? !status : status;
}

/* No variable of the shell has a blank in its name. */

function place({ program, table }: IptablesCommand): string {
  return `${program} ${table?.text ?? "filter"}`;
}

function chainKey(state: State, command: IptablesCommand): string {
  const deleted = counted(state, deletionKey(command));
  return `chain ${place(command)} ${command.operation?.chain?.text ?? ""}${deleted && ` ${deleted}`}`;
}

/** How often all chains of the table were deleted. */
function deletionKey(command: IptablesCommand): string {
  return `deletions ${place(command)}`;
}

/** How often the chain was flushed; without one all chains of the table. */
function flushKey(command: IptablesCommand, chain: string | undefined): string {
  return `flushes ${place(command)} ${chain ?? ""}`;
}

function ruleKey(state: State, command: IptablesCommand, text: string): string {
  const chain = command.operation?.chain?.text ?? "";
  const flushed = [chain, undefined].map((one) => counted(state, flushKey(command, one))).join(" ");
  return `rule ${place(command)} ${chain} ${flushed} ${text}`;
}

/** The rules of a command, each by what tells it apart for iptables. */
function ruleTexts(command: IptablesCommand): string[] {
  return rulesOf(command).map((rule) => {
    const { listed } = ruleBody(
      rule,
      jumpKind(rule, () => true),
    );
    return listed?.((chain) => chain).identity ?? "";
  });
}
