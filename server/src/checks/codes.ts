import type { Severity } from "../text/problem.ts";
import type { Check, CheckLevel } from "./check.ts";
import { LOAD_ERRORS, type LoadErrorCode, SOFTER } from "./load-errors.ts";
import { CHECKS } from "./registry.ts";

/** A code that a diagnostic can have: what settings, comments and `explain` may name. */
export interface Code {
  readonly code: string;
  /** The fact it reports, in one line, with no full stop. */
  readonly title: string;
  /** How loud it is when it is reported, unless settings or what the files do not say make it something else. */
  readonly severity: Severity;
  /** How loud it is where nothing is set; absent where that depends on what was found. */
  readonly level?: CheckLevel;
  /** "check": about FTP. "load-error": the real tools would refuse or misread the text. "file": about the files. */
  readonly kind: "check" | "load-error" | "file";
  /** Whether a quick fix can mend it. */
  readonly fixable: boolean;
  /** Whether it has a page in docs/checks; others have this one line. */
  readonly hasPage: boolean;
}

/** The codes of what is wrong with comments like `# ftp-firewall: ignore …`. */
export const UNKNOWN_CHECK = "unknown-check";
export const UNKNOWN_DIRECTIVE = "unknown-directive";
export const UNUSED_SUPPRESSION = "unused-suppression";
export const UNUSED_ASSUMPTION = "unused-assumption";

/** What is found in files besides FTP's troubles and what cannot be loaded. */
const FILE_CODES: readonly Omit<Code, "kind" | "hasPage">[] = [
  {
    code: "rules-of-other-file-erased",
    title: "A file erases rules that an earlier file of the same host has loaded",
    severity: "info",
    level: "info",
    fixable: false,
  },
  {
    code: "server-configuration",
    title: "The FTP server does not understand its configuration, or takes it in another way than it looks",
    severity: "warning",
    fixable: false,
  },
  {
    code: "syntax-error",
    title: "The file cannot be read as a ruleset at this place",
    severity: "error",
    level: "error",
    fixable: false,
  },
  {
    code: UNKNOWN_CHECK,
    title: "A comment asks to ignore a check that does not exist",
    severity: "error",
    level: "error",
    fixable: true,
  },
  {
    code: UNKNOWN_DIRECTIVE,
    title: "A comment begins with ftp-firewall:, but what follows is not understood",
    severity: "hint",
    level: "hint",
    fixable: true,
  },
  {
    code: UNUSED_ASSUMPTION,
    title: "A comment assumes a value for a variable that the script does not read, or sets itself",
    severity: "hint",
    level: "hint",
    fixable: true,
  },
  {
    code: UNUSED_SUPPRESSION,
    title: "A comment asks to ignore what is not found there",
    severity: "hint",
    level: "hint",
    fixable: true,
  },
];

/** Every code there is, sorted: the one list from which all others are made. */
export const CODES: readonly Code[] = [
  ...CHECKS.map(codeOfCheck),
  ...FILE_CODES.map((one): Code => ({ ...one, kind: "file", hasPage: true })),
  ...Object.entries(LOAD_ERRORS).map(codeOfLoadError),
].sort((a, b) => (a.code < b.code ? -1 : 1));

const BY_NAME: ReadonlyMap<string, Code> = new Map(CODES.map((one) => [one.code, one]));

export function codeOfCheck({ id, title, severity, defaultLevel, repair }: Check): Code {
  const level = defaultLevel ?? severity;
  return { code: id, title, severity, level, kind: "check", fixable: repair !== "none", hasPage: true };
}

function codeOfLoadError([code, sentence]: [code: string, sentence: string]): Code {
  const title = sentence.replace(/\.$/, "");
  const severity = SOFTER[code as LoadErrorCode] ?? "error";
  return { code, title, severity, kind: "load-error", fixable: false, hasPage: false };
}

/** How loud a code is where nothing is set, or mostly is where that depends. */
export function usualLevel({ level, severity }: Code): CheckLevel {
  return level ?? severity;
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
