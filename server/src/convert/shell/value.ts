/** What a shell variable holds, as far as the text tells. */
export type Value =
  | { readonly kind: "known"; readonly text: string }
  /** `reason` is a noun phrase that completes "it depends on …": "the positional parameter $1". */
  | {
      readonly kind: "unknown";
      readonly reason: string;
      /** Stands for the value as a file's name, where it is the same whenever it is read: `/tmp/rules.$$`. */
      readonly fileName?: string;
    }
  /** Certainly not set (`unset X`, a positional parameter that the call does not give). */
  | { readonly kind: "unset" }
  /** By index or, where `keyed`, by any text (`declare -A`); in the order in which they were set. */
  | { readonly kind: "array"; readonly items: ReadonlyMap<string, Value>; readonly keyed: boolean };

/** How a command ended: true is exit status 0, false any other, else why we cannot tell. */
export type Status = boolean | { readonly unknown: string };

export const UNSET: Value = { kind: "unset" };
export const EMPTY: Value = { kind: "known", text: "" };

export function known(text: string): Value {
  return { kind: "known", text };
}

export function unknown(reason: string, fileName?: string): Value {
  return { kind: "unknown", reason, ...(fileName !== undefined && { fileName }) };
}

export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind === "known") return b.kind === "known" && a.text === b.text;
  if (a.kind === "unknown") return b.kind === "unknown" && a.reason === b.reason && a.fileName === b.fileName;
  if (a.kind === "unset") return b.kind === "unset";
  return (
    b.kind === "array" &&
    a.keyed === b.keyed &&
    a.items.size === b.items.size &&
    [...a.items].every(([key, item]) => sameValue(item, b.items.get(key) ?? UNSET))
  );
}

/** A word as the shell passes it to a command: the outcome of all expansions. */
export interface Field {
  /** The value; where `unknown` is set, the source text. */
  readonly text: string;
  readonly unknown?: string;
  /** As that of a value. */
  readonly fileName?: string;
  /** Where it stands in the tree's coordinates of the file whose command is run. */
  readonly start: number;
  readonly end: number;
  /** It came through `"$@"`: the word that the author wrote at the call. */
  readonly passed?: Field;
}

/** One line of source text, short enough for a message. */
export function excerpt(text: string): string {
  const line = text.length > 400 ? text.slice(0, 400) : text;
  const flat = line.replace(/\s+/g, " ").trim();
  return flat.length > 60 ? `${flat.slice(0, 57)}…` : flat;
}
