import { convertNft, createNftSession } from "../../../server/src/convert/nftables/convert.ts";
import { listNft } from "../../../server/src/listing/nft-ruleset.ts";
import { foldOperations } from "../../../server/src/model/fold.ts";
import type { Operation } from "../../../server/src/model/operation.ts";
import { parseNft } from "../../../server/src/syntax/nftables/parse.ts";

/** What nft prints after loading a text; what is not certain stands behind `##`. */
export function listed(text: string): string {
  return shown(operationsOf(text));
}

/** What nft prints after the commands of one script, each by an nft of its own. */
export function listedAfter(...commands: readonly string[]): string {
  const session = createNftSession();
  return shown(commands.flatMap((command) => operationsOf(command, session)));
}

export function operationsOf(text: string, session = createNftSession()): readonly Operation[] {
  const context = { path: "test.nft", resolve: () => "missing" as const, session };
  return convertNft(parseNft(text), context, { partial: true }).operations;
}

export function shown(operations: readonly Operation[]): string {
  const { ruleset } = foldOperations(operations);
  const lines = listNft(ruleset)?.lines ?? [];
  return lines.map(({ text, doubt }) => (doubt === undefined ? text : `${text} ## ${doubt}`)).join("\n");
}

/** A rule as nft prints it in a chain of this family and type. */
export function listedRule(rule: string, family = "inet", type = "filter hook input priority 0"): string {
  const text = listed(`table ${family} t {\nchain c {\ntype ${type}; policy accept;\n${rule}\n}\n}`);
  return text.split("\n").slice(3, -2).join("\n").trim();
}
