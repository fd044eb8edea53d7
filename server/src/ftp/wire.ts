import { IntervalSet } from "../model/interval-set.ts";
import type { ValueSet } from "../model/values.ts";
import { Box, constant, variable } from "../netfilter/box.ts";
import type { Run, Stop } from "../netfilter/chain.ts";
import type { Sender, Tuple } from "../netfilter/conntrack.ts";
import { inverse } from "../netfilter/conntrack.ts";
import type { Announcement, PathName } from "../netfilter/packet.ts";
import { TCP } from "../netfilter/packet.ts";
import type { Slot, State } from "../netfilter/state.ts";
import type { Sending } from "../netfilter/traverse.ts";
import { traverse } from "../netfilter/traverse.ts";
import { Destination } from "./destination.ts";
import type { Outcome } from "./outcome.ts";
import type { Scenario } from "./scenario.ts";
import { VARIABLES } from "./variables.ts";

/** How many different cases of one session are followed. */
const MOST_CASES = 16;

/** What client and server of one session send through the host, and how their sessions end. */
export class Wire {
  readonly run: Run;
  readonly scenario: Scenario;
  readonly destination: Destination;
  /** The control connection as the client opens it. */
  readonly control: Tuple;
  readonly outcomes: Outcome[] = [];
  /** Sessions that are not followed although a rule for FTP lets them in, and one of the others. */
  readonly #leftOut: State[] = [];
  #unjudged: State | undefined;

  constructor(run: Run, scenario: Scenario) {
    this.run = run;
    this.scenario = scenario;
    this.destination = new Destination(scenario);
    this.control = {
      saddr: variable(VARIABLES.client),
      daddr: variable(VARIABLES.dialed),
      sport: variable(VARIABLES.controlPort),
      dport: constant(scenario.controlPort),
    };
  }

  /** The outcomes so far, which are then forgotten. */
  takeOutcomes(): Outcome[] {
    const leftOut = summarised(this.#leftOut.splice(0)).map((state) =>
      undecided(state.slot === "data" ? "data" : "control", state),
    );
    if (this.#unjudged) leftOut.push(undecided("control-open", this.#unjudged));
    this.#unjudged = undefined;
    return [...this.outcomes.splice(0), ...leftOut];
  }

  /** Sends a packet of an open connection; what is stopped ends its sessions with `verdict`. */
  step(
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
    const result = this.send(states, sender, slot, what, directed, flags, announcement);
    const phase = slot === "data" ? "data" : "control";
    for (const stop of result.stopped) this.fail(verdict, phase, stop);
    return result.passed;
  }

  send(
    states: State[],
    sender: Sender,
    slot: Slot,
    what: string,
    tuple: Tuple,
    flags: number,
    announcement?: Announcement,
  ): { passed: State[]; stopped: Stop[] } {
    if (states.length === 0) return { passed: [], stopped: [] };
    const { role, family } = this.scenario;
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
      destinationType: (daddr) => this.destination.typeOf(daddr),
      route: (state) => this.destination.route(state, tuple),
      arrive: (state) => this.destination.arrive(state, tuple),
      limit: (passed) => this.#affordable(passed),
    };
    const result = traverse(this.run, states, role === "gateway" ? sending : onHost(sending, role));
    this.#leaveOut(this.run.leftOut.splice(0));
    return result;
  }

  fail(verdict: "blocked" | "no-control", phase: Outcome["phase"], stop: Stop): void {
    this.outcomes.push({
      verdict,
      phase,
      state: stop.state,
      stop,
      step: stop.state.label,
      reason: stop.reason,
    });
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
    this.#leaveOut(ordered.slice(MOST_CASES));
    return ordered.slice(0, MOST_CASES);
  }

  /**
   * What becomes of the sessions that a rule for FTP lets in is not known then. Of those that no such rule lets in, one
   * says it: they are not judged, only not denied.
   */
  #leaveOut(states: readonly State[]): void {
    for (const state of states) {
      const controlPermits = state.slot === "control" ? joinedPermits(state) : state.controlPermits;
      if (controlPermits.named.length > 0) this.#leftOut.push({ ...state, controlPermits });
      else this.#unjudged ??= state;
    }
  }
}

const TOO_MANY_CASES = "too many different clients, addresses and ports to follow them all";

function undecided(phase: Outcome["phase"], state: State): Outcome {
  return { verdict: "no-control", phase, state, reason: TOO_MANY_CASES, undecided: true };
}

/** How many sessions that were left out are told apart. */
const MOST_LEFT_OUT = 64;

/** As few as are affordable: the last stands for all that remain, and for more than they are. */
function summarised(states: readonly State[]): State[] {
  if (states.length <= MOST_LEFT_OUT) return [...states];
  const alone = states.slice(0, MOST_LEFT_OUT - 1);
  const others = states.slice(alone.length);
  const sets: Record<string, ValueSet> = {};
  for (const name of new Set(others.flatMap(({ box }) => box.variables()))) {
    const all = others.map(({ box }) => box.get(name) as IntervalSet<never>);
    sets[name] = IntervalSet.unionOf(all) as ValueSet;
  }
  return [...alone, { ...others[0]!, box: new Box(sets) }];
}

/** What has let the control connection in so far. */
function joinedPermits({ permits, controlPermits }: State): State["controlPermits"] {
  return controlPermits.named.length > 0 ? controlPermits : permits;
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
