import type { Operation } from "../../model/operation.ts";
import type { Family, TableId } from "../../model/ruleset.ts";
import { tableKey } from "../../model/ruleset.ts";
import type { Origin } from "../../text/origin.ts";
import type { Problem, ProblemCode } from "../../text/problem.ts";
import type { Reference } from "./builder.ts";
import type { SetTypes } from "./sets.ts";

/** What a file has declared in one table so far. Deleting does not undeclare: order is the fold's business. */
export interface KnownTable {
  readonly id: TableId;
  declared: boolean;
  /** An include that we cannot see may declare more. */
  open: boolean;
  readonly chains: Map<string, { base: boolean }>;
  readonly sets: Map<string, SetTypes | undefined>;
  readonly helpers: Set<string>;
  readonly objects: Set<string>;
  /** Sets that rules add elements to. */
  readonly updated: Set<string>;
}

interface PendingReference {
  readonly table: KnownTable;
  readonly reference: Reference;
  readonly origin: Origin;
}

/** The names a file declares and uses, to find uses of what nobody declares. */
export class Registry {
  readonly #tables = new Map<string, KnownTable>();
  readonly #pending: PendingReference[] = [];

  table(family: Family, name: string): KnownTable {
    const id: TableId = { backend: "nftables", family, name };
    const key = tableKey(id);
    let known = this.#tables.get(key);
    if (!known) {
      known = {
        id,
        declared: false,
        open: false,
        chains: new Map(),
        sets: new Map(),
        helpers: new Set(),
        objects: new Set(),
        updated: new Set(),
      };
      this.#tables.set(key, known);
    }
    return known;
  }

  /** Notes what another program (iptables, a script) has put into the tables before. */
  learn(operations: readonly Operation[]): void {
    for (const operation of operations) {
      if (operation.op === "addChain") {
        const { chains } = this.table(operation.table.family, operation.table.name);
        if (!chains.has(operation.chain)) chains.set(operation.chain, { base: operation.base !== undefined });
      } else if (operation.op === "addSet") {
        const { sets } = this.table(operation.table.family, operation.table.name);
        if (!sets.has(operation.set.name)) sets.set(operation.set.name, undefined);
      } else if (operation.op === "addHelper") {
        this.table(operation.table.family, operation.table.name).helpers.add(operation.helper.name);
      } else if (operation.op === "addObject") {
        this.table(operation.table.family, operation.table.name).objects.add(operation.object.name);
      }
    }
  }

  openAll(): void {
    for (const table of this.#tables.values()) table.open = true;
  }

  refer(table: KnownTable, reference: Reference, origin: Origin): void {
    this.#pending.push({ table, reference, origin });
  }

  /**
   * Problems of the references so far. To be asked behind each block or command: nft adds one after the
   * other, so that only what stands in the same block may come later.
   */
  settle(): Problem[] {
    const found: Problem[] = [];
    for (const { table, reference, origin } of this.#pending.splice(0)) {
      const problem = check(table, reference);
      if (problem) found.push({ ...problem, severity: "error", refused: true, origin });
    }
    return found;
  }
}

function check(table: KnownTable, reference: Reference): { code: ProblemCode; message: string } | undefined {
  const { to, name } = reference;
  if (to === "chain" && table.chains.get(name)?.base) {
    const message = `"${name}" hangs on a hook; the kernel refuses jumps to such chains. Jump to a chain without a hook.`;
    return { code: "jump-to-base-chain", message };
  }
  if (!table.declared || table.open || exists(table, reference)) return undefined;
  const where = `in table ${table.id.family} ${table.id.name}`;
  switch (to) {
    case "chain":
    case "rule-chain":
      return {
        code: "undefined-chain",
        message: `There is no chain "${name}" ${where}: nft refuses the file. Declare it or correct the name.`,
      };
    case "set":
      return {
        code: "undefined-set",
        message: `There is no set or map "@${name}" ${where}: nft refuses the file. Declare it or correct the name.`,
      };
    case "helper":
      return {
        code: "undefined-helper",
        message: `There is no helper object "${name}" ${where}: nft refuses the file. Declare it in this table, for example: ct helper ${name} { type "ftp" protocol tcp; }`,
      };
    case "object":
      return {
        code: "undefined-object",
        message: `There is no object "${name}" ${where}: nft refuses the file. Declare it or correct the name.`,
      };
  }
}

function exists(table: KnownTable, { to, name }: Reference): boolean {
  switch (to) {
    case "chain":
    case "rule-chain":
      return table.chains.has(name);
    case "set":
      return table.sets.has(name);
    case "helper":
      return table.helpers.has(name);
    case "object":
      return table.objects.has(name);
  }
}
