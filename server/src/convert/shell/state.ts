import type { FunctionDefinition, ShellFile } from "../../syntax/shell/shell-file.ts";
import { type Field, sameValue, unknown, type Value } from "./value.ts";

/** A file of the script with its name: the script itself or one it sources. */
export interface Unit {
  readonly path: string;
  readonly file: ShellFile;
}

export interface DefinedFunction {
  readonly definition: FunctionDefinition;
  readonly unit: Unit;
}

/** `$1` and following. `open`: what stands behind the known ones comes from outside (the script's own). */
export interface Positional {
  readonly fields: readonly Field[];
  readonly open: boolean;
}

type Entry = Value | DefinedFunction | Positional;
type Touched = ReadonlyMap<string, Entry | undefined>;

const POSITIONAL = "@";

/**
 * Variables, functions and positional parameters. Every write is journalled, so that a branch that may
 * or may not run can be tried and taken back, at the price of what it wrote.
 */
export class State {
  readonly #entries = new Map<string, Entry>();
  readonly #journal: { readonly key: string; readonly before: Entry | undefined }[] = [];
  #depth = 0;

  /** undefined: the script never set it, so it is what the environment says. */
  variable(name: string): Value | undefined {
    return this.#entries.get(`$${name}`) as Value | undefined;
  }

  setVariable(name: string, value: Value | undefined): void {
    this.#write(`$${name}`, value);
  }

  function(name: string): DefinedFunction | undefined {
    return this.#entries.get(`f${name}`) as DefinedFunction | undefined;
  }

  setFunction(name: string, defined: DefinedFunction | undefined): void {
    this.#write(`f${name}`, defined);
  }

  get positional(): Positional {
    return (this.#entries.get(POSITIONAL) as Positional | undefined) ?? { fields: [], open: true };
  }

  set positional(positional: Positional) {
    this.#write(POSITIONAL, positional);
  }

  /** Runs `body`, takes its writes back and returns what they were. */
  attempt(body: () => void): Touched {
    const mark = this.#journal.length;
    this.#depth++;
    try {
      body();
    } finally {
      this.#depth--;
    }
    const touched = new Map<string, Entry | undefined>();
    for (let i = this.#journal.length - 1; i >= mark; i--) {
      const { key, before } = this.#journal[i]!;
      if (!touched.has(key)) touched.set(key, this.#entries.get(key));
      this.#restore(key, before);
    }
    this.#journal.length = mark;
    return touched;
  }

  /** The state after one of several outcomes, we do not know which: what differs becomes unknown. */
  merge(outcomes: readonly Touched[], reason: string): void {
    const keys = new Set(outcomes.flatMap((outcome) => [...outcome.keys()]));
    for (const key of keys) {
      const before = this.#entries.get(key);
      const finals = outcomes.map((outcome) => (outcome.has(key) ? outcome.get(key) : before));
      this.#write(key, mergeEntries(key, finals, reason));
    }
  }

  /** Variables that a loop may have changed any number of times. */
  forget(touched: Touched, reason: string): void {
    for (const key of touched.keys()) {
      if (key.startsWith("$")) this.#write(key, unknown(reason));
      else if (key === POSITIONAL) this.#write(key, { fields: [], open: true });
    }
  }

  #write(key: string, entry: Entry | undefined): void {
    if (this.#depth > 0) this.#journal.push({ key, before: this.#entries.get(key) });
    this.#restore(key, entry);
  }

  #restore(key: string, entry: Entry | undefined): void {
    if (entry === undefined) this.#entries.delete(key);
    else this.#entries.set(key, entry);
  }
}

function mergeEntries(
  key: string,
  finals: readonly (Entry | undefined)[],
  reason: string,
): Entry | undefined {
  const first = finals[0];
  if (finals.every((entry) => entry === first)) return first;
  if (key.startsWith("$")) {
    const values = finals as readonly (Value | undefined)[];
    const one = values[0];
    const same = one !== undefined && values.every((value) => value !== undefined && sameValue(one, value));
    return same ? one : unknown(reason);
  }
  if (key === POSITIONAL) return { fields: [], open: true };
  // A function defined differently in two branches: the first definition stands for both.
  return finals.find((entry) => entry !== undefined);
}
