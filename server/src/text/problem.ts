import type { Origin } from "./origin.ts";

export type Severity = "error" | "warning" | "info" | "hint";

/** Something wrong with a file's text, found while parsing or converting it. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  readonly origin: Origin;
  /** Loading the file (in a script: running this one command) fails because of it. */
  readonly refused: boolean;
}

/** What can be wrong with a text or with loading it. Each has a page or a sentence in the documentation. */
export type ProblemCode =
  | "bash-only"
  | "byte-order-mark"
  | "chain-exists"
  | "chain-type-hook-mismatch"
  | "conflicting-protocols"
  | "ct-target-outside-raw"
  | "dos-line-ends"
  | "empty-range"
  | "empty-set"
  | "helper-family-mismatch"
  | "helper-needs-protocol"
  | "helper-protocol-mismatch"
  | "helper-without-type"
  | "include-loop"
  | "interval-flag-missing"
  | "invalid-address"
  | "invalid-chain-name"
  | "invalid-policy"
  | "invalid-prefix"
  | "invalid-value"
  | "jump-loop"
  | "jump-to-base-chain"
  | "jumps-too-deep"
  | "key-mismatch"
  | "list-without-braces"
  | "missing-commit"
  | "nat-before-conntrack"
  | "nat-family-missing"
  | "nat-port-without-protocol"
  | "no-such-object"
  | "redefined-variable"
  | "rules-of-other-file-erased"
  | "set-exists"
  | "set-in-use"
  | "set-without-type"
  | "statement-after-verdict"
  | "statement-in-wrong-chain"
  | "syntax-error"
  | "template-text"
  | "too-many-problems"
  | "undefined-chain"
  | "undefined-helper"
  | "undefined-object"
  | "undefined-set"
  | "undefined-variable"
  | "unknown-chain-type"
  | "unknown-extension"
  | "unknown-helper"
  | "unknown-helper-type"
  | "unknown-hook"
  | "unknown-name"
  | "unknown-priority"
  | "unknown-service"
  | "value-out-of-range"
  | "wrong-chain"
  | "wrong-interface-direction"
  | "wrong-table";
