import { CHECKS } from "../checks/registry.ts";
import type { Severity } from "../text/problem.ts";
import { LOAD_ERRORS, type LoadErrorCode, SOFTER } from "./load-errors.ts";

/** A code that a diagnostic can have, and what is always true of it. */
export interface KnownCode {
  readonly code: string;
  /** Unless settings change it, or something that the files do not say makes it information. */
  readonly severity: Severity;
  /** The fact that it reports, in one line, with no full stop. */
  readonly title: string;
  /** Whether a quick fix can mend it. */
  readonly fixable: boolean;
  /** Whether it has a page in docs/checks; others have this one line. */
  readonly hasPage: boolean;
}

/** What is reported without playing an FTP session, and has a page. */
const OTHERS: readonly KnownCode[] = [
  {
    code: "rules-of-other-file-erased",
    severity: "info",
    title: "A file erases rules that an earlier file of the same host has loaded",
    fixable: false,
    hasPage: true,
  },
  {
    code: "server-configuration",
    severity: "warning",
    title: "The FTP server does not understand its configuration, or takes it in another way than it looks",
    fixable: false,
    hasPage: true,
  },
  {
    code: "syntax-error",
    severity: "error",
    title: "The file cannot be read as a ruleset at this place",
    fixable: false,
    hasPage: true,
  },
];

function ofChecks(): KnownCode[] {
  return CHECKS.map(({ id, severity, title, repair }) => ({
    code: id,
    severity,
    title,
    fixable: repair !== "none",
    hasPage: true,
  }));
}

function ofLoading(): KnownCode[] {
  return Object.entries(LOAD_ERRORS).map(([code, sentence]) => ({
    code,
    severity: SOFTER[code as LoadErrorCode] ?? "error",
    title: sentence.replace(/\.$/, ""),
    fixable: false,
    hasPage: false,
  }));
}

/** Every code there is, sorted. */
export const CODES: readonly KnownCode[] = [...ofChecks(), ...OTHERS, ...ofLoading()].sort((a, b) =>
  a.code < b.code ? -1 : 1,
);

export function knownCode(code: string): KnownCode | undefined {
  return CODES.find((one) => one.code === code);
}
