import type { Span } from "../text/span.ts";

/**
 * One argument of a command after quoting and expansion. In an iptables-save file the words of a line;
 * in a script what the shell would pass to the program.
 */
export interface Word {
  /** The value; where `unknown` is set, the source text (the value is then not known). */
  readonly text: string;
  /** Where it stands, from the start of its statement. Includes quotes. */
  readonly span: Span;
  /** Why the value is not known, as a noun phrase: "the positional parameter $1". */
  readonly unknown?: string;
}
