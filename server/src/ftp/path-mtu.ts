import type { Ruleset } from "../model/ruleset.ts";
import { variable } from "../netfilter/box.ts";
import type { Budget } from "../netfilter/budget.ts";
import type { Stop } from "../netfilter/chain.ts";
import { newRun } from "../netfilter/chain.ts";
import type { Sender } from "../netfilter/conntrack.ts";
import { directionOf } from "../netfilter/conntrack.ts";
import { ICMP, ICMPV6 } from "../netfilter/packet.ts";
import type { State } from "../netfilter/state.ts";
import type { Sending } from "../netfilter/traverse.ts";
import { traverse } from "../netfilter/traverse.ts";
import type { Scenario } from "./scenario.ts";
import { HOST_ADDRESSES } from "./scenario.ts";
import { VARIABLES } from "./variables.ts";

/** ICMP destination unreachable (code 4: fragmentation needed, RFC 1191) and ICMPv6 packet too big (RFC 8201). */
const TOO_BIG = { 4: 3, 6: 2 } as const;

const ROUTER = "a router on the way";

/**
 * What stops the ICMP error by which a router on the way, over whose next link a full packet of the data connection
 * does not fit, tells its sender. Without it the sender repeats the packet for ever: small files pass, large ones
 * hang. `state`: after a transfer that passed. Undefined where the error gets through, or may. Throws BudgetExceeded.
 */
export function pathMtuStop(
  ruleset: Ruleset,
  scenario: Scenario,
  state: State,
  budget: Budget,
): Stop | undefined {
  const run = newRun(ruleset, scenario.helper, budget);
  for (const error of errorsOf(state, scenario)) {
    const { passed, stopped } = traverse(run, [withRouter(state, scenario)], error);
    if (passed.length === 0 && stopped.length > 0) return stopped[0];
  }
  return undefined;
}

/** A gateway forwards the errors of routers beyond it, and sends its own where one of its links is the small one. */
function errorsOf(state: State, scenario: Scenario): Sending[] {
  const beyond = sendersOfData(scenario).map((sender) => errorTo(sender, state, scenario));
  return scenario.role === "gateway" ? [...beyond, ...beyond.map(ofItsOwn)] : beyond;
}

/** What the host answers itself belongs to the packet's connection from the start (nf_ct_attach). */
function ofItsOwn(error: Sending): Sending {
  const label = error.label.replace("of a router on the way", "of this gateway");
  return { ...error, label, path: "out", iif: undefined, tracking: error.conntrack, conntrack: undefined };
}

/** Whose full packets meet the small link behind this firewall: downloads come from the server, uploads from the client. */
function sendersOfData({ role }: Scenario): readonly Sender[] {
  return role === "gateway" ? ["server", "client"] : [role];
}

function withRouter(state: State, { family }: Scenario): State {
  return { ...state, box: state.box.with(ROUTER, HOST_ADDRESSES[family]) };
}

/** The error comes from the other side, as a packet of nobody's connection that is RELATED to the data connection. */
function errorTo(sender: Sender, { connections: { data } }: State, { role, family }: Scenario): Sending {
  const client = variable(VARIABLES.clientInterface);
  const server = variable(VARIABLES.serverInterface);
  const from: Sender = sender === "server" ? "client" : "server";
  const [iif, oif] = from === "client" ? [client, server] : [server, client];
  // It goes the way of the packets that `from` sends on this connection.
  const direction = data && directionOf(data, from);
  const tuple = data && (direction === "original" ? data.original : data.reply);
  const nowhere = variable(from === "client" ? VARIABLES.dialed : VARIABLES.client);
  return {
    label: `ICMP error of a router on the way to the ${sender}: the packet is too big`,
    slot: "data",
    sender: from,
    path: role === "gateway" ? "through" : "in",
    family,
    l4proto: family === 4 ? ICMP : ICMPV6,
    tuple: {
      saddr: variable(ROUTER),
      daddr: tuple?.daddr ?? nowhere,
      sport: tuple?.sport ?? nowhere,
      dport: tuple?.dport ?? nowhere,
    },
    flags: 0,
    icmpType: TOO_BIG[family],
    iif,
    oif: role === "gateway" ? oif : undefined,
    conntrack: direction ? { kind: "tracked", direction, state: "related" } : { kind: "invalid" },
  };
}
