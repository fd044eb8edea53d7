import { builtinChains } from "./builtin-chains.ts";
import type { Operation } from "./operation.ts";
import { type TableId, tableKey, type Unknown } from "./ruleset.ts";

type UnknownOperation = Operation & { readonly op: "unknown" };

interface Doubt {
  readonly unknown: Unknown;
  /** What has to be made anew for it not to matter any more; undefined: all there is. */
  readonly open: Set<string> | undefined;
}

const flushKey = (table: TableId) => `${tableKey(table)} flush`;
const policyKey = (table: TableId, chain: string) => `${tableKey(table)} policy ${chain}`;

/**
 * What may have changed the ruleset in ways that cannot be told, until something takes all that it can have left:
 * the chains of a table emptied and their policies set. What other chains hold is reached by nothing then.
 */
export class Doubts {
  #doubts: Doubt[] = [];

  add({ fact, origin, table, tables }: UnknownOperation): void {
    for (const one of tables ?? [table]) {
      const open = one?.backend === "iptables" ? new Set(whatTheTableHolds(one)) : undefined;
      this.#doubts.push({ unknown: { fact, origin, ...(one && { table: one }) }, open });
    }
  }

  /** To be told of every operation that certainly runs. */
  settle(operation: Operation): void {
    if (this.#doubts.length === 0 || operation.presence !== "certain") return;
    if (operation.op === "flushRuleset" && operation.family === undefined) this.#doubts = [];
    const settled = settledBy(operation);
    if (settled.length === 0) return;
    for (const key of settled) for (const { open } of this.#doubts) open?.delete(key);
    this.#doubts = this.#doubts.filter(({ open }) => open === undefined || open.size > 0);
  }

  get unknowns(): Unknown[] {
    return this.#doubts.map(({ unknown }) => unknown);
  }
}

function whatTheTableHolds(table: TableId): string[] {
  const chains = table.name === "filter" ? [...(builtinChains(table.name)?.keys() ?? [])] : [];
  return [flushKey(table), ...chains.map((chain) => policyKey(table, chain))];
}

function settledBy(operation: Operation): string[] {
  switch (operation.op) {
    case "resetTable":
      return whatTheTableHolds(operation.table);
    case "flushChain":
      return operation.chain === undefined ? [flushKey(operation.table)] : [];
    case "setPolicy":
      return [policyKey(operation.table, operation.chain)];
    default:
      return [];
  }
}
