import type { SafeTrial } from "../fixes/try-safely.ts";

/** What is shown after a fix. How to try a dialect's rules safely is said once: it is always the same. */
export class Notes {
  readonly #told = new Set<string>();

  /** The message for the arguments of the command SHOW_NOTE, which come back from the editor; empty for none. */
  textOf([note, trials]: readonly unknown[]): string {
    const parts = typeof note === "string" && note !== "" ? [note] : [];
    for (const { dialect, sentence } of Array.isArray(trials) ? trials.filter(isTrial) : []) {
      if (!this.#told.has(dialect)) parts.push(sentence);
      this.#told.add(dialect);
    }
    return parts.join(" ");
  }
}

function isTrial(value: unknown): value is SafeTrial {
  if (typeof value !== "object" || value === null) return false;
  return "dialect" in value && "sentence" in value && typeof value.sentence === "string";
}
