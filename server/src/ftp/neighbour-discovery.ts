import { append } from "../model/append.ts";
import { IntervalSet } from "../model/interval-set.ts";
import type { ValueSet } from "../model/values.ts";
import { ALL_V6, bigints, v6Prefix } from "../model/values.ts";
import type { Ref } from "../netfilter/box.ts";
import { constant, variable } from "../netfilter/box.ts";
import type { Run, Stop } from "../netfilter/chain.ts";
import type { IpFamily } from "../netfilter/packet.ts";
import { ICMPV6 } from "../netfilter/packet.ts";
import type { State } from "../netfilter/state.ts";
import type { Sending } from "../netfilter/traverse.ts";
import { traverse } from "../netfilter/traverse.ts";
import type { Role, Scenario } from "./scenario.ts";
import { VARIABLES } from "./variables.ts";

const SOLICITATION = 135;
const ADVERTISEMENT = 136;

const LINK_LOCAL = v6Prefix(0xfe80n << 112n, 10);
const SOLICITED_NODES = bigints(0xff0200000000000000000001ff000000n, 0xff0200000000000000000001ffffffffn);

/** Addresses of neighbour discovery that neither the files nor the session's ends tell. */
export const NEIGHBOUR = {
  /** Who asks for this host: a router's link-local address, or, for a gateway, the end itself. */
  asking: "asking neighbour",
  /** The router that this host asks for. */
  router: "router",
  /** The solicited-node group of the address that is asked for. */
  group: "asked group",
  /** A gateway's own addresses. */
  own: "own address",
} as const;

type Ends = Pick<Scenario, "role" | "client" | "dialed">;

/** The variables that a session over IPv6 has besides its own. */
export function neighbourVariables({ role, client, dialed }: Ends): Readonly<Record<string, ValueSet>> {
  const ends = (client as typeof LINK_LOCAL).union(dialed as typeof LINK_LOCAL);
  return {
    [NEIGHBOUR.asking]: role === "gateway" ? LINK_LOCAL.union(ends) : LINK_LOCAL,
    // A host does not ask for itself.
    [NEIGHBOUR.router]: ALL_V6.subtract(SOLICITED_NODES).subtract(ownAddress({ role, client, dialed })),
    [NEIGHBOUR.group]: SOLICITED_NODES,
    [NEIGHBOUR.own]: ALL_V6.subtract(SOLICITED_NODES),
  };
}

/** The address of a host at one end, where it is known. */
function ownAddress({ role, client, dialed }: Ends): typeof LINK_LOCAL {
  const own = (role === "client" ? client : dialed) as typeof LINK_LOCAL;
  const isOne = own.min !== undefined && own.end === own.min + 1n;
  return role !== "gateway" && isOne ? own : IntervalSet.empty<bigint>();
}

interface Exchange {
  readonly asks: boolean;
  readonly way: "in" | "out";
  readonly side: "client" | "server";
}

const isAsked = (side: Exchange["side"]): Exchange[] => [
  { asks: true, way: "in", side },
  { asks: false, way: "out", side },
];

const asks = (side: Exchange["side"]): Exchange[] => [
  { asks: true, way: "out", side },
  { asks: false, way: "in", side },
];

/**
 * What has to pass before the first TCP packet when no neighbour cache is warm. A client asks for its router and in
 * doing so makes itself known.
 *
 * IPv6 (RFC 4861; measured): a server is asked by a router's link-local address, which does not tell it the address
 * that its own route names, so it has to ask as well. IPv4 (RFC 826): the question names the address that is routed to.
 */
const NEEDED: Record<IpFamily, Record<Role, readonly Exchange[]>> = {
  4: {
    client: asks("server"),
    server: isAsked("client"),
    gateway: [...isAsked("client"), ...asks("server")],
  },
  6: {
    client: asks("server"),
    server: [...isAsked("client"), ...asks("client")],
    gateway: [...isAsked("client"), ...isAsked("server"), ...asks("server")],
  },
};

interface Interfaces {
  readonly client: Ref;
  readonly server: Ref;
}

/** Lets the hosts find each other on their networks: ARP for IPv4, neighbour discovery for IPv6. */
export function discoverNeighbours(
  run: Run,
  states: readonly State[],
  scenario: Ends & Pick<Scenario, "family">,
  interfaces: Interfaces,
): { passed: State[]; failed: Stop[] } {
  const { role, family } = scenario;
  let passed = [...states];
  const failed: Stop[] = [];
  if (family === 4 && !seesArp(run.ruleset)) return { passed, failed };
  for (const exchange of NEEDED[family][role]) {
    if (passed.length === 0) break;
    const device = interfaces[exchange.side];
    const packet = family === 4 ? arp(exchange, device) : neighbourDiscovery(exchange, device, scenario);
    const result = traverse(run, passed, packet);
    append(failed, result.stopped);
    passed = result.passed;
  }
  return { passed, failed };
}

/** ARP packets meet tables of the families arp and netdev only. */
function seesArp(ruleset: Run["ruleset"]): boolean {
  return [...ruleset.tables.values()].some(({ id }) => id.family === "arp" || id.family === "netdev");
}

function neighbourDiscovery(exchange: Exchange, device: Ref, ends: Ends): Sending {
  const { asks, way } = exchange;
  const incoming = way === "in";
  const type = asks ? SOLICITATION : ADVERTISEMENT;
  return {
    ...onTheWay(incoming, device),
    label: `neighbour ${asks ? "solicitation" : "advertisement"} (ICMPv6 type ${type}) ${incoming ? "to" : "from"} this host`,
    family: 6,
    l4proto: ICMPV6,
    tuple: { ...addressesOf(exchange, ends), sport: constant(0), dport: constant(0) },
    icmpType: type,
    multicast: asks,
  };
}

/** Who writes to whom. A host asks in the name of the address that it sends from (ndisc_solicit). */
function addressesOf({ asks, way }: Exchange, ends: Ends): Pick<Sending["tuple"], "saddr" | "daddr"> {
  const own = variable(
    { client: VARIABLES.client, server: VARIABLES.dialed, gateway: NEIGHBOUR.own }[ends.role],
  );
  const asking = variable(NEIGHBOUR.asking);
  const router = variable(NEIGHBOUR.router);
  const isForThisHost = asks === (way === "in");
  if (!asks) return isForThisHost ? { saddr: own, daddr: asking } : { saddr: router, daddr: own };
  return isForThisHost
    ? { saddr: asking, daddr: groupOf(ends) }
    : { saddr: own, daddr: variable(NEIGHBOUR.group) };
}

/** The solicited-node multicast address (RFC 4291, 2.7.1) of a server whose address is known. */
function groupOf({ role, dialed }: Ends): Ref {
  const { min, end } = dialed;
  if (role !== "server" || typeof min !== "bigint" || end !== min + 1n) return variable(NEIGHBOUR.group);
  return constant((SOLICITED_NODES.min ?? 0n) + (min & 0xffffffn));
}

function arp({ asks, way }: Exchange, device: Ref): Sending {
  const incoming = way === "in";
  const nowhere = constant(0);
  return {
    ...onTheWay(incoming, device),
    label: `ARP ${asks ? "request" : "reply"} ${incoming ? "to" : "from"} this host`,
    family: 4,
    l4proto: 0,
    tuple: { saddr: nowhere, daddr: nowhere, sport: nowhere, dport: nowhere },
    multicast: asks,
    arp: asks ? 1 : 2,
    path: incoming ? "arpIn" : "arpOut",
  };
}

function onTheWay(
  incoming: boolean,
  device: Ref,
): Pick<Sending, "slot" | "sender" | "path" | "flags" | "iif" | "oif"> {
  return {
    slot: "neighbour",
    sender: incoming ? "client" : "server",
    path: incoming ? "in" : "out",
    flags: 0,
    iif: incoming ? device : undefined,
    oif: incoming ? undefined : device,
  };
}
