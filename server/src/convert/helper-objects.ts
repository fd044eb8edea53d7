import type { Operation } from "../model/operation.ts";
import type { RuleBody } from "../model/rule.ts";
import type { Ruleset } from "../model/ruleset.ts";
import { tableKey } from "../model/ruleset.ts";
import type { Problem } from "../text/problem.ts";
import type { Span } from "../text/span.ts";

/**
 * Helper objects that a script's rules name and that no command of it declares, in tables that it makes itself. What a
 * single command says of that is not enough: the object may be another command's. `isScripted`: whether an operation
 * comes from a script; files of nft's are checked as they are read.
 */
export function undefinedHelpers(
  log: readonly Operation[],
  { tables, unknowns }: Ruleset,
  isScripted: (operation: Operation) => boolean,
): Problem[] {
  if (unknowns.length > 0) return [];
  const made = new Set(log.flatMap((one) => (one.op === "addTable" ? [tableKey(one.table)] : [])));
  const declared = new Set(
    log.flatMap((one) => (one.op === "addHelper" ? [`${tableKey(one.table)} ${one.helper.name}`] : [])),
  );
  return log.flatMap((operation) => {
    if (operation.op !== "append" && operation.op !== "insert") return [];
    const named = namedHelper(operation.body);
    const key = tableKey(operation.table);
    const isKnown = named === undefined || !made.has(key) || declared.has(`${key} ${named.name}`);
    if (isKnown || !tables.has(key) || !isScripted(operation)) return [];
    const { family, name } = operation.table;
    const message = `There is no helper object "${named.name}" in table ${family} ${name}: nft refuses the rule. Declare it in this table, for example: ct helper ${named.name} { type "ftp" protocol tcp; }`;
    const origin = { ...operation.origin, span: named.span };
    return [
      { code: "undefined-helper" as const, severity: "error" as const, message, origin, refused: true },
    ];
  });
}

function namedHelper({ items }: RuleBody): { readonly name: string; readonly span: Span } | undefined {
  for (const item of items) {
    if (item.item !== "statement" || item.statement.kind !== "setHelper") continue;
    const { helper, span } = item.statement;
    if (helper.by === "object") return { name: helper.name, span };
  }
  return undefined;
}
