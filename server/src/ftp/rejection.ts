import { constant } from "../netfilter/box.ts";
import type { Run, Stop } from "../netfilter/chain.ts";
import type { Sender } from "../netfilter/conntrack.ts";
import { directionOf, inverse } from "../netfilter/conntrack.ts";
import { FLAGS, ICMP, ICMPV6, TCP } from "../netfilter/packet.ts";
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
  const sending: Sending = {
    label: `${reset ? "TCP reset" : "ICMP error"} that answers ${state.label}`,
    slot: state.slot,
    sender: connection && directionOf(connection, sender) === direction ? sender : other(sender),
    path: "out",
    family,
    l4proto: reset ? TCP : family === 4 ? ICMP : ICMPV6,
    tuple: inverse({
      saddr: packet.saddr,
      daddr: packet.daddr,
      sport: packet.sport ?? constant(0),
      dport: packet.dport ?? constant(0),
    }),
    flags: reset ? FLAGS.rst | FLAGS.ack : 0,
    icmpType: reset ? undefined : UNREACHABLE[family],
    oif: local ? LOOPBACK : packet.iif,
    tracking: { kind: "tracked", direction, state: "related" },
  };
  const left = traverse(run, [state], sending);
  if (!local) return left;
  const back = traverse(run, left.passed, { ...sending, path: "in", iif: LOOPBACK, oif: undefined });
  return { passed: back.passed, stopped: [...left.stopped, ...back.stopped] };
}

const LOOPBACK = constant("lo");

function other(sender: Sender): Sender {
  return sender === "client" ? "server" : "client";
}
