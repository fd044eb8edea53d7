import type { FunctionDefinition, ShellFile } from "../../syntax/shell/shell-file.ts";
import type { StreamPiece } from "./streams.ts";
import { type Field, sameValue, unknown, type Value } from "./value.ts";

/** A text whose commands are run, with the file that it stands in. */
export interface Unit {
  readonly path: string;
  /** Of commands that are made while the script runs (`eval`), all places are that of the command that runs them. */
  readonly file: ShellFile;
  /** The commands are made while the script runs. */
  readonly isMade?: boolean;
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

/** What the script itself wrote into a file. */
export type WrittenFile =
  | { readonly pieces: readonly StreamPiece[] }
  | { readonly unknown: string }
  | "removed";

type Entry = Value | DefinedFunction | Positional | WrittenFile;
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

  /** Functions that are not kept are as if never defined. */
  keepFunctions(isKept: (name: string) => boolean): void {
    for (const key of [...this.#entries.keys()])
      if (key.startsWith("f") && !isKept(key.slice(1))) this.#write(key, undefined);
  }

  /** Options of `set` and `shopt` by their long names; undefined: as at the start. */
  option(name: string): Value | undefined {
    return this.#entries.get(`o${name}`) as Value | undefined;
  }

  setOption(name: string, value: Value): void {
    this.#write(`o${name}`, value);
  }

  isOn(option: string): boolean {
    const value = this.option(option);
    return value?.kind === "known" && value.text === "on";
  }

  alias(name: string): Value | undefined {
    return this.#entries.get(`a${name}`) as Value | undefined;
  }

  setAlias(name: string, value: Value | undefined): void {
    this.#write(`a${name}`, value);
  }

  /** undefined: the script has not touched it. */
  written(path: string): WrittenFile | undefined {
    return this.#entries.get(`>${path}`) as WrittenFile | undefined;
  }

  write(path: string, content: WrittenFile): void {
    this.#write(`>${path}`, content);
  }

  /** Somebody may have set any of them. */
  forgetVariables(value: (name: string) => Value): void {
    for (const key of [...this.#entries.keys()])
      if (/^\$[A-Za-z_]\w*$/.test(key) && key !== "$IFS") this.#write(key, value(key.slice(1)));
  }

  /** The names of variables that are set and begin so, in order. */
  namesWith(prefix: string): string[] {
    const names: string[] = [];
    for (const [key, entry] of this.#entries) {
      if (!key.startsWith(`$${prefix}`) || (entry as Value).kind === "unset") continue;
      if (/^\w+$/.test(key.slice(1))) names.push(key.slice(1));
    }
    return names.sort();
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
      if (isValueKey(key)) this.#write(key, unknown(reason));
      else if (key.startsWith(">")) this.#write(key, { unknown: reason });
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

/** Variables, options and aliases. */
function isValueKey(key: string): boolean {
  return key.startsWith("$") || key.startsWith("o") || key.startsWith("a");
}

function mergeEntries(
  key: string,
  finals: readonly (Entry | undefined)[],
  reason: string,
): Entry | undefined {
  const first = finals[0];
  if (finals.every((entry) => entry === first)) return first;
  if (key.startsWith(">")) return { unknown: reason };
  if (isValueKey(key)) {
    const values = finals as readonly (Value | undefined)[];
    const one = values[0];
    const same = one !== undefined && values.every((value) => value !== undefined && sameValue(one, value));
    return same ? one : unknown(reason);
  }
  if (key === POSITIONAL) return { fields: [], open: true };
  // A function defined differently in two branches: the first definition stands for both.
  return finals.find((entry) => entry !== undefined);
}
