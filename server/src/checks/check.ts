import type { Host } from "../convert/host.ts";
import type { Reading } from "../ftp/fragments.ts";
import type { Assumptions, SessionCase } from "../ftp/judgement.ts";
import type { OpenedPorts } from "../ftp/opened-ports.ts";
import type { Outcome } from "../ftp/outcome.ts";
import type { Probe, reachedPorts } from "../ftp/probe.ts";
import type { Role, Scenario } from "../ftp/scenario.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain, HelperObject, Ruleset } from "../model/ruleset.ts";
import type { Stop } from "../netfilter/chain.ts";
import type { Origin } from "../text/origin.ts";
import type { Severity } from "../text/problem.ts";
import type { Span } from "../text/span.ts";

/** A place that explains a finding. */
export interface Related {
  readonly message: string;
  readonly origin: Origin;
  /** It says what is wrong at that place: no finding of its own is needed for that. */
  readonly explains?: boolean;
}

/** Something wrong with how the host treats FTP, on the rule that lets FTP in. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Where it is reported: on the rule that permits the control connection, or on what is wrong itself. */
  readonly origin: Origin;
  readonly related: readonly Related[];
  /** The sessions that fail because of it. */
  readonly cases: readonly SessionCase[];
  /** Changes of the author's own rules that mend it, the best first. */
  readonly mends?: readonly Mend[];
  /** It says why another finding's sessions fail: where that one points to it, it is not reported by itself. */
  readonly isCause?: boolean;
  /** Whose sessions, let in by rules or by policies alone, have to pass after a mend as before. */
  readonly role?: Role;
}

/** A text for each dialect. */
export interface Written {
  readonly nft: string;
  readonly iptables: string;
}

/** A rule, or a command of a script beside the rules. */
export type Stated = Pick<Rule, "origin">;

/** A change of what the author has written. Spans count from the start of the rule's statement. */
export type RuleChange =
  | { readonly kind: "remove"; readonly rule: Stated }
  /** Some words of a command in a script go. */
  | { readonly kind: "without-words"; readonly rule: Stated; readonly span: Span }
  | { readonly kind: "move"; readonly rule: Rule; readonly before: Rule }
  | { readonly kind: "replace"; readonly rule: Rule; readonly span: Span; readonly by: Written }
  /** One more condition, behind another one or before a statement. */
  | { readonly kind: "require"; readonly rule: Rule; readonly at: number; readonly by: Written }
  /** One port of the list or interval within the span goes. */
  | { readonly kind: "without-port"; readonly rule: Rule; readonly span: Span; readonly port: number }
  /** A rule that asks for the helper assigns it. */
  | { readonly kind: "assign"; readonly rule: Rule }
  /** UDP becomes TCP. */
  | { readonly kind: "tcp"; readonly rule: Rule }
  /** A helper object serves every IP version of its table. */
  | { readonly kind: "any-family"; readonly helper: HelperObject }
  /** A rule beside those of a chain that accepts TCP to this address and port. */
  | {
      readonly kind: "accept";
      /** Whose style and file it takes after. */
      readonly rule: Rule;
      readonly chain: Chain;
      readonly daddr: string;
      readonly port: number;
      /** What stops these packets now: the new rule stands before it. */
      readonly before?: Rule;
    }
  /** A wide range of ports within the span becomes that of the repair, or goes. */
  | { readonly kind: "narrow"; readonly rule: Rule; readonly span: Span; readonly to: "range" | "nothing" }
  | { readonly kind: "priority"; readonly chain: Chain; readonly priority: number };

/** Changes that belong together; FTP sessions that no longer pass are then repaired by one of the strategies. */
export interface Mend {
  readonly title: string;
  readonly changes: readonly RuleChange[];
  /** What the author means can only be guessed: offered, but not made without being asked. */
  readonly isGuess?: boolean;
  /** The strategy under which it is one; absent: whatever the strategy. */
  readonly strategy?: "helper" | "ports";
  /** Its title where nothing has to be added besides. */
  readonly titleAlone?: string;
  /** The finding's sessions have to pass over every unprivileged port afterwards, not over what else is open alone. */
  readonly overAllPorts?: boolean;
  /** What the user has to do besides. */
  readonly note?: string;
}

/**
 * What alone is in a blocked session's way: no helper on the control connection, TLS that hides it from the helper, a
 * passive range that is not the server's. "data": the rules let no data through.
 */
export type Cause = "helper" | "tls" | "range" | "data";

/** What a check sees. */
export interface CheckContext {
  readonly host: Host;
  /** "automatic": port 21 gets the helper without a rule, as on kernels before 4.7. */
  readonly helper: Assumptions["helper"];
  /** The ways to read the host's rules. */
  readonly readings: readonly Reading[];
  /** All sessions that rules let in, those that only a policy means to let in among them. */
  readonly allCases: readonly SessionCase[];
  /** Which ports strangers reach. Throws BudgetExceeded. */
  reached(ruleset: Ruleset, probe: Probe): ReturnType<typeof reachedPorts>;
  /** The ports that strangers reach by one rule, where the others of `suspects` were not there. */
  openedBy(rule: Rule, suspects: readonly Rule[], ruleset: Ruleset, probe: Probe): IntervalSet<number>;
  /** How sessions of a kind end. Throws BudgetExceeded. */
  sessionOf(ruleset: Ruleset, scenario: Scenario): readonly Outcome[];
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
 * the server's configuration. "rules": the finding's own mends. "none":
 * that is left to the author.
 */
export type RepairWay = "sessions" | "icmp-errors" | "ranges" | "rules" | "none";

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
