import type { SessionCase } from "../ftp/judgement.ts";
import type { OpenedPorts } from "../ftp/opened-ports.ts";
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

/**
 * What alone is in a blocked session's way: no helper on the control connection, TLS that hides it from the helper, a
 * passive range that is not the server's. "data": the rules let no data through.
 */
export type Cause = "helper" | "tls" | "range" | "data";

/** What a check sees. */
export interface CheckContext {
  /** Sessions with intent: some rule names the control port or assigns the helper. */
  readonly cases: readonly SessionCase[];
  /** Why a session is blocked; undefined for one that is not. */
  causeOf(one: SessionCase): Cause | undefined;
  /** The passive ports that rules open, and which rules. */
  openedPorts(one: SessionCase): OpenedPorts;
  /** For a session that works: what stops the ICMP error by which a router asks for smaller packets. */
  icmpErrorStop(one: SessionCase): Stop | undefined;
}

/**
 * What mends a finding: rules for its sessions; rules for ICMP errors about them; the same ports in the rules and in
 * the server's configuration. "none": that is left to the author.
 */
export type RepairWay = "sessions" | "icmp-errors" | "ranges" | "none";

/** A check's severity as a team wants it. */
export type CheckLevel = Severity | "off";

/** One check, one file, no state. `id` is also its docs page, its fixtures and its settings key. */
export interface Check {
  readonly id: string;
  readonly severity: Severity;
  /** "off": it runs only where the settings give it a severity. Absent: it runs. */
  readonly defaultLevel?: "off";
  /** The fact it reports, in a few words for lists. */
  readonly title: string;
  /** How a fix finds out what to change. */
  readonly repair: RepairWay;
  run(context: CheckContext): Finding[];
}
