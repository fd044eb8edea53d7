import { ALL_V4, ALL_V6 } from "../model/values.ts";
import type { Ref } from "../netfilter/box.ts";
import { constant, variable } from "../netfilter/box.ts";
import type { Run, Stop } from "../netfilter/chain.ts";
import type { Sender } from "../netfilter/conntrack.ts";
import { directionOf } from "../netfilter/conntrack.ts";
import { LOCAL_ADDRESS } from "../netfilter/nat.ts";
import type { Packet } from "../netfilter/packet.ts";
import { FLAGS, ICMP, ICMPV6, TCP } from "../netfilter/packet.ts";
import type { State } from "../netfilter/state.ts";
import type { Sending, Traversal } from "../netfilter/traverse.ts";
import { traverse } from "../netfilter/traverse.ts";
import type { Scenario } from "./scenario.ts";

const UNREACHABLE = { 4: 3, 6: 1 } as const;

/**
 * Sends the answer to a rejected packet on its way: a TCP reset, or an ICMP error. It starts on this host; where the
 * rejected packet did so as well, it comes back over the loopback interface. `passed`: the sender hears it.
 */
export function sendAnswer(
  run: Run,
  stop: Stop,
  { family }: Pick<Scenario, "family">,
  sender: Sender,
): Traversal {
  const { state } = stop;
  const { packet, tracking } = state;
  const reset = stop.answer === "tcp-reset";
  const local = stop.hook === "output" || stop.hook === "postrouting";
  const direction = tracking.kind === "tracked" && tracking.direction === "reply" ? "original" : "reply";
  const connection = state.connections.data;
  const start = reset || stop.hook !== "forward" ? state : withOwnAddress(state, family);
  const sending: Sending = {
    label: `${reset ? "TCP reset" : "ICMP error"} that answers ${state.label}`,
    slot: state.slot,
    sender: connection && directionOf(connection, sender) === direction ? sender : other(sender),
    path: "out",
    family,
    l4proto: reset ? TCP : family === 4 ? ICMP : ICMPV6,
    tuple: {
      saddr: reset ? packet.daddr : errorSource(stop, packet),
      daddr: packet.saddr,
      sport: packet.dport ?? constant(0),
      dport: packet.sport ?? constant(0),
    },
    flags: reset ? FLAGS.rst | FLAGS.ack : 0,
    icmpType: reset ? undefined : UNREACHABLE[family],
    oif: local ? LOOPBACK : packet.iif,
    tracking: { kind: "tracked", direction, state: "related" },
  };
  const left = traverse(run, [start], sending);
  if (!local) return left;
  const back = traverse(run, left.passed, { ...sending, path: "in", iif: LOOPBACK, oif: undefined });
  return { passed: back.passed, stopped: [...left.stopped, ...back.stopped] };
}

const LOOPBACK = constant("lo");

const OWN_ADDRESS = `${LOCAL_ADDRESS}of ICMP errors`;

function withOwnAddress(state: State, family: 4 | 6): State {
  return { ...state, box: state.box.with(OWN_ADDRESS, family === 4 ? ALL_V4 : ALL_V6) };
}

/** An ICMP error comes from an address of this host, not from the one that was dialled (icmp_send). */
function errorSource({ hook }: Stop, packet: Packet): Ref {
  if (hook === "forward") return variable(OWN_ADDRESS);
  return hook === "input" ? packet.daddr : packet.saddr;
}

function other(sender: Sender): Sender {
  return sender === "client" ? "server" : "client";
}
