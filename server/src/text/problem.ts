import type { Origin } from "./origin.ts";

export type Severity = "error" | "warning" | "info" | "hint";

/** Something wrong with a file's text, found while parsing or converting it. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly origin: Origin;
  /** Loading the file (in a script: running this one command) fails because of it. */
  readonly refused: boolean;
}
