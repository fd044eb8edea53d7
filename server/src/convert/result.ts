import type { Operation } from "../model/operation.ts";
import type { Problem } from "../text/problem.ts";

/** What a file does to the kernel's ruleset, and what is wrong with its text. */
export interface Conversion {
  readonly operations: readonly Operation[];
  readonly problems: readonly Problem[];
  /** Files it includes that the snapshot does not hold yet; the host fetches them and asks again. */
  readonly needs: readonly string[];
}
