import type { Ruleset, Unknown } from "../model/ruleset.ts";
import type { Origin } from "../text/origin.ts";
import { listIptables } from "./iptables-save.ts";
import { listNft } from "./nft-ruleset.ts";

/** One line of what a tool prints of the kernel's rules. */
export interface ListingLine {
  /** As the tool prints it, with its indentation. */
  readonly text: string;
  /** Where the author wrote what the line shows; absent for lines that nobody wrote (`COMMIT`, a closing brace). */
  readonly origin?: Origin;
  /**
   * Why it is not certain that the line is there, or that it reads so: a noun phrase that completes "it depends on …".
   * Such a line is shown as a comment.
   */
  readonly doubt?: string;
}

/** What one tool prints. */
export interface Listing {
  readonly tool: "iptables-save" | "ip6tables-save" | "nft list ruleset";
  readonly lines: readonly ListingLine[];
}

/** The ruleset as the tools that show it print it once everything is loaded, without counters and dates. */
export interface RulesetListing {
  /** A tool that would print nothing is not here. */
  readonly listings: readonly Listing[];
  /** What may have changed the ruleset in ways that are not known. */
  readonly unknowns: readonly Unknown[];
}

/** Never throws; takes time in proportion to the rules. */
export function listRuleset(ruleset: Ruleset): RulesetListing {
  const listings = [listIptables(ruleset, 4), listIptables(ruleset, 6), listNft(ruleset)];
  return { listings: listings.filter((one) => one !== undefined), unknowns: ruleset.unknowns };
}
