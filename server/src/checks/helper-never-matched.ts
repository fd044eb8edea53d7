import type { Check } from "./check.ts";
import { uselessMatches } from "./helper-rules.ts";

const id = "helper-never-matched";

/** A rule asks for the helper where the answer is always no. */
export const helperNeverMatched: Check = {
  id,
  severity: "warning",
  title: "A rule asks for the conntrack helper in a way that never matches",
  repair: "rules",
  run: ({ host }) =>
    [...uselessMatches(host.ruleset)].map(({ rule, why, changes, title }) => ({
      code: id,
      severity: "warning" as const,
      message: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
      origin: rule.origin,
      related: [],
      cases: [],
      isCause: true,
      mends: [{ title, changes }],
    })),
};
