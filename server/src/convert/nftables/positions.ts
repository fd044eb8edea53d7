import { type TableId, tableKey } from "../../model/ruleset.ts";

/** A rule in its chain. */
interface Entry {
  /** From a comment `# handle 5` in the file. */
  readonly written: number | undefined;
  /** How many handles the kernel gives out for it: its own, one for each anonymous set; undefined: not known. */
  readonly handles: () => number | undefined;
  /** The one that it got, once that has been worked out. */
  given?: number;
}

export type { Entry as RuleEntry };

/** What takes a handle besides rules: chains, sets, objects. */
type Named =
  | { readonly add: string }
  | { readonly remove: string }
  | { readonly rename: string; readonly to: string };

interface TableLog {
  readonly chains: Map<string, Entry[]>;
  /** What happened to the table, as far as handles go. */
  readonly events: (Entry | Named)[];
  /** It was made here, so that its handles count from 1. */
  readonly fresh: boolean;
  readonly names: Set<string>;
  /** How many events have been counted, and the handles they took; undefined: no longer known. */
  done: number;
  last: number | undefined;
}

/**
 * Which rule of a chain stands where, and its handle: what a comment of the file says, else what the kernel has given
 * out. It counts chains, sets, objects and rules of a table from 1 and never uses a number again (nf_tables_api.c,
 * nf_tables_alloc_handle). Nothing is counted until a command names a handle.
 */
export class RulePositions {
  readonly #tables = new Map<string, TableLog>();
  /** What was taken away is empty when it is added again. */
  readonly #deleted = new Set<string>();
  #flushed = false;

  /** The table is added; `fresh`: nothing is known to be in it. */
  tableAdded(table: TableId, fresh: boolean): void {
    const key = tableKey(table);
    if (this.#tables.has(key)) return;
    this.#tables.set(key, newLog(fresh || this.#flushed || this.#deleted.has(key)));
  }

  tableDeleted(table: TableId): void {
    this.#tables.delete(tableKey(table));
    this.#deleted.add(tableKey(table));
  }

  rulesetFlushed(): void {
    this.#tables.clear();
    this.#flushed = true;
  }

  /** A chain, set or object: "chain input". */
  added(table: TableId, name: string): void {
    this.#log(table).events.push({ add: name });
  }

  removed(table: TableId, name: string): void {
    this.#log(table).events.push({ remove: name });
  }

  chainRenamed(table: TableId, from: string, to: string): void {
    const log = this.#log(table);
    log.events.push({ rename: `chain ${from}`, to: `chain ${to}` });
    const entries = log.chains.get(from);
    log.chains.delete(from);
    if (entries) log.chains.set(to, entries);
  }

  append(table: TableId, chain: string, entry: Entry): void {
    const log = this.#log(table);
    log.events.push(entry);
    rulesOf(log, chain).push(entry);
  }

  insert(table: TableId, chain: string, index: number, entry: Entry): void {
    const log = this.#log(table);
    log.events.push(entry);
    rulesOf(log, chain).splice(index, 0, entry);
  }

  replace(table: TableId, chain: string, index: number, entry: Entry): void {
    const log = this.#log(table);
    log.events.push(entry);
    rulesOf(log, chain).splice(index, 1, entry);
  }

  remove(table: TableId, chain: string, index: number): void {
    rulesOf(this.#log(table), chain).splice(index, 1);
  }

  /** Forgets the rules of a chain, or of all chains of the table. */
  flush(table: TableId, chain?: string): void {
    const { chains } = this.#log(table);
    if (chain === undefined) chains.clear();
    else chains.delete(chain);
  }

  /** The zero-based index of the rule with this handle. */
  find(table: TableId, chain: string, handle: number): number | undefined {
    const log = this.#log(table);
    const rules = rulesOf(log, chain);
    const written = rules.findIndex((rule) => rule.written === handle);
    if (written >= 0) return written;
    count(log);
    const given = rules.findIndex((rule) => rule.written === undefined && rule.given === handle);
    return given < 0 ? undefined : given;
  }

  #log(table: TableId): TableLog {
    const key = tableKey(table);
    let log = this.#tables.get(key);
    if (!log) {
      log = newLog(false);
      this.#tables.set(key, log);
    }
    return log;
  }
}

function newLog(fresh: boolean): TableLog {
  return { chains: new Map(), events: [], fresh, names: new Set(), done: 0, last: fresh ? 0 : undefined };
}

function rulesOf({ chains }: TableLog, chain: string): Entry[] {
  let rules = chains.get(chain);
  if (!rules) {
    rules = [];
    chains.set(chain, rules);
  }
  return rules;
}

function count(log: TableLog): void {
  for (; log.done < log.events.length && log.last !== undefined; log.done++) {
    const event = log.events[log.done]!;
    if ("handles" in event) {
      const taken = event.handles();
      log.last = taken === undefined ? undefined : log.last + taken;
      if (log.last !== undefined) event.given = log.last;
    } else if ("add" in event) {
      if (!log.names.has(event.add)) log.last++;
      log.names.add(event.add);
    } else if ("remove" in event) log.names.delete(event.remove);
    else {
      log.names.delete(event.rename);
      log.names.add(event.to);
    }
  }
}
