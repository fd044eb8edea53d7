import { convertIptablesCommand } from "../../../server/src/convert/iptables/convert-command.ts";
import { listIptables } from "../../../server/src/listing/iptables-save.ts";
import type { ListingLine } from "../../../server/src/listing/listing.ts";
import type { Listed } from "../../../server/src/model/rule.ts";
import { Service } from "../../../server/src/service.ts";
import type { Dialect } from "../../../server/src/syntax/dialect.ts";
import { parseIptablesArguments } from "../../../server/src/syntax/iptables/parse.ts";
import { splitWords } from "../../../server/src/syntax/iptables-save/words.ts";

const NOWHERE = { file: "", statement: { start: 0, end: 0 }, span: { start: 0, end: 0 }, frames: [] };

/**
 * What iptables-save prints behind the chain of the rules that a command adds, in the order in which it adds them.
 * `line` is what stands behind `-A CHAIN`, with the quotes of a save file; a word with `$` has an unknown value.
 */
export function listRules(
  line: string,
  program: "iptables" | "ip6tables" = "iptables",
  table = "filter",
): Listed[] {
  const words = splitWords(`-A chain ${line}`).map((word) =>
    word.text.includes("$") ? { ...word, unknown: `the variable ${word.text}` } : word,
  );
  const command = parseIptablesArguments(words, { program, context: "command" });
  const { operations } = convertIptablesCommand(command, {
    origin: NOWHERE,
    presence: "certain",
    table,
    keepRefused: true,
  });
  return operations.flatMap((operation) =>
    operation.op === "append" ? (operation.body.listed?.((chain) => chain) ?? []) : [],
  );
}

/** The lines of iptables-save after loading, or of ip6tables-save; with a doubt behind `  ?`. */
export function saved(text: string, dialect: Dialect = "shell", family: 4 | 6 = 4): string {
  const { ruleset } = new Service().load([{ path: "f", text, dialect, family }]);
  return (listIptables(ruleset, family)?.lines ?? []).map(showLine).join("\n");
}

function showLine({ text, doubt }: ListingLine): string {
  return doubt === undefined ? text : `${text}  ? ${doubt}`;
}
