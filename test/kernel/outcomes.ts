import type { Case } from "./cases.ts";
import type { Outcome } from "./rig/sessions.ts";

export type Outcomes = Pick<Case, "ipv4" | "ipv6">;

export const works = "works";
export const blocked = "blocked";
export const noControl = "no-control";

/** Outcomes of a ruleset that filters IPv4 alone: IPv6 passes unfiltered. */
export function overIpv4(active: Outcome, passive: Outcome): Outcomes {
  return { ipv4: [active, passive], ipv6: [works, works] };
}

export function overBoth(active: Outcome, passive: Outcome): Outcomes {
  return { ipv4: [active, passive], ipv6: [active, passive] };
}
