import type { IptablesOption } from "../../syntax/iptables/command.ts";
import { writtenWord } from "./quote.ts";

/** The options that were given to one `-m`, or to the target. */
export class Given {
  readonly #options: readonly IptablesOption[];
  readonly family: 4 | 6;

  constructor(options: readonly IptablesOption[], family: 4 | 6) {
    this.#options = options;
    this.family = family;
  }

  get all(): readonly IptablesOption[] {
    return this.#options;
  }

  /** The last one of that name counts. */
  option(name: string): IptablesOption | undefined {
    return this.#options.findLast((option) => option.name === name);
  }

  has(name: string): boolean {
    return this.option(name) !== undefined;
  }

  /** The option's first value. */
  text(name: string): string | undefined {
    return this.option(name)?.values[0]?.text;
  }

  /** `! ` where the option is negated. */
  not(name: string): string {
    return this.option(name)?.negated ? "! " : "";
  }

  /** Why some value is not known. */
  get unknown(): string | undefined {
    return unknownValue(this.#options);
  }
}

export function unknownValue(options: readonly IptablesOption[]): string | undefined {
  return options.flatMap((option) => option.values).find((value) => value.unknown !== undefined)?.unknown;
}

/** What one extension prints, or a part of it. `unknown`: why that is not certain; it is then as the author wrote it. */
export interface Saved {
  readonly parts: readonly string[];
  readonly unknown?: string;
}

/** An extension's options as iptables-save prints them; undefined where a value cannot be read. */
export type Save = (given: Given) => readonly string[] | undefined;

/** An option as the author wrote it. */
export function writtenOption(option: IptablesOption): string {
  const values = option.values.map((value) =>
    value.unknown === undefined ? writtenWord(value.text) : value.text,
  );
  const written = option.name === "" ? [] : [option.written];
  return [...(option.negated ? ["!"] : []), ...written, ...values].join(" ");
}
