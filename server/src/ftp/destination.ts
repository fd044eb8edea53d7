import type { Box, Ref } from "../netfilter/box.ts";
import { isSingle, sameRef, variable } from "../netfilter/box.ts";
import type { Tuple } from "../netfilter/conntrack.ts";
import { DRAWN_PORT, isLocalAddress } from "../netfilter/nat.ts";
import { RTN } from "../netfilter/packet.ts";
import type { State } from "../netfilter/state.ts";
import { assume, assumed, connectionOf } from "../netfilter/state.ts";
import type { Routing } from "../netfilter/traverse.ts";
import type { Scenario } from "./scenario.ts";
import { VARIABLES } from "./variables.ts";

const CLIENT = variable(VARIABLES.client);
const DIALED = variable(VARIABLES.dialed);

const AT_FIREWALL = "NAT sends it to the firewall itself, where no FTP server runs";
const NOT_SENT_ON = "no rule sends it on to the server: the client dials the firewall's own address";
const ANOTHER_SERVER = "NAT sends it to another address than the server's";
const ANOTHER_CLIENT = "NAT sends it on to another host than the client";
const ANOTHER_HOST = "NAT sends it on to another host";
const ANOTHER_PORT =
  "NAT sends it to another port than the one that was agreed on, where nobody waits for data";
const ANOTHER_SOURCE =
  "the server refuses it: NAT lets it come from another address than the control connection, which servers take for an attack";
const UNTRANSLATED =
  "connection tracking does not see this packet (notrack, or invalid), so NAT does not translate it, and its receiver does not know it";
const NAMES_ANOTHER = "the server announces an address that is not its own";
const PAST_THE_FIREWALL =
  "client and server are on the same side: the server answers the client directly, past the firewall, and the client did not dial that address; the source has to be translated as well (masquerade)";

/** Where a session's packets have to go, and what becomes of those that NAT or nobody sends there. */
export class Destination {
  readonly #scenario: Scenario;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  /** Whether a packet is for the firewall itself, where that is known before routing (RTN_*). */
  typeOf(daddr: Ref): number | undefined {
    const { role, server, dialed, dialsFirewall } = this.#scenario;
    if (isLocalAddress(daddr)) return RTN.local;
    if (sameRef(daddr, CLIENT)) return role === "client" ? RTN.local : RTN.unicast;
    if (sameRef(daddr, DIALED)) {
      if (dialsFirewall || role === "server") return RTN.local;
      return server || role === "client" ? RTN.unicast : undefined;
    }
    if ("variable" in daddr) return undefined;
    const isOne = (set: typeof dialed | undefined) =>
      set !== undefined && isSingle(set) && set.min === daddr.value;
    if (isOne(server)) return role === "server" ? RTN.local : RTN.unicast;
    return isOne(dialed) && dialsFirewall ? RTN.local : undefined;
  }

  /** Where the packet goes once its destination is settled. `sent`: as its sender put it on the wire. */
  route(state: State, sent: Tuple): Routing {
    const { role } = this.#scenario;
    if (isReply(state)) return here(state);
    const toServer = state.sender === "client";
    if (role === (toServer ? "server" : "client")) return this.#toThisHost(state, sent);
    if (isLocalAddress(state.packet.daddr)) return lost(state, AT_FIREWALL);
    if (!toServer) return this.#compared(state, state.packet.daddr, CLIENT, ANOTHER_CLIENT);
    return state.slot === "control" ? this.#controlToServer(state, sent) : this.#dataToServer(state, sent);
  }

  /** What its receiver makes of a packet that has come through. */
  arrive(state: State, sent: Tuple): Routing {
    if (isReply(state)) return here(state);
    return inTurn(
      state,
      (one) => unlessUntranslated(one),
      (one) => this.#unlessAnsweredDirectly(one, sent),
      (one) => this.#atItsPort(one, sent),
      (one) => this.#fromItsSource(one),
    );
  }

  #atItsPort(state: State, sent: Tuple): Routing {
    if (state.slot === "control") return atSomePort(state);
    if (state.slot !== "data" || state.packet.dport === undefined) return here(state);
    return this.#compared(state, state.packet.dport, sent.dport, ANOTHER_PORT);
  }

  #fromItsSource(state: State): Routing {
    const { slot, sender, packet } = state;
    if (slot !== "data" || sender === "server" || packet.dport === undefined) return here(state);
    return this.#compared(state, packet.saddr, controlSource(state), ANOTHER_SOURCE);
  }

  /** Client and server behind the same interface of a gateway. */
  isHairpin({ box }: State): boolean {
    if (this.#scenario.role !== "gateway") return false;
    const [client, server] = [box.get(VARIABLES.clientInterface), box.get(VARIABLES.serverInterface)];
    return isSingle(client) && isSingle(server) && client.min === server.min;
  }

  /** On one network the answers to what was only forwarded do not come back through the firewall. */
  #unlessAnsweredDirectly(state: State, sent: Tuple): Routing {
    const { packet, sender, box } = state;
    const forwarded = sender === "client" && !sameRef(packet.daddr, sent.daddr);
    if (!forwarded || !this.isHairpin(state)) return here(state);
    const { equal, different, open } = this.compare(box, packet.saddr, sent.saddr);
    if (!open) return parted(state, different, equal, PAST_THE_FIREWALL);
    return supposed(state, "source unchanged", "whether NAT changes the client's address", PAST_THE_FIREWALL);
  }

  #toThisHost(state: State, sent: Tuple): Routing {
    const { dialsFirewall, server } = this.#scenario;
    const { daddr } = state.packet;
    const unchanged = sameRef(daddr, sent.daddr);
    if (state.sender === "server") {
      if (unchanged || isLocalAddress(daddr)) return here(state);
      return this.#compared(state, daddr, CLIENT, ANOTHER_HOST);
    }
    if (state.slot === "control") {
      if (unchanged) return dialsFirewall ? lost(state, NOT_SENT_ON) : here(state);
      if (isLocalAddress(daddr)) return here(state);
      const { inside, outside } = state.box.split(daddr, server ?? state.box.get(VARIABLES.dialed));
      return parted(state, inside, outside, ANOTHER_HOST);
    }
    // A server waits for data at the address that the control connection came to.
    const answering = serverOf(state) ?? DIALED;
    if (isLocalAddress(daddr) && !dialsFirewall) return here(state);
    // What is redirected comes to the address that was dialled, or to one beside it.
    const own = isLocalAddress(answering) && !dialsFirewall ? DIALED : answering;
    return this.#compared(state, daddr, own, unchanged ? NOT_SENT_ON : ANOTHER_SERVER);
  }

  #controlToServer(state: State, sent: Tuple): Routing {
    const { server, dialsFirewall } = this.#scenario;
    const { daddr } = state.packet;
    if (sameRef(daddr, sent.daddr)) return dialsFirewall ? lost(state, NOT_SENT_ON) : here(state);
    if (!server) return here(state);
    const { inside, outside } = state.box.split(daddr, server);
    return parted(state, inside, outside, ANOTHER_SERVER);
  }

  /** Data has to come to the host that the control connection came to. */
  #dataToServer(state: State, sent: Tuple): Routing {
    const { daddr } = state.packet;
    const unchanged = sameRef(daddr, sent.daddr);
    const reason = !unchanged ? ANOTHER_SERVER : sameRef(daddr, DIALED) ? NOT_SENT_ON : NAMES_ANOTHER;
    return this.#compared(state, daddr, serverOf(state) ?? DIALED, reason);
  }

  /** Splits by whether two addresses are the same. */
  compare(box: Box, a: Ref, b: Ref): ReturnType<Box["compare"]> {
    return this.#isApart(a, b) || this.#isApart(b, a) ? { different: box } : box.compare(a, b);
  }

  /** The firewall's own address is neither the client's nor the server's. */
  #isApart(local: Ref, other: Ref): boolean {
    const { role, server, client, dialed, dialsFirewall } = this.#scenario;
    if (!isLocalAddress(local) || isLocalAddress(other) || role !== "gateway") return false;
    if ("variable" in other) return sameRef(other, CLIENT) || (sameRef(other, DIALED) && !dialsFirewall);
    const known = [client, server, dialsFirewall ? undefined : dialed];
    return known.some((set) => set !== undefined && isSingle(set) && set.min === other.value);
  }

  /** Only where two values are the same does the packet get there. */
  #compared(state: State, a: Ref, b: Ref, reason: string): Routing {
    const { equal, different, open } = this.compare(state.box, a, b);
    if (!open) return parted(state, equal, different, reason);
    const fact = "which address NAT gives the control connection, and which the data connection";
    return supposed(state, `same ${reason}`, fact, reason);
  }
}

/** The server's own address, which NAT may hide from the client; undefined where the connection is not tracked. */
export function serverOf({ connections: { control } }: State): Ref | undefined {
  // Picked up in mid-stream, the connection may have begun with one of the server's packets.
  return control?.originator === "server" ? control.original.saddr : control?.reply.saddr;
}

/** The address from which the control connection comes to the server. */
function controlSource({ connections: { control } }: State): Ref {
  if (!control) return CLIENT;
  return control.originator === "server" ? control.original.daddr : control.reply.daddr;
}

/** What conntrack does not see NAT leaves as it is, also in the midst of a connection that is translated. */
function unlessUntranslated(state: State): Routing {
  const connection = connectionOf(state);
  const translated = connection !== undefined && (connection.snat || connection.dnat);
  const isSeen = state.tracking.kind === "tracked" || state.packet.dport === undefined;
  return translated && !isSeen ? lost(state, UNTRANSLATED) : here(state);
}

/** The server listens at the port that NAT leads to, unless NAT draws that by lot. */
function atSomePort(state: State): Routing {
  const { dport } = state.packet;
  const drawn = dport && "variable" in dport && dport.variable.startsWith(DRAWN_PORT);
  if (!drawn) return here(state);
  const fact = "which port of a range NAT draws for the control connection";
  return supposed(state, "drawn control port", fact, "NAT sends it to a port on which no FTP server listens");
}

function isReply({ tracking }: State): boolean {
  return tracking.kind === "tracked" && tracking.direction === "reply";
}

function here(state: State): Routing {
  return { here: [state], elsewhere: [] };
}

function lost(state: State, reason: string): Routing {
  return { here: [], elsewhere: [{ state, reason }] };
}

function parted(state: State, inside: Box | undefined, outside: Box | undefined, reason: string): Routing {
  return {
    here: inside ? [{ ...state, box: inside }] : [],
    elsewhere: outside ? [{ state: { ...state, box: outside }, reason }] : [],
  };
}

/** Both ways, where nobody can tell; the same answer each time within a session. */
function supposed(state: State, key: string, fact: string, reason: string): Routing {
  const known = assumed(state, key);
  if (known !== undefined) return known ? here(state) : lost(state, reason);
  const on = (holds: boolean) => assume(state, { key, fact, holds });
  return { here: [on(true)], elsewhere: [{ state: on(false), reason }] };
}

/** One test after the other, each of what the ones before let pass. */
function inTurn(state: State, ...tests: readonly ((state: State) => Routing)[]): Routing {
  const elsewhere: { state: State; reason: string }[] = [];
  let current: State[] = [state];
  for (const test of tests) {
    const results = current.map(test);
    current = results.flatMap((one) => one.here);
    for (const one of results) elsewhere.push(...one.elsewhere);
  }
  return { here: current, elsewhere };
}
