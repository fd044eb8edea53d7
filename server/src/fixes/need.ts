import { describePins } from "../daemons/passive-range.ts";
import type { SessionCase } from "../ftp/judgement.ts";
import type { Outcome } from "../ftp/outcome.ts";
import { FTP_DATA_PORT } from "../ftp/scenario.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { Chain, Family, Hook } from "../model/ruleset.ts";
import { numbers, UNPRIVILEGED_PORTS } from "../model/values.ts";
import type { Stop } from "../netfilter/chain.ts";
import type { Strategy } from "./fix.ts";

/** What a rule that a fix adds accepts, in the terms of both dialects. */
export interface AcceptPlan {
  readonly state?: "related" | "established";
  /** Only packets of connections that the FTP helper expected. */
  readonly helper?: boolean;
  /** ICMP instead of TCP, for a table of this family. */
  readonly icmp?: Family;
  /** An address of the table's family. */
  readonly daddr?: string;
  readonly sport?: IntervalSet<number>;
  readonly dport?: IntervalSet<number>;
  /**
   * The address and interface restrictions of the rule that permits the control connection apply:
   * "same" as they stand, "mirrored" for packets that go the other way.
   */
  readonly carry?: "same" | "mirrored";
}

/** What is missing at the place where a session fails. */
export type Need =
  | { readonly kind: "assign-helper"; readonly hook: "prerouting" | "output"; readonly port: number }
  | { readonly kind: "accept"; readonly chain: Chain; readonly hook: Hook; readonly plan: AcceptPlan }
  /** Connection tracking has to see the control connection. */
  | { readonly kind: "track"; readonly port: number }
  | { readonly kind: "declined"; readonly reason: string };

const declined = (reason: string): Need => ({ kind: "declined", reason });

/** The next thing a blocked session needs under a strategy. `range`: the passive ports to open. */
export function needOf(
  one: SessionCase,
  outcome: Outcome,
  strategy: Strategy,
  range: IntervalSet<number>,
): Need {
  if (outcome.phase !== "data") return controlNeed(outcome);
  return strategy === "helper" ? helperNeed(one, outcome) : portsNeed(one, outcome, range);
}

/** What a later packet of the control connection needs: it is let through as part of the connection that was let in. */
function controlNeed({ stop, reason }: Outcome): Need {
  if (!stop?.chain) return declined(reason ?? "no rule of this file decides it");
  const { chain, hook, state } = stop;
  const { tracking, packet, sender } = state;
  if (tracking.kind !== "tracked" || tracking.state !== "established") {
    return declined(
      "a packet of the control connection is dropped where connection tracking does not know it",
    );
  }
  const end = sender === "server" ? packet.sport : packet.dport;
  if (!end || !("value" in end)) return declined("the port of the control connection is not known there");
  const port = numbers(end.value as number);
  const plan: AcceptPlan = {
    state: "established",
    ...(sender === "server" ? { sport: port } : { dport: port }),
  };
  return { kind: "accept", chain, hook, plan };
}

/** What a router's ICMP error about a data connection needs to get through. */
export function icmpErrorNeed(stop: Stop): Need {
  const { chain, hook, state } = stop;
  if (!chain) return declined(stop.reason ?? "no rule of this file decides it");
  if (state.tracking.kind !== "tracked") {
    return declined(
      "connection tracking does not see the data connection, so its ICMP errors belong to nothing",
    );
  }
  return { kind: "accept", chain, hook, plan: { state: "related", icmp: chain.table.family } };
}

function helperNeed(one: SessionCase, outcome: Outcome): Need {
  const { scenario } = one;
  const control = outcome.state.connections.control;
  if (scenario.tls !== "none") {
    return declined(
      "the control connection is encrypted, so the helper cannot read it: open the ports instead",
    );
  }
  if (!control) {
    return { kind: "track", port: scenario.controlPort };
  }
  if (scenario.announced && one.mode === "passive") {
    return declined(
      "the server announces another address than its own, and the helper does not follow that: open (and, behind NAT, forward) the passive ports instead",
    );
  }
  if (control.helper !== "ftp") {
    if (control.helperAssigned)
      return declined(`the control connection has another helper (${control.helper})`);
    const hook = one.role === "client" ? "output" : "prerouting";
    return { kind: "assign-helper", hook, port: scenario.controlPort };
  }
  const { stop } = outcome;
  if (!stop?.chain) return declined(outcome.reason ?? "no rule of this file decides it");
  const { tracking } = stop.state;
  if (tracking.kind !== "tracked") {
    return declined("the data connection is dropped where connection tracking does not see it");
  }
  const { chain, hook } = stop;
  if (tracking.state === "related") {
    return {
      kind: "accept",
      chain,
      hook,
      plan: { state: "related", helper: true, dport: UNPRIVILEGED_PORTS },
    };
  }
  if (tracking.state === "established") {
    return { kind: "accept", chain, hook, plan: { state: "established", helper: true } };
  }
  return declined(
    "the helper is assigned, yet the data connection is not recognised: parts of the control connection are not tracked",
  );
}

/** Whether the passive range was stated by the user, whatever the server's configuration says. */
function isStated({ server, scenario }: SessionCase): boolean {
  return scenario.passivePorts !== server?.passivePorts.value;
}

function portsNeed(one: SessionCase, outcome: Outcome, range: IntervalSet<number>): Need {
  const { server } = one;
  if (server && one.mode === "passive" && server.passivePorts.places.length === 0 && !isStated(one)) {
    const [low, high] = [range.min!, range.end! - 1];
    return declined(
      `the server (${server.path}) is pinned to no passive range, so that every high port would have to be open: pin it first, for example ${describePins({ low, high })}`,
    );
  }
  const { stop } = outcome;
  const { control, data: opened } = outcome.state.connections;
  if (one.role === "gateway" && one.mode === "passive" && control?.dnat && !opened?.dnat) {
    const [low, high] = [range.min!, range.end! - 1];
    return declined(
      `the server is published by NAT, so its passive ports have to be forwarded to it as well (a DNAT rule for ${low === high ? low : `${low}-${high}`} beside the one for the control port), which is left to you`,
    );
  }
  if (!stop?.chain) {
    return declined(
      `${outcome.reason ?? "no rule of this file decides it"}; opening ports cannot change that`,
    );
  }
  const { chain, hook, state } = stop;
  const first = state.label.includes("SYN") && !state.label.includes("SYN+ACK");
  const opener = one.mode === "active" ? "server" : "client";
  if (one.mode === "active" && one.role !== "server") {
    return declined(
      "active mode needs a way in for whoever sends from port 20, to every unprivileged port: only the helper opens no more than FTP needs",
    );
  }
  const forward = state.sender === opener;
  const dataPort = one.scenario.dataPort === "any" ? FTP_DATA_PORT : one.scenario.dataPort;
  const ports = one.mode === "passive" ? range : UNPRIVILEGED_PORTS;
  const data = { dport: ports, ...(one.mode === "active" ? { sport: numbers(dataPort) } : {}) };
  const carry = state.sender === "client" ? "same" : "mirrored";
  if (forward) return { kind: "accept", chain, hook, plan: { ...data, carry } };
  if (first) return declined("the data connection is opened the other way than expected");
  const back: AcceptPlan = { state: "established", sport: data.dport, dport: data.sport, carry };
  return { kind: "accept", chain, hook, plan: back };
}
