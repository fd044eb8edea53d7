import type { Stop } from "../netfilter/chain.ts";
import type { State } from "../netfilter/state.ts";

/** How far a set of sessions got, and what ended it. */
export interface Outcome {
  readonly verdict: "works" | "blocked" | "no-control";
  /** Where it ended; "done" for a transfer that passed. */
  readonly phase: "neighbour" | "control-open" | "control" | "data" | "done";
  readonly state: State;
  /** What dropped the packet, for the simulator's own reasons. */
  readonly stop?: Stop;
  /** The packet that did not pass: "data SYN client -> server". */
  readonly step?: string;
  /** Set where no rule did it. */
  readonly reason?: string;
  /**
   * Not followed to its end: the verdict stands for nothing. A rule for FTP has let it in unless the phase is
   * "control-open"; in phase "data" other parts of the same sessions were followed.
   */
  readonly undecided?: boolean;
}

/** Whether its sessions log in, for all that is known. */
export function isLetIn({ verdict, phase, undecided = false }: Outcome): boolean {
  return verdict !== "no-control" || (undecided && phase !== "control-open");
}
