import { append } from "../model/append.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { ALL_PORTS } from "../model/values.ts";
import type { Ref } from "../netfilter/box.ts";
import { Box, constant, isSingle, variable } from "../netfilter/box.ts";
import type { Budget } from "../netfilter/budget.ts";
import type { Run, Stop } from "../netfilter/chain.ts";
import type { Sender, Tuple } from "../netfilter/conntrack.ts";
import { inverse } from "../netfilter/conntrack.ts";
import type { Announcement, PathName } from "../netfilter/packet.ts";
import { FLAGS, TCP } from "../netfilter/packet.ts";
import type { Slot, State } from "../netfilter/state.ts";
import { assume, NO_PERMITS } from "../netfilter/state.ts";
import type { Sending } from "../netfilter/traverse.ts";
import { traverse } from "../netfilter/traverse.ts";
import { Destination, serverOf } from "./destination.ts";
import { discoverNeighbours, neighbourVariables } from "./neighbour-discovery.ts";
import { publishedServers } from "./published.ts";
import { sendAnswer } from "./rejection.ts";
import type { Mode, Scenario } from "./scenario.ts";
import { VARIABLES } from "./variables.ts";

/** How many different cases of one session are followed. */
const MOST_CASES = 16;

/** How far a set of sessions got, and what ended it. */
export interface Outcome {
  readonly verdict: "works" | "blocked" | "no-control";
  /** Where it ended; "done" for a transfer that passed. */
  readonly phase: "neighbour" | "control-open" | "control" | "data" | "done";
  readonly state: State;
  /** What dropped the packet, for the simulator's own reasons. */
  readonly stop?: Stop;
  /** The packet that did not pass: "data SYN client -> server". */
  readonly step?: string;
  /** Set where no rule did it. */
  readonly reason?: string;
  /** Not followed to its end: the verdict stands for nothing. */
  readonly undecided?: boolean;
}

/**
 * Plays one FTP session (RFC 959, 2428) through a host: address resolution for IPv6, login, PORT or PASV and
 * their IPv6 forms, the data connection with a file from server to client. The outcomes' boxes are disjoint
 * for equal assumptions and cover the scenario. Throws BudgetExceeded.
 */
export function playSession(ruleset: Ruleset, scenario: Scenario, budget: Budget): Outcome[] {
  return playModes(ruleset, scenario, [scenario.mode], budget).get(scenario.mode) ?? [];
}

/** The same session in several modes: they have the login in common. */
export function playModes(
  ruleset: Ruleset,
  scenario: Scenario,
  modes: readonly Mode[],
  budget: Budget,
): Map<Mode, Outcome[]> {
  const run: Run = {
    ruleset,
    budget,
    automaticHelper: scenario.helper,
    nextVariable: 1,
    packets: 0,
    leftOut: [],
  };
  return new Session(run, scenario).play(modes);
}

class Session {
  readonly #run: Run;
  readonly #scenario: Scenario;
  readonly #outcomes: Outcome[] = [];
  readonly #control: Tuple;
  readonly #destination: Destination;
  #leftOut = false;

  constructor(run: Run, scenario: Scenario) {
    this.#run = run;
    this.#scenario = scenario;
    this.#destination = new Destination(scenario);
    this.#control = {
      saddr: variable(VARIABLES.client),
      daddr: variable(VARIABLES.dialed),
      sport: variable(VARIABLES.controlPort),
      dport: constant(scenario.controlPort),
    };
  }

  play(modes: readonly Mode[]): Map<Mode, Outcome[]> {
    let states: State[] = [this.#start()];
    if (!this.#scenario.assumeNeighbours) states = this.#neighbours(states);
    const open = this.#openControl(states);
    const login = this.#outcomes.splice(0);
    return new Map(
      modes.map((mode) => {
        this.#leftOut = false;
        for (const state of open) {
          if (mode === "active") this.#active(state);
          else this.#passive(state);
        }
        return [mode, [...login, ...this.#outcomes.splice(0)]];
      }),
    );
  }

  #start(): State {
    const scenario = this.#scenario;
    const sets: Record<string, ValueSet> = {
      [VARIABLES.client]: scenario.client,
      [VARIABLES.dialed]: scenario.dialed,
      [VARIABLES.clientInterface]: scenario.clientInterface,
      [VARIABLES.serverInterface]: scenario.serverInterface,
      [VARIABLES.controlPort]: scenario.clientPorts,
      [VARIABLES.clientDataPort]: scenario.clientPorts,
      [VARIABLES.passivePort]: scenario.passivePorts,
      [VARIABLES.serverDataPort]: ALL_PORTS.subtract(scenario.passivePorts),
    };
    if (scenario.family === 6) Object.assign(sets, neighbourVariables(scenario));
    return {
      box: new Box(sets),
      packet: NO_PACKET,
      label: "",
      sender: "client",
      slot: "control",
      mark: 0,
      tracking: { kind: "none" },
      connections: {},
      assumptions: [],
      path: [],
      permits: NO_PERMITS,
      controlPermits: NO_PERMITS,
      helperRules: [],
    };
  }

  /** What the first packet's way tells: client and server are different hosts on different sides. */
  #settled(state: State): State {
    const server = serverOf(state);
    let { box } = state;
    if (server && isSingle(box.values(server))) box = without(box, VARIABLES.client, box.values(server));
    if (this.#scenario.role !== "gateway" || !this.#scenario.twoSided) return { ...state, box };
    const [towardsClient, towardsServer] = [VARIABLES.clientInterface, VARIABLES.serverInterface];
    if (isSingle(box.get(towardsClient))) box = without(box, towardsServer, box.get(towardsClient));
    if (isSingle(box.get(towardsServer))) box = without(box, towardsClient, box.get(towardsServer));
    if (server && isSingle(box.values(server))) {
      for (const { address, from } of publishedServers(this.#run.ruleset)) {
        if (from && box.split(server, address).inside) box = without(box, towardsServer, from);
      }
    }
    return { ...state, box };
  }

  #neighbours(states: State[]): State[] {
    const { passed, failed } = discoverNeighbours(this.#run, states, this.#scenario, {
      client: variable(VARIABLES.clientInterface),
      server: variable(VARIABLES.serverInterface),
    });
    for (const stop of failed) this.#fail("no-control", "neighbour", stop);
    return passed;
  }

  #openControl(states: State[]): State[] {
    const syn = this.#send(states, "client", "control", "SYN", this.#control, FLAGS.syn);
    for (const stop of syn.stopped) this.#fail("no-control", "control-open", stop);
    let current = syn.passed
      .map((state) => this.#settled({ ...state, controlPermits: state.permits }))
      .filter((state) => !this.#scenario.onlyPermitted || isPermitted(state));
    const exchange: [Sender, string, number][] = [
      ["server", "SYN+ACK", FLAGS.syn | FLAGS.ack],
      ["client", "ACK", FLAGS.ack],
      ["server", "220 greeting", FLAGS.psh | FLAGS.ack],
      ["client", "USER and PASS", FLAGS.psh | FLAGS.ack],
    ];
    for (const [sender, what, flags] of exchange) {
      current = this.#step(current, sender, "control", what, this.#control, flags, "no-control");
    }
    return current;
  }

  /** PORT or EPRT, then the server connects to the client. */
  #active(state: State): void {
    const { dataPort } = this.#scenario;
    const named: Announcement = {
      command: this.#isExtended() ? "EPRT" : "PORT",
      addr: variable(VARIABLES.client),
      port: variable(VARIABLES.clientDataPort),
    };
    for (const after of this.#announce([state], "client", named)) {
      const heard = after.packet.announcement ?? named;
      const acknowledged = this.#step(
        [after],
        "server",
        "control",
        "200",
        this.#control,
        FLAGS.psh | FLAGS.ack,
        "blocked",
      );
      const peer = after.packet.saddr;
      for (const one of this.#fromOwnAddress(acknowledged, heard.addr ?? peer, peer, named.command)) {
        this.#transfer([one], "server", {
          saddr: serverOf(after) ?? this.#control.daddr,
          sport: dataPort === "any" ? variable(VARIABLES.serverDataPort) : constant(dataPort),
          daddr: heard.addr ?? peer,
          dport: heard.port,
        });
      }
    }
  }

  #isExtended(): boolean {
    return this.#scenario.family === 6 || this.#scenario.commands === "extended";
  }

  /** Servers connect only to the host that the control connection comes from. */
  #fromOwnAddress(states: readonly State[], named: Ref, peer: Ref, command: string): State[] {
    const own: State[] = [];
    for (const state of states) {
      const { equal, different, open } = this.#destination.compare(state.box, named, peer);
      if (equal) own.push({ ...state, box: equal });
      if (different) this.#refusePort({ ...state, box: different }, command);
      if (!open) continue;
      const fact = "whether the address that NAT gives the client is the one it names in its commands";
      const supposed = (holds: boolean) => assume(state, { key: "named address", fact, holds });
      own.push(supposed(true));
      this.#refusePort(supposed(false), command);
    }
    return own;
  }

  #refusePort(state: State, command: string): void {
    this.#outcomes.push({
      verdict: "blocked",
      phase: "data",
      state,
      step: `${command} client -> server`,
      reason: `${command} names the client's private address: NAT changes the packet but, without the conntrack helper, not the address inside it, so the server refuses the command or connects to nowhere`,
    });
  }

  /** PASV or EPSV, then the client connects to the server. */
  #passive(state: State): void {
    const extended = this.#isExtended();
    const asked = this.#step(
      [state],
      "client",
      "control",
      extended ? "EPSV" : "PASV",
      this.#control,
      FLAGS.psh | FLAGS.ack,
      "blocked",
    );
    for (const one of asked) {
      const named: Announcement = {
        command: extended ? "229" : "227",
        addr: extended ? undefined : this.#announced(one),
        port: variable(VARIABLES.passivePort),
      };
      for (const after of this.#announce([one], "server", named)) {
        const heard = after.packet.announcement ?? named;
        for (const { from, daddr } of this.#dialled(after, heard.addr)) {
          this.#transfer([from], "client", {
            saddr: this.#control.saddr,
            sport: variable(VARIABLES.clientDataPort),
            daddr,
            dport: heard.port,
          });
        }
      }
    }
  }

  /** What the server names in its 227 reply: its own address unless its configuration says another. */
  #announced({ packet }: State): Ref {
    const { announced } = this.#scenario;
    return announced?.min === undefined ? packet.daddr : constant(announced.min);
  }

  /** Where the client connects to: the address it dialled before, or the one in the reply. */
  #dialled(state: State, named: Ref | undefined): { from: State; daddr: Ref }[] {
    const { daddr } = this.#control;
    if (this.#scenario.pasvAddress === "ignore" || !named) return [{ from: state, daddr }];
    const { equal, different, open } = this.#destination.compare(state.box, named, daddr);
    const dialled: { from: State; daddr: Ref }[] = [];
    if (equal) dialled.push({ from: { ...state, box: equal }, daddr });
    const rest = different ?? open;
    if (rest) {
      const from = { ...state, box: rest };
      if (this.#destination.isHairpin(from)) this.#refuseDirect(from);
      else dialled.push({ from, daddr: named });
    }
    return dialled;
  }

  #refuseDirect(state: State): void {
    this.#outcomes.push({
      verdict: "blocked",
      phase: "data",
      state,
      step: "data SYN client -> server",
      reason:
        "the client follows the address in the 227 reply and connects to the server directly, past the firewall; the server refuses it, for the control connection comes from the firewall",
    });
  }

  /** Under TLS the helper sees only ciphertext: the announcement then never reaches it. */
  #announce(states: State[], sender: Sender, announcement: Announcement): State[] {
    const visible = this.#scenario.tls === "none" ? announcement : undefined;
    const flags = FLAGS.psh | FLAGS.ack;
    const what = announcement.command;
    return this.#step(states, sender, "control", what, this.#control, flags, "blocked", visible);
  }

  #transfer(states: State[], opener: Sender, tuple: Tuple): void {
    let current = this.#openData(states, opener, tuple);
    for (const [sender, ...ways] of exchangeOfData(this.#scenario.role, opener)) {
      const from = sender === opener ? tuple : inverse(tuple);
      current = this.#oneOf(current, sender, from, ways);
    }
    for (const state of current) this.#outcomes.push({ verdict: "works", phase: "done", state });
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
          const sent = this.#send(current, sender, "data", what, tuple, flags);
          current = sent.passed;
          for (const stop of sent.stopped) {
            if (stop.answer === "tcp-reset") this.#fail("blocked", "data", first ?? stop);
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
        this.#fail("blocked", "data", { ...first, state: { ...first.state, box, assumptions } });
      }
    }
    return passed;
  }

  /**
   * The data connection's first packet. When an expected one is dropped, its expectation is used up and the
   * retransmission a second later is simply NEW, which another rule may accept.
   */
  #openData(states: State[], opener: Sender, tuple: Tuple): State[] {
    const first = this.#send(states, opener, "data", "SYN", tuple, FLAGS.syn);
    const opened = [...first.passed];
    for (const stop of first.stopped) {
      // What has left this host, and is lost behind it, has its entry: it comes again as it was.
      const isNewAgain = stop.reason === undefined && (stop.state.connections.data?.expected ?? false);
      if (!isNewAgain) {
        this.#fail("blocked", "data", stop);
        continue;
      }
      const { gaveUp, goesOn } = this.#rejection(stop, opener);
      for (const state of gaveUp) this.#fail("blocked", "data", { ...stop, state });
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
    const second = this.#send(again, opener, "data", "SYN again", tuple, FLAGS.syn);
    // The cause to report is what stopped the first attempt.
    for (const { state } of second.stopped) {
      const { box, assumptions } = state;
      this.#fail("blocked", "data", { ...first, state: { ...first.state, box, assumptions } });
    }
    return second.passed;
  }

  /**
   * Whether the sender of a rejected SYN hears of it, and so gives up, or tries again as after a drop. The answer is
   * RELATED to the connection and has to leave this host as any packet of its own (nf_reject_ipv4.c, nf_conntrack_attach).
   */
  #rejection(stop: Stop, opener: Sender): { gaveUp: State[]; goesOn: State[] } {
    if (stop.how === "drop") return { gaveUp: [], goesOn: [stop.state] };
    const heard = sendAnswer(this.#run, stop, this.#scenario, opener);
    const goesOn = heard.stopped.map(({ state }) => ({
      ...stop.state,
      box: state.box,
      assumptions: state.assumptions,
    }));
    const gaveUp: State[] = [];
    for (const { box, assumptions } of heard.passed) {
      const state = { ...stop.state, box, assumptions };
      if (this.#scenario.family === 4 || stop.answer === "tcp-reset") gaveUp.push(state);
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

  /** Sends a packet of an open connection; what is stopped ends its sessions with `verdict`. */
  #step(
    states: State[],
    sender: Sender,
    slot: Slot,
    what: string,
    tuple: Tuple,
    flags: number,
    verdict: "blocked" | "no-control",
    announcement?: Announcement,
  ): State[] {
    const directed = slot === "control" && sender === "server" ? inverse(tuple) : tuple;
    const result = this.#send(states, sender, slot, what, directed, flags, announcement);
    const phase = slot === "data" ? "data" : "control";
    for (const stop of result.stopped) this.#fail(verdict, phase, stop);
    return result.passed;
  }

  #send(
    states: State[],
    sender: Sender,
    slot: Slot,
    what: string,
    tuple: Tuple,
    flags: number,
    announcement?: Announcement,
  ): { passed: State[]; stopped: Stop[] } {
    if (states.length === 0) return { passed: [], stopped: [] };
    const { role, family } = this.#scenario;
    const client = variable(VARIABLES.clientInterface);
    const server = variable(VARIABLES.serverInterface);
    const fromClient = sender === "client";
    const sending: Sending = {
      label: `${slot} ${what} ${sender} -> ${fromClient ? "server" : "client"}`,
      slot,
      sender,
      path: pathOf(role, sender),
      family,
      l4proto: TCP,
      tuple,
      flags,
      iif: fromClient ? client : server,
      oif: fromClient ? server : client,
      announcement,
      destinationType: (daddr) => this.#destination.typeOf(daddr),
      route: (state) => this.#destination.route(state, tuple),
      arrive: (state) => this.#destination.arrive(state, tuple),
      limit: (passed) => this.#affordable(passed),
    };
    const result = traverse(this.#run, states, role === "gateway" ? sending : onHost(sending, role));
    for (const state of this.#run.leftOut.splice(0)) this.#leaveOut(state);
    return result;
  }

  /** Too many different cases are not all followed: those left out end as undecided. */
  #affordable(states: State[]): State[] {
    if (states.length <= MOST_CASES) return states;
    const first: State[] = [];
    const others: State[] = [];
    for (const state of states) {
      const concerned = state.permits.named.length + state.controlPermits.named.length > 0;
      (concerned ? first : others).push(state);
    }
    const ordered = [...first, ...others];
    for (const state of ordered.slice(MOST_CASES)) this.#leaveOut(state);
    return ordered.slice(0, MOST_CASES);
  }

  /** One of them says it: they are not judged, only not denied. */
  #leaveOut(state: State): void {
    if (this.#leftOut) return;
    this.#leftOut = true;
    const reason = "too many different clients, addresses and ports to follow them all";
    this.#outcomes.push({ verdict: "no-control", phase: "control-open", state, reason, undecided: true });
  }

  #fail(verdict: "blocked" | "no-control", phase: Outcome["phase"], stop: Stop): void {
    this.#outcomes.push({
      verdict,
      phase,
      state: stop.state,
      stop,
      step: stop.state.label,
      reason: stop.reason,
    });
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

/** The box without some values of a variable, unless that would leave nothing. */
function without(box: Box, name: string, values: ValueSet): Box {
  return box.split(variable(name), values).outside ?? box;
}

/** Whether a rule, and not a policy alone, let the control connection in. */
export function isPermitted({ controlPermits, helperRules }: State): boolean {
  const { named, broadly, sentOn } = controlPermits;
  return named.length > 0 || broadly || sentOn.length > 0 || helperRules.length > 0;
}

function pathOf(role: Scenario["role"], sender: Sender): PathName {
  if (role === "gateway") return "through";
  return role === sender ? "out" : "in";
}

/** On a host at one end only the interface towards the other end counts. */
function onHost(sending: Sending, role: "server" | "client"): Sending {
  const towards = variable(role === "server" ? VARIABLES.clientInterface : VARIABLES.serverInterface);
  return sending.path === "in"
    ? { ...sending, iif: towards, oif: undefined }
    : { ...sending, iif: undefined, oif: towards };
}

const NO_PACKET: State["packet"] = {
  family: 4,
  l4proto: 0,
  saddr: constant(0),
  daddr: constant(0),
  flags: 0,
  multicast: false,
  pktType: 0,
};
