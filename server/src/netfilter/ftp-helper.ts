import type { Hook } from "../model/ruleset.ts";
import type { Box, Ref } from "./box.ts";
import type { Connection, Direction, Expectation } from "./conntrack.ts";
import { tupleOf } from "./conntrack.ts";
import type { Announcement } from "./packet.ts";
import type { State } from "./state.ts";
import { assume, connectionOf, record } from "./state.ts";

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
export function runFtpHelper(state: State, hook: Hook): State[] {
  const connection = connectionOf(state);
  const { announcement } = state.packet;
  if (!connection || !announcement || connection.helper !== "ftp") return [state];
  if (state.tracking.kind !== "tracked" || state.tracking.state !== "established") return [state];
  const { direction } = state.tracking;
  if (DIRECTIONS[announcement.command] !== direction) return [state];
  const { own, foreign } = byAddress(state, announcement, tupleOf(connection, direction).saddr);
  const note = (one: State, text: string) => record(one, { hook, effect: { kind: "conntrack", text } });
  const left = foreign.map((one) =>
    note(one, `the ftp helper ignores ${announcement.command}: it names an address that is not the sender's`),
  );
  const expecting = own.map((one): State => {
    const text = `the ftp helper reads ${announcement.command} and expects the data connection`;
    return {
      ...note(one, text),
      expectation: expectationFor(connection, direction, announcement),
      packet: { ...one.packet, announcement: rewrite(connection, direction, announcement) },
    };
  });
  return [...expecting, ...left];
}

/** loose=0, the default: an address that is not the sender's own is not followed. */
function byAddress(state: State, { addr }: Announcement, sender: Ref): { own: State[]; foreign: State[] } {
  if (!addr) return { own: [state], foreign: [] };
  const { equal, different, open } = state.box.compare(addr, sender);
  const inBox = (box: Box | undefined) => (box ? [{ ...state, box }] : []);
  if (!open) return { own: inBox(equal), foreign: inBox(different) };
  const fact = "whether the address that is announced is the sender's own";
  const supposed = (holds: boolean) => assume(state, { key: "announced address", fact, holds });
  return { own: [supposed(true)], foreign: [supposed(false)] };
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
