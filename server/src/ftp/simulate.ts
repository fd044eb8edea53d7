import type { IntervalSet } from "../model/interval-set.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { bigints, name, numbers } from "../model/values.ts";
import type { Budget } from "../netfilter/budget.ts";
import { BudgetExceeded } from "../netfilter/budget.ts";
import type { IpFamily } from "../netfilter/packet.ts";
import type { Outcome } from "./outcome.ts";
import type { PassingClass } from "./passing.ts";
import { passingClasses } from "./passing.ts";
import type { Mode, Role, Scenario } from "./scenario.ts";
import { MODES, openScenario } from "./scenario.ts";
import { playSession } from "./session.ts";
import type { Verdict } from "./verdict.ts";
import { judge } from "./verdict.ts";

/** An address for either family. */
export interface Addresses {
  readonly 4?: number;
  readonly 6?: bigint;
}

/** The options of `ftp-firewall simulate`; what is absent stays open. */
export interface SimulateOptions {
  readonly role: Role;
  readonly client?: Addresses;
  readonly clientPorts?: IntervalSet<number>;
  readonly server?: Addresses;
  /** What the client dials when NAT rewrites it; default the server. */
  readonly connectTo?: Addresses;
  readonly clientInterface?: string;
  readonly serverInterface?: string;
  readonly passivePorts?: IntervalSet<number>;
  readonly controlPort?: number;
  readonly dataPort?: number | "any";
  readonly tls?: Scenario["tls"];
  readonly pasvAddress?: Scenario["pasvAddress"];
  /** The address in the server's 227 reply, where its configuration says another than its own. */
  readonly announced?: Addresses;
  /** "extended": EPRT and EPSV over IPv4 as well, as curl does; IPv6 has no others (RFC 2428). */
  readonly commands?: Scenario["commands"];
  readonly helper?: "explicit" | "automatic";
  readonly modes?: readonly Mode[];
}

/** The verdict on one of the four sessions, with all its outcomes. */
export interface SimulatedSession {
  readonly mode: Mode;
  readonly family: IpFamily;
  readonly scenario: Scenario;
  readonly verdict: Verdict;
  readonly outcomes: readonly Outcome[];
  /** Which clients and ports pass; empty when the analysis gave up. */
  readonly passing: readonly PassingClass[];
}

/** Plays the sessions active and passive over IPv4 and IPv6 through a whole host, on a fresh kernel. */
export function simulateHost(ruleset: Ruleset, options: SimulateOptions, budget: Budget): SimulatedSession[] {
  const sessions: SimulatedSession[] = [];
  for (const family of [4, 6] as const) {
    for (const mode of options.modes ?? MODES) {
      const scenario = simulatedScenario(options, mode, family);
      sessions.push({ mode, family, scenario, ...judged(ruleset, scenario, budget) });
    }
  }
  return sessions;
}

function judged(
  ruleset: Ruleset,
  scenario: Scenario,
  budget: Budget,
): Pick<SimulatedSession, "verdict" | "outcomes" | "passing"> {
  const { role, family } = scenario;
  const off = role === "gateway" ? ruleset.host?.forwardingOff[family] : undefined;
  if (off) {
    const reason = `forwarding of IPv${family} is switched off: a gateway sends nothing on`;
    return { verdict: { verdict: "no-control", reason, origin: off }, outcomes: [], passing: [] };
  }
  const otherFamily = scenario.family === 4 ? "ip6" : "ip";
  const unknown = ruleset.unknowns.find((one) => one.table?.family !== otherFamily);
  if (unknown) return { verdict: { verdict: "unknown", reason: unknown.fact }, outcomes: [], passing: [] };
  try {
    const outcomes = playSession(ruleset, scenario, budget);
    const passing = passingClasses(outcomes, scenario);
    return { verdict: judge(outcomes, scenario), outcomes, passing };
  } catch (error) {
    if (!(error instanceof BudgetExceeded) || error.cancelled) throw error;
    return {
      verdict: { verdict: "unknown", reason: "too large: the ruleset takes too long to follow" },
      outcomes: [],
      passing: [],
    };
  }
}

function simulatedScenario(options: SimulateOptions, mode: Mode, family: IpFamily): Scenario {
  const open = openScenario(options.role, mode, family);
  const server = addressSet(options.server, family);
  const dialed = addressSet(options.connectTo, family) ?? server;
  const connectsElsewhere =
    options.connectTo?.[family] !== undefined && options.connectTo[family] !== options.server?.[family];
  return {
    ...open,
    client: addressSet(options.client, family) ?? open.client,
    clientPorts: options.clientPorts ?? open.clientPorts,
    dialed: dialed ?? open.dialed,
    server,
    dialsFirewall: connectsElsewhere,
    clientInterface: options.clientInterface ? name(options.clientInterface) : open.clientInterface,
    serverInterface: options.serverInterface ? name(options.serverInterface) : open.serverInterface,
    passivePorts: options.passivePorts ?? open.passivePorts,
    passiveRangeKnown: options.passivePorts !== undefined,
    controlPort: options.controlPort ?? (options.tls === "implicit" ? 990 : open.controlPort),
    dataPort: options.dataPort ?? (options.tls === "implicit" ? 989 : open.dataPort),
    tls: options.tls ?? open.tls,
    pasvAddress: options.pasvAddress ?? open.pasvAddress,
    announced: addressSet(options.announced, family),
    commands: options.commands ?? open.commands,
    helper: options.helper ?? open.helper,
  };
}

function addressSet(addresses: Addresses | undefined, family: IpFamily): ValueSet | undefined {
  const v4 = addresses?.[4];
  const v6 = addresses?.[6];
  if (family === 4) return v4 === undefined ? undefined : numbers(v4);
  return v6 === undefined ? undefined : bigints(v6);
}
