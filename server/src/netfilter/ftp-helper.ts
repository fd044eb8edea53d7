import type { Hook } from "../model/ruleset.ts";
import { sameRef } from "./box.ts";
import type { Connection, Direction, Expectation } from "./conntrack.ts";
import { tupleOf } from "./conntrack.ts";
import type { Announcement } from "./packet.ts";
import type { State } from "./state.ts";
import { connectionOf, record } from "./state.ts";

const DIRECTIONS: Record<Announcement["command"], Direction> = {
  PORT: "original",
  EPRT: "original",
  "227": "reply",
  "229": "reply",
};

/**
 * What nf_conntrack_ftp and nf_nat_ftp do with a packet of a control connection that has the helper: expect
 * the data connection that it announces, and rewrite the announcement where the connection is NATed.
 */
export function runFtpHelper(state: State, hook: Hook): State {
  const connection = connectionOf(state);
  const { announcement } = state.packet;
  if (!connection || !announcement || connection.helper !== "ftp") return state;
  if (state.tracking.kind !== "tracked" || state.tracking.state !== "established") return state;
  const { direction } = state.tracking;
  if (DIRECTIONS[announcement.command] !== direction) return state;
  const own = tupleOf(connection, direction);
  // loose=0: an address that is not the sender's own is not followed.
  if (announcement.addr && !sameRef(announcement.addr, own.saddr)) return state;
  const expectation = expectationFor(connection, direction, announcement);
  const text = `the ftp helper reads ${announcement.command} and expects the data connection`;
  return {
    ...record(state, { hook, effect: { kind: "conntrack", text } }),
    expectation,
    packet: { ...state.packet, announcement: rewrite(connection, direction, announcement) },
  };
}

function expectationFor(
  connection: Connection,
  direction: Direction,
  announcement: Announcement,
): Expectation {
  const other = tupleOf(connection, direction === "original" ? "reply" : "original");
  const own = tupleOf(connection, direction);
  const base = {
    saddr: other.saddr,
    daddr: other.daddr,
    dport: announcement.port,
    masterHelper: "ftp",
  };
  if (!isNated(connection)) return base;
  // The expected connection comes from the other side: its source becomes what this side dialed,
  // its destination this side's real address (nf_nat_follow_master).
  return { ...base, follow: { saddr: own.daddr, daddr: own.saddr, dport: announcement.port } };
}

function rewrite(connection: Connection, direction: Direction, announcement: Announcement): Announcement {
  if (!isNated(connection) || !announcement.addr) return announcement;
  const other = tupleOf(connection, direction === "original" ? "reply" : "original");
  return { ...announcement, addr: other.daddr };
}

function isNated(connection: Connection): boolean {
  return connection.snat || connection.dnat;
}
