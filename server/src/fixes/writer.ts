import type { LoadedFile } from "../convert/host.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain, Family, Ruleset } from "../model/ruleset.ts";
import type { Insertion } from "./lines.ts";
import type { Need } from "./need.ts";
import type { TextChange } from "./rule-changes.ts";
import { sameText } from "./site.ts";

/** An insertion into one of the host's files. */
export interface Candidate extends Insertion {
  readonly file: string;
  /** Changes of the author's own rules in the place of an insertion. */
  readonly changes?: readonly TextChange[];
  /** The rules that these are about. */
  readonly changed?: readonly Rule[];
  /** The text without the check before it, to see how often the place is run. */
  readonly withoutCheck?: string;
  /** It stands where the author's rule is made again for other values, and does not depend on these. */
  readonly isRepeated?: boolean;
  /** The rule is of use to tables of this family alone. */
  readonly onlyFor?: Family;
}

/** What a dialect writer works on: the host as it is now. */
export interface WriterContext {
  readonly files: readonly LoadedFile[];
  readonly ruleset: Ruleset;
  /** The rule that permits the control connection, and its chain. */
  readonly anchor: Rule;
  readonly anchorChain: Chain;
}

/** Turns a need into texts, in the author's style: the likeliest place first. */
export interface Writer {
  /** A text: why the rule cannot be written. */
  accept(
    context: WriterContext,
    need: Need & { kind: "accept" },
    stopRule: Rule | undefined,
  ): Candidate[] | string;
  assignHelper(context: WriterContext, need: Need & { kind: "assign-helper" }): Candidate[];
}

/** The chain that holds a rule of this text. */
export function chainOf(ruleset: Ruleset, rule: Rule): Chain | undefined {
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      if (chain.rules.includes(rule)) return chain;
    }
  }
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      if (chain.rules.some((one) => sameText(one, rule))) return chain;
    }
  }
  return undefined;
}

export function fileOf(files: readonly LoadedFile[], path: string): LoadedFile | undefined {
  return files.find((file) => file.source.path === path);
}
