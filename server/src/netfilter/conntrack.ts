import type { Ref } from "./box.ts";
import { sameRef } from "./box.ts";
import type { IpFamily } from "./packet.ts";
import { FLAGS } from "./packet.ts";

/** Addresses and ports of one direction of a connection. */
export interface Tuple {
  readonly saddr: Ref;
  readonly daddr: Ref;
  readonly sport: Ref;
  readonly dport: Ref;
}

export function inverse(tuple: Tuple): Tuple {
  return { saddr: tuple.daddr, daddr: tuple.saddr, sport: tuple.dport, dport: tuple.sport };
}

export function sameTuple(a: Tuple, b: Tuple): boolean {
  return (
    sameRef(a.saddr, b.saddr) &&
    sameRef(a.daddr, b.daddr) &&
    sameRef(a.sport, b.sport) &&
    sameRef(a.dport, b.dport)
  );
}

export type Direction = "original" | "reply";

export type CtState = "new" | "established" | "related" | "invalid" | "untracked";

/** Who sends a packet of the session. */
export type Sender = "client" | "server";

/**
 * How far TCP tracking got, as far as it decides what is `invalid`
 * (tcp_conntracks in net/netfilter/nf_conntrack_proto_tcp.c).
 */
type TcpStage = "syn-sent" | "syn-received" | "established";

/** A conntrack entry. Immutable. */
export interface Connection {
  readonly family: IpFamily;
  /** Who sent its first packet: that direction is "original". */
  readonly originator: Sender;
  readonly original: Tuple;
  readonly reply: Tuple;
  /** Kernel name of the assigned helper. */
  readonly helper?: string;
  /** IPS_HELPER: a rule assigned it, so no other rule can. */
  readonly helperAssigned: boolean;
  /** Kernel name of the master's helper, for a connection that was expected. */
  readonly masterHelper?: string;
  readonly expected: boolean;
  readonly mark: number | "unknown";
  readonly seenReply: boolean;
  readonly assured: boolean;
  readonly confirmed: boolean;
  readonly stage: TcpStage;
  /** NAT decided for the source or destination (also when it decided to change nothing). */
  readonly natSource: boolean;
  readonly natDestination: boolean;
  readonly snat: boolean;
  readonly dnat: boolean;
}

export function newConnection(
  family: IpFamily,
  originator: Sender,
  original: Tuple,
  flags: number,
): Connection {
  return {
    family,
    originator,
    original,
    reply: inverse(original),
    helperAssigned: false,
    expected: false,
    mark: 0,
    seenReply: false,
    assured: false,
    confirmed: false,
    stage: flags & FLAGS.syn ? "syn-sent" : "established",
    natSource: false,
    natDestination: false,
    snat: false,
    dnat: false,
  };
}

export function directionOf(connection: Connection, sender: Sender): Direction {
  return connection.originator === sender ? "original" : "reply";
}

export function tupleOf(connection: Connection, direction: Direction): Tuple {
  return direction === "original" ? connection.original : connection.reply;
}

/** A first packet that starts tracking: a SYN, or in mid-stream an ACK without SYN, FIN, RST (tcp_loose = 1). */
export function startsTracking(flags: number): boolean {
  return (flags & (FLAGS.syn | FLAGS.ack)) !== (FLAGS.syn | FLAGS.ack) && !(flags & (FLAGS.rst | FLAGS.fin));
}

/**
 * The state a packet of a known connection has, and the connection after it.
 * Kernel: resolve_normal_ct and nf_conntrack_tcp_packet.
 */
export function advance(
  connection: Connection,
  direction: Direction,
  flags: number,
): { state: CtState; connection: Connection } {
  const stage = nextStage(connection.stage, direction, flags);
  if (stage === "invalid") return { state: "invalid", connection };
  const state: CtState =
    direction === "reply" || connection.seenReply ? "established" : connection.expected ? "related" : "new";
  const seenReply = connection.seenReply || direction === "reply";
  // Asked before SEEN_REPLY is set for this packet, and of the stage before it.
  const assured =
    connection.assured ||
    (connection.seenReply && connection.stage !== "syn-sent" && stage === "established");
  return { state, connection: { ...connection, stage, seenReply, assured } };
}

function nextStage(stage: TcpStage, direction: Direction, flags: number): TcpStage | "invalid" {
  const syn = (flags & FLAGS.syn) !== 0;
  const ack = (flags & FLAGS.ack) !== 0;
  if (flags & FLAGS.rst) return stage;
  if (syn && ack) {
    if (direction === "reply") return stage === "syn-sent" ? "syn-received" : stage;
    return "invalid";
  }
  if (syn) return stage === "syn-sent" ? stage : direction === "reply" ? "invalid" : stage;
  // An ACK that answers a SYN out of turn is let pass for the client to deal with (TCP_CONNTRACK_IGNORE).
  if (stage === "syn-sent") return direction === "reply" && !(flags & FLAGS.fin) ? stage : "invalid";
  if (stage === "syn-received") return direction === "original" ? "established" : stage;
  return stage;
}

/** What the FTP helper expects: one connection to this place, from this address. */
export interface Expectation {
  readonly saddr: Ref;
  readonly daddr: Ref;
  readonly dport: Ref;
  readonly masterHelper: string;
  /** Set when the master is NATed: how the expected connection follows it (nf_nat_follow_master). */
  readonly follow?: { readonly saddr: Ref; readonly daddr: Ref; readonly dport: Ref };
}

export function expects(expectation: Expectation, tuple: Tuple): boolean {
  return (
    sameRef(expectation.saddr, tuple.saddr) &&
    sameRef(expectation.daddr, tuple.daddr) &&
    sameRef(expectation.dport, tuple.dport)
  );
}
