import { append } from "../model/append.ts";
import type { ValueSet } from "../model/values.ts";
import { ALL_V6, bigints, v6Prefix } from "../model/values.ts";
import type { Ref } from "../netfilter/box.ts";
import { constant, variable } from "../netfilter/box.ts";
import type { Run, Stop } from "../netfilter/chain.ts";
import { ICMPV6 } from "../netfilter/packet.ts";
import type { State } from "../netfilter/state.ts";
import { traverse } from "../netfilter/traverse.ts";
import type { Role } from "./scenario.ts";

const SOLICITATION = 135;
const ADVERTISEMENT = 136;

const LINK_LOCAL = v6Prefix(0xfe80n << 112n, 10);
const SOLICITED_NODES = bigints(0xff0200000000000000000001ff000000n, 0xff0200000000000000000001ffffffffn);

/** Addresses that occur in neighbour discovery, to be part of a session's box. */
export const NEIGHBOUR_VARIABLES: Readonly<Record<string, ValueSet>> = {
  "asking neighbour": LINK_LOCAL,
  "answering neighbour": ALL_V6,
  "asked group": SOLICITED_NODES,
  "own address": ALL_V6,
};

interface Exchange {
  readonly type: typeof SOLICITATION | typeof ADVERTISEMENT;
  readonly way: "in" | "out";
  readonly side: "client" | "server";
}

const ASK_AND_ANSWER = (side: Exchange["side"]): Exchange[] => [
  { type: SOLICITATION, way: "in", side },
  { type: ADVERTISEMENT, way: "out", side },
  { type: SOLICITATION, way: "out", side },
  { type: ADVERTISEMENT, way: "in", side },
];

/**
 * What has to pass before the first TCP packet when no neighbour cache is warm (RFC 4861; measured). A client
 * asks for its router and in doing so makes itself known. A server is asked by a router's link-local address,
 * which does not tell it the address that its own route names, so it has to ask as well.
 */
const NEEDED: Record<Role, readonly Exchange[]> = {
  client: [
    { type: SOLICITATION, way: "out", side: "server" },
    { type: ADVERTISEMENT, way: "in", side: "server" },
  ],
  server: ASK_AND_ANSWER("client"),
  gateway: [
    { type: SOLICITATION, way: "in", side: "client" },
    { type: ADVERTISEMENT, way: "out", side: "client" },
    ...ASK_AND_ANSWER("server"),
  ],
};

export function discoverNeighbours(
  run: Run,
  states: readonly State[],
  role: Role,
  interfaces: { readonly client: Ref; readonly server: Ref },
): { passed: State[]; failed: Stop[] } {
  let passed = [...states];
  const failed: Stop[] = [];
  for (const { type, way, side } of NEEDED[role]) {
    if (passed.length === 0) break;
    const asking = type === SOLICITATION;
    const incoming = way === "in";
    const neighbour = variable(asking ? "asking neighbour" : "answering neighbour");
    const result = traverse(run, passed, {
      label: `neighbour ${asking ? "solicitation" : "advertisement"} (ICMPv6 type ${type}) ${incoming ? "to" : "from"} this host`,
      slot: "neighbour",
      sender: incoming ? "client" : "server",
      path: way,
      family: 6,
      l4proto: ICMPV6,
      tuple: {
        saddr: incoming ? neighbour : variable("own address"),
        daddr: asking ? variable("asked group") : incoming ? variable("own address") : neighbour,
        sport: constant(0),
        dport: constant(0),
      },
      flags: 0,
      icmpType: type,
      multicast: asking,
      iif: incoming ? interfaces[side] : undefined,
      oif: incoming ? undefined : interfaces[side],
    });
    append(failed, result.stopped);
    passed = result.passed;
  }
  return { passed, failed };
}
