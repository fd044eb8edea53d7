import type { Command } from "../../syntax/shell/shell-file.ts";
import { type CachedCommand, conversionOf } from "./command-cache.ts";
import type { Interpreter } from "./interpreter.ts";
import { runIpset } from "./ipset-command.ts";
import { runNft } from "./nft-command.ts";
import { jumpsToOwnChain } from "./own-chains.ts";
import type { Recognised } from "./programs.ts";
import { COST_OF_RULE, runRestore } from "./restore-command.ts";
import { findSite, indentOf } from "./rule-site.ts";
import { printRules, runSave, shows } from "./shown-rules.ts";
import type { Field, Status } from "./value.ts";

/** Runs iptables, ip6tables, one of their -restore programs, or nft. */
export function runFirewallCommand(
  interpreter: Interpreter,
  command: Command,
  fields: readonly Field[],
  recognised: Recognised,
): Status {
  if (recognised.guessed !== undefined)
    interpreter.recorder.note(`${recognised.guessed} is taken to be ${programOf(recognised)}.`);
  switch (recognised.tool.kind) {
    case "iptables":
      return runIptables(interpreter, command, fields, recognised.first, recognised.tool.program);
    case "restore":
      return runRestore(interpreter, command, fields.slice(recognised.first), recognised.tool.program);
    case "save":
      return runSave(
        interpreter,
        command,
        fields.slice(recognised.first),
        recognised.tool.program === "iptables" ? 4 : 6,
      );
    case "nft":
      return runNft(interpreter, command, fields.slice(recognised.first));
    case "ipset":
      return runIpset(interpreter, command, fields.slice(recognised.first));
  }
}

function programOf(recognised: Recognised): string {
  const { tool } = recognised;
  return "program" in tool ? tool.program : tool.kind;
}

function runIptables(
  interpreter: Interpreter,
  command: Command,
  fields: readonly Field[],
  first: number,
  program: "iptables" | "ip6tables",
): Status {
  const site = findSite(interpreter, command, fields, first);
  const { argv, statement, frames, programSpan, prefixLength, unit } = site;
  const { presence, recorder } = interpreter;
  const cached = conversionOf(interpreter.cache, program, argv, jumpsToOwnChain(interpreter, program, argv));
  // Of a command that is made while the script runs only its words are known, not where they stand.
  const written = unit.isMade
    ? { program: wordsOf(fields.slice(0, first)), prefixLength: 0 }
    : { program: unit.file.text.slice(programSpan.start, programSpan.end), prefixLength };
  recorder.call({
    file: unit.path,
    statement,
    ...written,
    programSpan,
    tool: program,
    argv,
    frames,
    presence,
    command: cached.command,
    indent: indentOf(unit.file.text, statement.start),
  });
  const status = outcome(interpreter, cached);
  if (shows(cached.command)) printRules(interpreter, command, cached.command);
  const span = { start: 0, end: statement.end - statement.start };
  if (cached.operations.length > 1) interpreter.expanded(cached.operations.length * COST_OF_RULE);
  for (const operation of cached.operations) {
    const origin = { file: unit.path, statement, span, frames };
    const mayFail = interpreter.hidesComplaints && CLEARS_OR_MAKES.has(operation.op);
    recorder.operation({ ...operation, origin, presence, ...(mayFail && { mayFail }) });
  }
  for (const problem of cached.problems)
    recorder.problem({ ...problem, origin: { ...problem.origin, file: unit.path, statement, frames } });
  return status;
}

function wordsOf(fields: readonly Field[]): string {
  return fields.map(({ text }) => text).join(" ");
}

/** Scripts that may be run again take away what an earlier run left, and make what it made: either may fail. */
const CLEARS_OR_MAKES: ReadonlySet<string> = new Set([
  "deleteRule",
  "deleteChain",
  "flushChain",
  "addChain",
  "renameChain",
]);

/** What never depends on what is there already. */
const ALWAYS_DONE: ReadonlySet<string> = new Set(["policy", "help", "version"]);

/** Whether the command succeeds. */
function outcome(interpreter: Interpreter, cached: CachedCommand): Status {
  const unclear = cached.operations.find((operation) => operation.op === "unknown");
  if (unclear?.op === "unknown") return { unknown: unclear.fact };
  if (cached.problems.some((problem) => problem.refused && problem.severity === "error")) return false;
  const kind = cached.command.operation?.kind;
  if (kind === undefined || ALWAYS_DONE.has(kind)) return true;
  return interpreter.live.statusOf(cached.command, interpreter.presence);
}
