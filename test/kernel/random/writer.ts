import type { Place } from "../rig/topology.ts";
import type { NatScene } from "./nat-scene.ts";
import type { Random } from "./seeded.ts";

/** What a ruleset is written with. */
export interface Writer {
  readonly random: Random;
  /** The host that it is for. */
  readonly on: Place;
  /** Whether rules may test what no file tells: rate limits, time, sockets … */
  readonly undecidable: boolean;
  /** What NAT is for; absent where the ruleset translates nothing. */
  readonly nat?: NatScene;
}

/** What a ruleset with NAT is written with. */
export type NatWriter = Writer & { readonly nat: NatScene };

export type Hook = "ingress" | "egress" | "prerouting" | "input" | "forward" | "output" | "postrouting";

/** Before conntrack and everything else, or after it. */
export function isAtDevice({ hook }: Site): boolean {
  return hook === "ingress" || hook === "egress";
}

/** Where a rule stands: decides what may be written there. */
export interface Site {
  readonly hook: Hook;
}
