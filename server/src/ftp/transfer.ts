import { append } from "../model/append.ts";
import type { Stop } from "../netfilter/chain.ts";
import type { Sender, Tuple } from "../netfilter/conntrack.ts";
import { inverse } from "../netfilter/conntrack.ts";
import { FLAGS } from "../netfilter/packet.ts";
import type { State } from "../netfilter/state.ts";
import { assume } from "../netfilter/state.ts";
import { sendAnswer } from "./rejection.ts";
import type { Scenario } from "./scenario.ts";
import type { Wire } from "./wire.ts";

/** The data connection, with a file from server to client. Its outcomes are the wire's. */
export function transfer(wire: Wire, states: State[], opener: Sender, tuple: Tuple): void {
  new Transfer(wire).run(states, opener, tuple);
}

class Transfer {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  run(states: State[], opener: Sender, tuple: Tuple): void {
    let current = this.#openData(states, opener, tuple);
    for (const [sender, ...ways] of exchangeOfData(this.#wire.scenario.role, opener)) {
      const from = sender === opener ? tuple : inverse(tuple);
      current = this.#oneOf(current, sender, from, ways);
    }
    for (const state of current) this.#wire.outcomes.push({ verdict: "works", phase: "done", state });
  }

  /** Sends a packet of the data connection; where it is dropped TCP has other ways to bring over the same. */
  #oneOf(states: State[], sender: Sender, tuple: Tuple, ways: readonly Way[]): State[] {
    const passed: State[] = [];
    // The same packet for all of them; what comes again does so for each by itself, with its own first cause.
    let left: { readonly states: State[]; readonly first?: Stop }[] = [{ states }];
    for (const way of ways) {
      const next: typeof left = [];
      for (const { states: tried, first } of left) {
        let current = tried;
        for (const [what, flags] of way) {
          const sent = this.#wire.send(current, sender, "data", what, tuple, flags);
          current = sent.passed;
          for (const stop of sent.stopped) {
            if (stop.answer === "tcp-reset") this.#wire.fail("blocked", "data", first ?? stop);
            else next.push({ states: [stop.state], first: first ?? stop });
          }
        }
        append(passed, current);
      }
      left = next;
    }
    for (const { states: lost, first } of left) {
      if (!first) continue;
      for (const { box, assumptions } of lost) {
        this.#wire.fail("blocked", "data", { ...first, state: { ...first.state, box, assumptions } });
      }
    }
    return passed;
  }

  /**
   * The data connection's first packet. When an expected one is dropped, its expectation is used up and the
   * retransmission a second later is simply NEW, which another rule may accept.
   */
  #openData(states: State[], opener: Sender, tuple: Tuple): State[] {
    const first = this.#wire.send(states, opener, "data", "SYN", tuple, FLAGS.syn);
    const opened = [...first.passed];
    for (const stop of first.stopped) {
      // What has left this host, and is lost behind it, has its entry: it comes again as it was.
      const isNewAgain = stop.reason === undefined && (stop.state.connections.data?.expected ?? false);
      if (!isNewAgain) {
        this.#wire.fail("blocked", "data", stop);
        continue;
      }
      const { gaveUp, goesOn } = this.#rejection(stop, opener);
      for (const state of gaveUp) this.#wire.fail("blocked", "data", { ...stop, state });
      append(opened, this.#openAgain(goesOn, stop, opener, tuple));
    }
    return opened;
  }

  #openAgain(states: readonly State[], first: Stop, opener: Sender, tuple: Tuple): State[] {
    const again = states.map(
      (state): State => ({
        ...state,
        connections: { control: first.state.connections.control },
        expectation: undefined,
      }),
    );
    const second = this.#wire.send(again, opener, "data", "SYN again", tuple, FLAGS.syn);
    // The cause to report is what stopped the first attempt.
    for (const { state } of second.stopped) {
      const { box, assumptions } = state;
      this.#wire.fail("blocked", "data", { ...first, state: { ...first.state, box, assumptions } });
    }
    return second.passed;
  }

  /**
   * Whether the sender of a rejected SYN hears of it, and so gives up, or tries again as after a drop. The answer is
   * RELATED to the connection and has to leave this host as any packet of its own (nf_reject_ipv4.c, nf_conntrack_attach).
   */
  #rejection(stop: Stop, opener: Sender): { gaveUp: State[]; goesOn: State[] } {
    if (stop.how === "drop") return { gaveUp: [], goesOn: [stop.state] };
    const heard = sendAnswer(this.#wire.run, stop, this.#wire.scenario, opener);
    const goesOn = heard.stopped.map(({ state }) => ({
      ...stop.state,
      box: state.box,
      assumptions: state.assumptions,
    }));
    const gaveUp: State[] = [];
    for (const { box, assumptions } of heard.passed) {
      const state = { ...stop.state, box, assumptions };
      if (this.#wire.scenario.family === 4 || stop.answer === "tcp-reset") gaveUp.push(state);
      else {
        // Measured: the same client gives up or not, depending on how fast the error comes back.
        const fact = "whether the connecting host gives up at the ICMPv6 error or tries again a second later";
        const assumption = { key: `icmpv6 error ${opener}`, fact, origin: stop.rule?.origin };
        gaveUp.push(assume(state, { ...assumption, holds: true }));
        goesOn.push(assume(state, { ...assumption, holds: false }));
      }
    }
    return { gaveUp, goesOn };
  }
}

/** Packets that together bring something over: what each is called, and its TCP flags. */
type Way = readonly (readonly [what: string, flags: number])[];

/**
 * A data connection after its SYN, with the ways in which each part can come over (measured with rules that drop
 * packets by their flags). Who drops his own packets sends them again in another form: data and FIN together, or the
 * FIN with PSH (tcp_write_wakeup); lost on the way they come again as they were. With the server's FIN the file is
 * complete, and the client's own carries the same ACK as the packet before; a client that cannot send it sends none.
 */
function exchangeOfData(role: Scenario["role"], opener: Sender): [Sender, ...Way[]][] {
  const { syn, ack, psh, fin } = FLAGS;
  const other: Sender = opener === "client" ? "server" : "client";
  const answer: [Sender, ...Way[]] = [other, [["SYN+ACK", syn | ack]]];
  const handshakeEnd: [Sender, ...Way[]] = ["client", [["ACK", ack]]];
  const apart: Way = [
    ["file data", psh | ack],
    ["FIN", fin | ack],
  ];
  const together: Way = [["file data and FIN", psh | fin | ack]];
  const file: [Sender, ...Way[]] = role === "server" ? ["server", apart, together] : ["server", apart];
  const received: [Sender, ...Way[]] =
    role === "client"
      ? ["client", [["FIN", fin | ack]], [["FIN again", psh | fin | ack]]]
      : ["client", [["ACK", ack]], [["FIN", fin | ack]]];
  // Who opens the connection and sends the file need not finish the handshake: the data does.
  return opener === "server" ? [answer, file, received] : [answer, handshakeEnd, file, received];
}
