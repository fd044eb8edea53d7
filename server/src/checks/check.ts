import type { SessionCase } from "../ftp/judgement.ts";
import type { Rule } from "../model/rule.ts";
import type { Stop } from "../netfilter/chain.ts";
import type { Origin } from "../text/origin.ts";
import type { Severity } from "../text/problem.ts";

/** A place that explains a finding. */
export interface Related {
  readonly message: string;
  readonly origin: Origin;
}

/** Something wrong with how the host treats FTP, on the rule that lets FTP in. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** The rule that permits the control connection. */
  readonly rule: Rule;
  readonly related: readonly Related[];
  /** The sessions that fail because of it. */
  readonly cases: readonly SessionCase[];
}

/** What a check sees. */
export interface CheckContext {
  /** Sessions with intent: some rule names the control port or assigns the helper. */
  readonly cases: readonly SessionCase[];
  /** Whether a blocked session would pass if only the control connection had the conntrack helper. */
  wouldPassWithHelper(one: SessionCase): boolean;
  /** For a session that works: what stops the ICMP error by which a router asks for smaller packets. */
  icmpErrorStop(one: SessionCase): Stop | undefined;
}

/** One check, one file, no state. `id` is also its docs page, its fixtures and its settings key. */
export interface Check {
  readonly id: string;
  readonly severity: Severity;
  /** The fact it reports, in a few words for lists. */
  readonly title: string;
  readonly fixable: boolean;
  run(context: CheckContext): Finding[];
}
