import type { NatPart, Rule, Statement } from "../model/rule.ts";
import { isLookup } from "../model/rule.ts";
import type { Chain, Hook, Table } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { ALL_V4, ALL_V6 } from "../model/values.ts";
import { within } from "../text/origin.ts";
import type { Box, Ref } from "./box.ts";
import { constant, isSingle, sameRef, shifted, variable } from "./box.ts";
import type { Run } from "./chain.ts";
import { identity } from "./condition.ts";
import type { Connection, Sender, Tuple } from "./conntrack.ts";
import { inverse, tupleOf } from "./conntrack.ts";
import type { Effect } from "./effect.ts";
import { lookUp } from "./map-lookup.ts";
import { namesPort } from "./named-port.ts";
import { choosePort } from "./nat-port.ts";
import type { Packet } from "./packet.ts";
import { RTN } from "./packet.ts";
import type { State } from "./state.ts";
import { assume, assumed, connectionOf, record, withConnection } from "./state.ts";

/** Which end a NAT hook changes: the destination in prerouting and output, the source in postrouting and input. */
export type Manip = "source" | "destination";

export type NatStatement = Statement & { kind: "nat" };

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
 * DNAT, SNAT, MASQUERADE, REDIRECT, NETMAP of a connection's first packet: changes the reply tuple and ends the nat
 * chains (nf_nat_setup_info). The packet itself is rewritten by `manipulate` at the end of the hook.
 */
export function translate(run: Run, place: Place, rule: Rule, statement: NatStatement, state: State): Effect {
  const connection = connectionOf(state);
  const manip = manipOf(place.hook);
  if (!connection || !manip || !translates(statement, manip) || natDecided(connection, manip))
    return { states: [state] };
  if (statement.family !== undefined && statement.family !== state.packet.family) return { states: [state] };
  const ended: State[] = [];
  const accepted: State[] = [];
  for (const { state: here, value: addr } of resolve(
    place,
    rule,
    statement,
    statement.to.addr,
    state,
    ended,
  )) {
    for (const { state: one, value: port } of resolve(
      place,
      rule,
      statement,
      statement.to.port,
      here,
      ended,
    )) {
      for (const bound of bind(run, place.hook, { statement, addr, port }, one, connection, manip)) {
        const effect = { kind: "note", text: `${statement.nat} decided` } as const;
        const named = withSender(place, rule, bound);
        accepted.push(record(named, { hook: place.hook, chain: place.chain, rule, effect }));
      }
    }
  }
  return { states: [], accepted, ended };
}

function translates({ nat }: NatStatement, manip: Manip): boolean {
  if (nat === "netmap") return true;
  return manip === (nat === "dnat" || nat === "redirect" ? "destination" : "source");
}

function withSender(place: Place, rule: Rule, state: State): State {
  const { dport } = state.packet;
  const sends = manipOf(place.hook) === "destination";
  if (!sends || !dport || !("value" in dport) || !namesPort(rule, Number(dport.value), place.table))
    return state;
  return { ...state, permits: { ...state.permits, sentOn: [...state.permits.sentOn, rule] } };
}

/** What an address or port is to become: candidates, something the files do not say, or nothing else. */
type Wanted = ValueSet | "unknown" | undefined;

/** Looks up what a map gives; a packet without an entry leaves the rule. */
function resolve(
  place: Place,
  rule: Rule,
  statement: NatStatement,
  part: NatPart | undefined,
  state: State,
  ended: State[],
): { state: State; value: Wanted }[] {
  if (part === undefined || part === "unknown" || !isLookup(part)) return [{ state, value: part }];
  const { hits, missed, open } = lookUp(part.fields, part.entries, state, place.table);
  for (const box of missed) ended.push({ ...state, box });
  const origin = within(rule.origin, statement.span);
  const key = `nat map ${identity(statement)} ${state.slot} ${state.sender}`;
  return [
    ...hits.map(({ box, mapped }) => {
      const value: Wanted = mapped && "values" in mapped ? mapped.values[part.column] : "unknown";
      return { state: { ...state, box }, value };
    }),
    ...open.map(({ box, fact }) => {
      const here = { ...state, box };
      if (assumed(here, key)) return { state: here, value: "unknown" as const };
      ended.push(assume(here, { key, fact, holds: false, origin }));
      return { state: assume(here, { key, fact, holds: true, origin }), value: "unknown" as const };
    }),
  ];
}

/** One NAT statement with its maps looked up. */
interface Binding {
  readonly statement: NatStatement;
  readonly addr: Wanted;
  readonly port: Wanted;
}

/** get_unique_tuple in nf_nat_core.c, where no other connection is in the way. */
function bind(
  run: Run,
  hook: Hook,
  binding: Binding,
  state: State,
  connection: Connection,
  manip: Manip,
): State[] {
  const own = ownEnd(inverse(connection.reply), manip);
  const { kept, open } = alreadyInRange(binding, state, own);
  const bound = kept.map((one) => withConnection(one, decideNull(connection, manip)));
  const isNftPrefix = binding.statement.nat === "dnat" && (binding.statement.to.netmap ?? false);
  for (const one of open) {
    const { box, addr } = chooseAddress(hook, binding, one, own.addr);
    const { random, basePort } = binding.statement.to;
    const wanted = { ports: binding.port, random: random ?? false, basePort, manip };
    const name = `${DRAWN_PORT}${identity(binding.statement)} ${state.slot}`;
    for (const { box: inner, port } of choosePort(wanted, box, own.port, name)) {
      bound.push(withReply(run, { ...one, box: inner }, connection, manip, { addr, port }, isNftPrefix));
    }
  }
  return bound;
}

interface End {
  readonly addr: Ref;
  readonly port: Ref;
}

function ownEnd(tuple: Tuple, manip: Manip): End {
  return manip === "source"
    ? { addr: tuple.saddr, port: tuple.sport }
    : { addr: tuple.daddr, port: tuple.dport };
}

/** A source that is in the wanted range already stays as it is (nf_in_range). */
function alreadyInRange(
  { statement, addr, port }: Binding,
  state: State,
  own: End,
): { kept: State[]; open: State[] } {
  const { netmap, random } = statement.to;
  if (addr === "unknown" || port === "unknown" || netmap || random || statement.nat !== "snat")
    return { kept: [], open: [state] };
  const open: State[] = [];
  let inside: Box | undefined = state.box;
  for (const [ref, set] of [
    [own.addr, addr],
    [own.port, port],
  ] as const) {
    if (!inside || set === undefined) continue;
    const parts: ReturnType<Box["split"]> = inside.split(ref, set);
    if (parts.outside) open.push({ ...state, box: parts.outside });
    inside = parts.inside;
  }
  return { kept: inside ? [{ ...state, box: inside }] : [], open };
}

function chooseAddress(
  hook: Hook,
  { statement, addr }: Binding,
  state: State,
  own: Ref,
): { box: Box; addr: Ref } {
  const { box, packet } = state;
  if (statement.nat === "redirect") {
    return hook === "output" ? { box, addr: loopback(packet.family) } : localAddress(state, state.sender);
  }
  if (statement.nat === "masquerade") {
    // What the host sends itself has the address of its interface already.
    return packet.saddrType === RTN.local ? { box, addr: own } : localAddress(state, otherEnd(state.sender));
  }
  if (addr === undefined) return { box, addr: own };
  const candidates = addr === "unknown" ? allAddresses(packet) : addr;
  if (isSingle(candidates)) return { box, addr: constant(candidates.min!) };
  const mapped = statement.to.netmap && addr !== "unknown" ? networkMapped(box, own, candidates) : undefined;
  if (mapped) return { box, addr: mapped };
  // The choice is made by a hash of the addresses: the same for all connections of a session.
  const isOpen = addr === "unknown" || statement.to.netmap;
  const name = `${CHOSEN_ADDRESS}${identity(statement)}${isOpen ? ` ${state.slot}` : ""}`;
  return { box: box.has(name) ? box : box.with(name, candidates), addr: variable(name) };
}

/** The same host in another network, where all hosts in question are in one network of its size. */
function networkMapped(box: Box, own: Ref, network: ValueSet): Ref | undefined {
  const { min, end } = network;
  const { min: first, end: past } = box.values(own);
  if (typeof first === "bigint" && typeof min === "bigint") {
    const size = (end as bigint) - min;
    const start = first - (first % size);
    return (past as bigint) <= start + size ? shifted(own, min - start) : undefined;
  }
  if (typeof first !== "number" || typeof min !== "number") return undefined;
  const size = (end as number) - min;
  const start = first - (first % size);
  return (past as number) <= start + size ? shifted(own, min - start) : undefined;
}

function localAddress(state: State, towards: Sender): { box: Box; addr: Ref } {
  const name = `${LOCAL_ADDRESS}towards the ${towards}`;
  const { box, packet } = state;
  return { box: box.has(name) ? box : box.with(name, allAddresses(packet)), addr: variable(name) };
}

function allAddresses({ family }: Packet): ValueSet {
  return family === 4 ? ALL_V4 : ALL_V6;
}

function otherEnd(sender: Sender): Sender {
  return sender === "client" ? "server" : "client";
}

const LOOPBACK = { 4: 0x7f000001, 6: 1n } as const;

function loopback(family: Packet["family"]): Ref {
  return constant(LOOPBACK[family]);
}

/** Prefix of the variables that stand for an address that NAT chooses from several. */
export const CHOSEN_ADDRESS = "nat address ";

/** Prefix of the variables that stand for a port that NAT draws by lot. */
export const DRAWN_PORT = "nat port ";

/** Prefix of the variables that stand for an address of the firewall itself. */
export const LOCAL_ADDRESS = "firewall address ";

/** Whether NAT made it an address of this host. */
export function isLocalAddress(ref: Ref): boolean {
  if ("variable" in ref) return ref.variable.startsWith(LOCAL_ADDRESS);
  return ref.value === LOOPBACK[4] || ref.value === LOOPBACK[6];
}

function withReply(
  run: Run,
  state: State,
  connection: Connection,
  manip: Manip,
  to: End,
  marked: boolean,
): State {
  const reply: Tuple =
    manip === "destination"
      ? { ...connection.reply, saddr: to.addr, sport: to.port }
      : { ...connection.reply, daddr: to.addr, dport: to.port };
  const decided = decideNull(connection, manip);
  // IPS_SRC_NAT and IPS_DST_NAT are set only where something changes.
  if (sameTupleIn(state.box, reply, connection.reply)) {
    // Measured: nft's map of an IPv4 network onto itself counts as a translated destination.
    const counts = marked && manip === "destination" && state.packet.family === 4;
    return withConnection(state, counts ? { ...decided, dnat: true } : decided);
  }
  const bound = manip === "source" ? { ...decided, reply, snat: true } : { ...decided, reply, dnat: true };
  return withConnection(
    state,
    run.automaticHelper === "automatic" ? withOldHelper(bound, run.helperPorts) : bound,
  );
}

/** Before 6.0 the kernel chose the helper again, by the port that DNAT leads to (nf_conntrack_alter_reply). */
function withOldHelper(connection: Connection, ports: readonly number[]): Connection {
  if (connection.expected || connection.helperAssigned) return connection;
  const { sport } = connection.reply;
  const has = "value" in sport && ports.some((port) => port === sport.value);
  return { ...connection, helper: has ? "ftp" : undefined };
}

/** Whether two tuples are the same in all sessions of a box. */
export function sameTupleIn(box: Box, a: Tuple, b: Tuple): boolean {
  return (["saddr", "daddr", "sport", "dport"] as const).every((part) => {
    const { different, open } = box.compare(a[part], b[part]);
    return !different && !open;
  });
}

/**
 * Rewrites the packet as its connection's NAT says for this hook and direction (nf_nat_packet). `typeOf`: which
 * destinations are known to be this host's own (RTN_*).
 */
export function manipulate(state: State, manip: Manip, typeOf?: (daddr: Ref) => number | undefined): State {
  const connection = connectionOf(state);
  if (!connection || state.tracking.kind !== "tracked") return state;
  const { direction } = state.tracking;
  const target = inverse(tupleOf(connection, direction === "original" ? "reply" : "original"));
  const { packet } = state;
  // ICMP errors have no ports of their own; their source is the router's.
  if (packet.dport === undefined) {
    if (manip === "source" || sameRef(packet.daddr, target.daddr)) return state;
    return { ...state, packet: { ...packet, daddr: target.daddr } };
  }
  if (manip === "destination") {
    if (sameRef(packet.daddr, target.daddr) && same(packet.dport, target.dport)) return state;
    const local = isLocalAddress(target.daddr) || typeOf?.(target.daddr) === RTN.local;
    const daddrType = local ? RTN.local : RTN.unicast;
    return { ...state, packet: { ...packet, daddr: target.daddr, dport: target.dport, daddrType } };
  }
  if (sameRef(packet.saddr, target.saddr) && same(packet.sport, target.sport)) return state;
  return { ...state, packet: { ...packet, saddr: target.saddr, sport: target.sport } };
}

function same(a: Ref | undefined, b: Ref): boolean {
  return a !== undefined && sameRef(a, b);
}
