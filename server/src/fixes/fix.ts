import type { TextEdit } from "../text/edit.ts";

/** Two honest ways to let FTP's data connections through. */
export type Strategy = "helper" | "ports";

/**
 * "server": a change of the FTP server's configuration. "comment": of an instruction to this program.
 * "correction": of what the tools refuse.
 */
export type FixKind = Strategy | "server" | "comment" | "correction";

/** A change to one file. */
export interface FileEdit extends TextEdit {
  readonly path: string;
}

/** A change that was applied, read again and simulated, and that repairs a finding. */
export interface Fix {
  readonly title: string;
  readonly kind: FixKind;
  readonly preferred: boolean;
  readonly edits: readonly FileEdit[];
  /** What the user has to do besides, for instance the daemon's passive range. */
  readonly note?: string;
}

/** Why a strategy cannot repair a finding by text. */
export interface Declined {
  readonly kind: FixKind;
  readonly reason: string;
}
