import type { IntervalSet } from "../model/interval-set.ts";
import type { NatTarget, Rule, Statement } from "../model/rule.ts";
import type { Chain, Hook, Table } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { ALL_PORTS, ALL_V4, ALL_V6 } from "../model/values.ts";
import type { Box, Ref } from "./box.ts";
import { constant, sameRef, singleton, variable } from "./box.ts";
import type { Run } from "./chain.ts";
import type { Connection, Tuple } from "./conntrack.ts";
import { inverse, tupleOf } from "./conntrack.ts";
import { namesPort } from "./named-port.ts";
import type { Packet } from "./packet.ts";
import type { State } from "./state.ts";
import { connectionOf, record, withConnection } from "./state.ts";

/** Which end a NAT hook changes: the destination in prerouting and output, the source in postrouting and input. */
export type Manip = "source" | "destination";

export function manipOf(hook: Hook): Manip | undefined {
  if (hook === "prerouting" || hook === "output") return "destination";
  if (hook === "postrouting" || hook === "input") return "source";
  return undefined;
}

export function natDecided(connection: Connection, manip: Manip): boolean {
  return manip === "source" ? connection.natSource : connection.natDestination;
}

/** Marks that this end stays as it is (the kernel's null binding). */
export function decideNull(connection: Connection, manip: Manip): Connection {
  return manip === "source" ? { ...connection, natSource: true } : { ...connection, natDestination: true };
}

interface Place {
  readonly chain: Chain;
  readonly table: Table;
  readonly hook: Hook;
}

/**
 * DNAT, SNAT, MASQUERADE, REDIRECT of a connection's first packet: changes the reply tuple and ends the nat
 * chains (nf_nat_setup_info). The packet itself is rewritten by `manipulate` at the end of the hook.
 */
export function applyNatStatement(
  run: Run,
  place: Place,
  rule: Rule,
  statement: Statement & { kind: "nat" },
  state: State,
): { states: State[]; verdict?: "accept" } {
  const connection = connectionOf(state);
  const manip = statement.nat === "dnat" || statement.nat === "redirect" ? "destination" : "source";
  const rightHook = manipOf(place.hook) === manip;
  if (!connection || !rightHook || natDecided(connection, manip)) return { states: [state] };
  if (statement.family !== undefined && statement.family !== state.packet.family) return { states: [state] };
  const bound = withSender(
    place,
    rule,
    statement,
    bind(run, place.hook, statement, state, connection, manip),
  );
  const effect = { kind: "note", text: `${statement.nat} decided` } as const;
  return {
    states: [record(bound, { hook: place.hook, chain: place.chain, rule, effect })],
    verdict: "accept",
  };
}

function withSender(place: Place, rule: Rule, statement: Statement & { kind: "nat" }, state: State): State {
  const { dport } = state.packet;
  const sends = statement.nat === "dnat" || statement.nat === "redirect";
  if (!sends || !dport || !("value" in dport) || !namesPort(rule, Number(dport.value), place.table))
    return state;
  return { ...state, permits: { ...state.permits, sentOn: [...state.permits.sentOn, rule] } };
}

function bind(
  run: Run,
  hook: Hook,
  statement: Statement & { kind: "nat" },
  state: State,
  connection: Connection,
  manip: Manip,
): State {
  const { packet } = state;
  let { box } = state;
  const choose = (part: NatTarget["addr"], all: ValueSet, label: string): Ref => {
    const set = part === undefined || part === "unknown" ? all : part;
    const only = set.min;
    if (only !== undefined && (set as IntervalSet<never>).equals(singleton(only) as IntervalSet<never>)) {
      return constant(only);
    }
    const name = `${label} ${run.nextVariable++}`;
    box = box.with(name, set);
    return variable(name);
  };
  const allAddresses: ValueSet = packet.family === 4 ? ALL_V4 : ALL_V6;
  const { to } = statement;
  const address = (): Ref | undefined => {
    // What the host sends itself has the address of its interface already.
    if (statement.nat === "masquerade" && !packet.iif) return undefined;
    if (statement.nat === "redirect" || statement.nat === "masquerade") {
      const name = `${LOCAL_ADDRESS}${statement.nat === "redirect" ? hook : "postrouting"}`;
      if (!box.has(name)) box = box.with(name, allAddresses);
      return variable(name);
    }
    return to.addr === undefined ? undefined : choose(to.addr, allAddresses, "nat address");
  };
  const addr = address();
  const port = to.port === undefined ? undefined : choose(to.port, ALL_PORTS, "nat port");
  const reply: Tuple =
    manip === "destination"
      ? { ...connection.reply, saddr: addr ?? connection.reply.saddr, sport: port ?? connection.reply.sport }
      : { ...connection.reply, daddr: addr ?? connection.reply.daddr, dport: port ?? connection.reply.dport };
  // IPS_SRC_NAT and IPS_DST_NAT are set only where something changes.
  if (sameValues(box, reply, connection.reply)) {
    return withConnection(state, decideNull(connection, manip));
  }
  const bound = { ...decideNull(connection, manip), reply };
  return withConnection(
    { ...state, box },
    manip === "source" ? { ...bound, snat: true } : { ...bound, dnat: true },
  );
}

function sameValues(box: Box, a: Tuple, b: Tuple): boolean {
  return (["saddr", "daddr", "sport", "dport"] as const).every((part) => {
    if (sameRef(a[part], b[part])) return true;
    const [left, right] = [box.values(a[part]), box.values(b[part])] as IntervalSet<never>[];
    return left!.bounds.length === 2 && left!.equals(right!) && isSingle(left!);
  });
}

function isSingle(set: IntervalSet<never>): boolean {
  return set.min !== undefined && (singleton(set.min) as IntervalSet<never>).equals(set);
}

/** Prefix of the variables that stand for an address of the firewall itself. */
export const LOCAL_ADDRESS = "firewall address ";

export function isLocalAddress(ref: Ref): boolean {
  return "variable" in ref && ref.variable.startsWith(LOCAL_ADDRESS);
}

/** Rewrites the packet as its connection's NAT says for this hook and direction (nf_nat_packet). */
export function manipulate(state: State, manip: Manip): State {
  const connection = connectionOf(state);
  if (!connection || state.tracking.kind !== "tracked") return state;
  const { direction } = state.tracking;
  const target = inverse(tupleOf(connection, direction === "original" ? "reply" : "original"));
  const { packet } = state;
  if (manip === "destination") {
    if (sameRef(packet.daddr, target.daddr) && same(packet.dport, target.dport)) return state;
    const moved: Packet = { ...packet, daddr: target.daddr, dport: target.dport };
    return { ...state, packet: { ...moved, daddrType: isLocalAddress(target.daddr) ? 2 : 1 } };
  }
  if (sameRef(packet.saddr, target.saddr) && same(packet.sport, target.sport)) return state;
  return { ...state, packet: { ...packet, saddr: target.saddr, sport: target.sport } };
}

function same(a: Ref | undefined, b: Ref): boolean {
  return a !== undefined && sameRef(a, b);
}
