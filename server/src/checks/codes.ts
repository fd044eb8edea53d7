import type { Check, CheckLevel } from "./check.ts";
import { LOAD_ERRORS } from "./load-errors.ts";
import { CHECKS } from "./registry.ts";

/** A code that a diagnostic can have: what settings, comments and `explain` may name. */
export interface Code {
  readonly code: string;
  /** The fact it reports, as one sentence. */
  readonly sentence: string;
  /** How loud it is where nothing is set; absent where that depends on what was found. */
  readonly level?: CheckLevel;
  /** "check": about FTP. "load-error": the real tools would refuse or misread the text. "file": about the files. */
  readonly kind: "check" | "load-error" | "file";
}

/** The codes of what is wrong with comments like `# ftp-firewall: ignore …`. */
export const UNKNOWN_CHECK = "unknown-check";
export const UNKNOWN_DIRECTIVE = "unknown-directive";
export const UNUSED_SUPPRESSION = "unused-suppression";

/** What is found in files besides FTP's troubles and what cannot be loaded. */
const FILE_CODES: readonly Omit<Code, "kind">[] = [
  {
    code: "rules-of-other-file-erased",
    sentence: "A file erases rules that an earlier file of the same host has loaded.",
    level: "info",
  },
  {
    code: "server-configuration",
    sentence:
      "The FTP server does not understand its configuration, or takes it in another way than it looks.",
  },
  {
    code: "syntax-error",
    sentence: "The file cannot be read as a ruleset at this place.",
    level: "error",
  },
  {
    code: UNKNOWN_CHECK,
    sentence: "A comment asks to ignore a check that does not exist.",
    level: "error",
  },
  {
    code: UNKNOWN_DIRECTIVE,
    sentence: "A comment begins with ftp-firewall:, but what follows is not understood.",
    level: "hint",
  },
  {
    code: UNUSED_SUPPRESSION,
    sentence: "A comment asks to ignore what is not found there.",
    level: "hint",
  },
];

/** Every code there is, sorted: the one list from which all others are made. */
export const CODES: readonly Code[] = [
  ...CHECKS.map(codeOfCheck),
  ...Object.entries(LOAD_ERRORS).map(([code, sentence]): Code => ({ code, sentence, kind: "load-error" })),
  ...FILE_CODES.map((one): Code => ({ ...one, kind: "file" })),
].sort((a, b) => (a.code < b.code ? -1 : 1));

const BY_NAME: ReadonlyMap<string, Code> = new Map(CODES.map((one) => [one.code, one]));

export function codeOfCheck({ id, title, severity, defaultLevel }: Check): Code {
  return { code: id, sentence: `${title}.`, level: defaultLevel ?? severity, kind: "check" };
}

export function findCode(code: string): Code | undefined {
  return BY_NAME.get(code);
}

export function codeNames(): IterableIterator<string> {
  return BY_NAME.keys();
}

/** Those of the checks that are to run: a check that is off by default needs a level in the settings. */
export function checksInForce(
  levels: Readonly<Record<string, CheckLevel>>,
  checks: readonly Check[] = CHECKS,
): Check[] {
  return checks.filter(({ id, defaultLevel }) => (levels[id] ?? defaultLevel) !== "off");
}
