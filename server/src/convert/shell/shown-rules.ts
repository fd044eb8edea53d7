import { listIptables } from "../../listing/iptables-save.ts";
import type { ListingLine } from "../../listing/listing.ts";
import type { IptablesCommand } from "../../syntax/iptables/command.ts";
import type { Command } from "../../syntax/shell/shell-file.ts";
import type { Interpreter } from "./interpreter.ts";
import { printText, printUnknown } from "./printing.ts";
import { excerpt, type Field, type Status } from "./value.ts";

/** `-S` and `-L` print. */
export function shows({ operation }: IptablesCommand): boolean {
  return operation?.kind === "listRules" || operation?.kind === "list";
}

/** What `iptables -S [CHAIN]` prints; the columns of `-L` are not followed. */
export function printRules(
  interpreter: Interpreter,
  command: Command,
  { operation, table, program }: IptablesCommand,
): void {
  if (interpreter.output === undefined) return;
  if (operation?.kind !== "listRules" || operation.number !== undefined) {
    printUnknown(interpreter, command);
    return;
  }
  const name = table?.text ?? "filter";
  const chain = operation.chain?.text;
  const lines = linesOf(interpreter, program === "iptables" ? 4 : 6);
  if (typeof lines === "string") {
    printUnknown(interpreter, command, lines);
    return;
  }
  const own = lines.slice(lines.indexOf(`*${name}`) + 1);
  const end = own.indexOf("COMMIT");
  const shown = lines.includes(`*${name}`) ? own.slice(0, end) : [];
  const rules = shown
    .flatMap((line) => asShown(line))
    .filter((line) => chain === undefined || line.split(" ")[1] === chain);
  printText(interpreter, command, rules.map((line) => `${line}\n`).join(""));
}

/** `:INPUT DROP [0:0]` is `-P INPUT DROP`, `:own - [0:0]` is `-N own`. */
function asShown(line: string): string[] {
  const [, chain, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
  if (chain === undefined) return [line];
  return [policy === "-" ? `-N ${chain}` : `-P ${chain} ${policy}`];
}

/** The lines that iptables-save would print, or why one of them is not known. */
function linesOf(interpreter: Interpreter, family: 4 | 6): string[] | string {
  const { ruleset, unknown } = interpreter.live.ruleset();
  const lines: readonly ListingLine[] = listIptables(ruleset, family)?.lines ?? [];
  return unknown ?? lines.find(({ doubt }) => doubt !== undefined)?.doubt ?? lines.map(({ text }) => text);
}

/** `iptables-save [-t TABLE]`, without the comments that tell the date. */
export function runSave(
  interpreter: Interpreter,
  command: Command,
  fields: readonly Field[],
  family: 4 | 6,
): Status {
  if (interpreter.output === undefined) return true;
  const at = fields.findIndex(({ text }) => text === "-t" || text === "--table");
  const wanted = at >= 0 ? fields[at + 1]?.text : undefined;
  const missing = fields.find((field) => field.unknown !== undefined)?.unknown;
  const lines = missing ?? linesOf(interpreter, family);
  if (typeof lines === "string") {
    printUnknown(
      interpreter,
      command,
      `what ${excerpt(command.name?.text ?? "iptables-save")} prints (${lines})`,
    );
    return true;
  }
  const parts = lines.join("\n").split(/(?<=^COMMIT)\n/m);
  const chosen = parts.filter(
    (part) => part !== "" && (wanted === undefined || part.startsWith(`*${wanted}\n`)),
  );
  printText(interpreter, command, chosen.map((part) => `${part}\n`).join(""));
  return true;
}
