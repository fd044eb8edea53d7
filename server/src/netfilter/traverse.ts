import { append } from "../model/append.ts";
import type { Chain, Hook } from "../model/ruleset.ts";
import { name } from "../model/values.ts";
import type { Ref } from "./box.ts";
import type { Run, Stop } from "./chain.ts";
import { runChain } from "./chain.ts";
import type { Connection, Expectation, Sender, Tuple } from "./conntrack.ts";
import { advance, directionOf, expects, newConnection, startsTracking, tupleOf } from "./conntrack.ts";
import { runFtpHelper } from "./ftp-helper.ts";
import { hookEntries } from "./hooks.ts";
import { decideNull, manipOf, manipulate, natDecided, sameTupleIn } from "./nat.ts";
import type { Announcement, IpFamily, Packet, PathName } from "./packet.ts";
import { ICMPV6, PATHS, RTN, TCP } from "./packet.ts";
import type { Slot, State, Tracking } from "./state.ts";
import { assume, assumed, connectionOf, mergeStates, NO_PERMITS, record, withConnection } from "./state.ts";

/** A packet to send through the host. */
export interface Sending {
  readonly label: string;
  readonly slot: Slot;
  readonly sender: Sender;
  readonly path: PathName;
  readonly family: IpFamily;
  readonly l4proto: number;
  /** As the sender puts it on the wire; a tracked connection's own tuple takes precedence. */
  readonly tuple: Tuple;
  readonly flags: number;
  readonly icmpType?: number;
  readonly multicast?: boolean;
  readonly iif?: Ref;
  readonly oif?: Ref;
  readonly announcement?: Announcement;
  /** An ARP packet: 1 request, 2 reply. */
  readonly arp?: number;
  /** What conntrack says of it where it need not be asked: the answer to a packet that was rejected. */
  readonly tracking?: Tracking;
  /** What conntrack makes of it when it sees it: an ICMP error belongs to the connection of the packet inside it. */
  readonly conntrack?: Tracking;
  /** RTN_* of a destination of which it is known before routing. */
  readonly destinationType?: (daddr: Ref) => number | undefined;
  /** Called after each hook: which states are followed further when there are very many. */
  readonly limit?: (states: State[]) => State[];
  /** Where the packet goes once its destination is settled: what is not for this path, with the reason. */
  readonly route?: (state: State) => Routing;
  /** What its receiver makes of it when it has passed all hooks. */
  readonly arrive?: (state: State) => Routing;
}

export interface Routing {
  readonly here: readonly State[];
  readonly elsewhere: readonly { readonly state: State; readonly reason: string }[];
}

export interface Traversal {
  readonly passed: State[];
  readonly stopped: Stop[];
}

/** Sends one packet through all hooks of its path, starting from each of `states`. */
export function traverse(run: Run, states: readonly State[], sending: Sending): Traversal {
  run.packets++;
  let current = states.map((state) => emit(state, sending));
  const stopped: Stop[] = [];
  for (const hook of PATHS[sending.path]) {
    const entered = new Map<Packet, Packet>();
    current = current.map((state) => enter(state, hook, sending, entered));
    const result = runHook(run, hook, current, sending);
    append(stopped, result.stopped);
    current = sending.limit ? sending.limit(result.passed) : result.passed;
    if (hook === "prerouting" || hook === "output") current = sorted(current, hook, sending.route, stopped);
    if (current.length === 0) break;
  }
  const last = isOutgoing(sending) || sending.path === "through" ? "postrouting" : "input";
  const received = sorted(current, last, sending.arrive, stopped);
  const arrived = received.filter((state) => {
    const reason = lostOnTheWay(state, sending);
    if (reason) stopped.push({ state, hook: last, how: "drop", reason });
    return !reason;
  });
  return { passed: mergeStates(arrived.flatMap((state) => confirm(state, last))), stopped };
}

/** Routers drop what has no hop left, and neighbours do not listen to what has come through a router (RFC 4861). */
function lostOnTheWay({ packet, slot }: State, { path, l4proto }: Sending): string | undefined {
  const { hops } = packet;
  if (path !== "out" && l4proto === TCP && packet.pktType !== 0) {
    return "a rule has changed its packet type, and TCP takes only what is addressed to this host";
  }
  if (hops === undefined) return undefined;
  if (slot === "neighbour" && packet.family === 6 && hops !== 255) {
    return "a rule has changed its hop limit, which has to be 255: neighbours take it for a packet from elsewhere";
  }
  if (path === "in" || hops === "lower" || hops > 1) return undefined;
  return "a rule leaves it no hop to go: the next router drops it";
}

/** The state in which the packet has just been put on its way. */
function emit(state: State, sending: Sending): State {
  const connection = sending.slot === "neighbour" ? undefined : state.connections[sending.slot];
  const tuple =
    connection && !sending.tracking && !sending.conntrack
      ? tupleOf(connection, directionOf(connection, sending.sender))
      : sending.tuple;
  const isTcp = sending.l4proto === TCP;
  return {
    ...state,
    label: sending.label,
    slot: sending.slot,
    sender: sending.sender,
    mark: 0,
    tracking: sending.tracking ?? { kind: "none" },
    answer: sending.tracking !== undefined || sending.conntrack !== undefined,
    templateHelper: undefined,
    path: [],
    permits: NO_PERMITS,
    packet: {
      family: sending.family,
      l4proto: sending.l4proto,
      saddr: tuple.saddr,
      daddr: tuple.daddr,
      sport: isTcp ? tuple.sport : undefined,
      dport: isTcp ? tuple.dport : undefined,
      flags: sending.flags,
      icmpType: sending.icmpType,
      multicast: sending.multicast ?? false,
      pktType: isOutgoing(sending) || !sending.multicast ? 0 : sending.arp === undefined ? 2 : 1,
      arp: sending.arp,
      announcement: sending.announcement,
      saddrType: sending.path === "out" ? RTN.local : RTN.unicast,
      daddrType:
        sending.path === "in"
          ? RTN.local
          : sending.path === "out"
            ? RTN.unicast
            : sending.destinationType?.(tuple.daddr),
    },
  };
}

function isOutgoing({ path }: Sending): boolean {
  return path === "out" || path === "arpOut";
}

/** Interfaces as a hook sees them: none outgoing before routing, none incoming for what the host sends. */
function enter(state: State, hook: Hook, sending: Sending, entered: Map<Packet, Packet>): State {
  const beforeRouting = hook === "ingress" || hook === "prerouting" || hook === "input";
  // Neighbour discovery's packets know their device from the start, and postrouting takes it for the incoming one.
  const selfMade = sending.slot === "neighbour" && hook === "postrouting" ? sending.oif : undefined;
  const iif = isOutgoing(sending) || hook === "egress" ? selfMade : sending.iif;
  const oif = beforeRouting ? undefined : sending.oif;
  const { packet } = state;
  if (packet.iif === iif && packet.oif === oif) return state;
  // Shared packets stay shared, so that states can be joined.
  const known = entered.get(packet) ?? { ...packet, iif, oif };
  entered.set(packet, known);
  return { ...state, packet: known };
}

/** Sets aside what is not for the place that the session's path leads to. */
function sorted(states: readonly State[], hook: Hook, route: Sending["route"], stopped: Stop[]): State[] {
  if (!route) return [...states];
  const here: State[] = [];
  for (const state of states) {
    const routing = route(state);
    append(here, routing.here);
    for (const { state: lost, reason } of routing.elsewhere) {
      stopped.push({ state: lost, hook, how: "drop", reason });
    }
  }
  return here;
}

function runHook(
  run: Run,
  hook: Hook,
  states: readonly State[],
  sending: Sending,
): { passed: State[]; stopped: Stop[] } {
  let current: State[] = [...states];
  const stopped: Stop[] = [];
  const packet = states[0]?.packet;
  const family = packet?.arp === undefined ? (packet?.family ?? 4) : "arp";
  for (const entry of hookEntries(run.ruleset, hook, family)) {
    if (current.length === 0) break;
    if (entry.kind === "conntrack") {
      current = current.map((state) => noted(track(run, state, sending), state, hook));
    } else if (entry.kind === "chain") {
      const result = runBaseChain(run, entry.chain, hook, current);
      append(stopped, result.stopped);
      current = result.passed;
    } else {
      const result = runNat(run, entry.chains, hook, current, sending);
      append(stopped, result.stopped);
      current = result.passed;
    }
  }
  return { passed: mergeStates(current), stopped };
}

function runBaseChain(
  run: Run,
  chain: Chain,
  hook: Hook,
  states: readonly State[],
): { passed: State[]; stopped: Stop[] } {
  const { devices } = chain.base!;
  const inside: State[] = [];
  const passed: State[] = [];
  for (const state of states) {
    const device = hook === "egress" ? state.packet.oif : state.packet.iif;
    if ((hook !== "ingress" && hook !== "egress") || devices.length === 0 || !device) inside.push(state);
    else splitByDevice(state, device, devices, inside, passed);
  }
  const result = runChain(run, chain, hook, inside);
  append(passed, result.accepted);
  for (const state of result.returned) applyPolicy(chain, hook, state, passed, result.stopped);
  return { passed, stopped: result.stopped };
}

function splitByDevice(
  state: State,
  device: Ref,
  devices: readonly string[],
  inside: State[],
  outside: State[],
): void {
  let rest: State | undefined = state;
  for (const one of devices) {
    if (!rest) return;
    const parts: ReturnType<State["box"]["split"]> = rest.box.split(device, name(one));
    if (parts.inside) inside.push({ ...rest, box: parts.inside });
    rest = parts.outside ? { ...rest, box: parts.outside } : undefined;
  }
  if (rest) outside.push(rest);
}

function applyPolicy(chain: Chain, hook: Hook, state: State, passed: State[], stopped: Stop[]): void {
  const { policy } = chain;
  const decided = (verdict: "accept" | "drop", from: State) => {
    const done = record(from, { hook, chain, effect: { kind: "policy", verdict } });
    if (verdict === "accept") passed.push(done);
    else stopped.push({ state: done, hook, chain, how: "drop" });
  };
  if (policy.presence === "certain") {
    decided(policy.verdict, state);
    return;
  }
  const key = `presence ${policy.presence.maybe}`;
  const known = assumed(state, key);
  const other = policy.verdict === "accept" ? "drop" : "accept";
  const assumption = { key, fact: policy.presence.maybe, origin: policy.origin };
  if (known !== false) {
    decided(policy.verdict, known ? state : assume(state, { ...assumption, holds: true }));
  }
  if (known !== true)
    decided(other, known === false ? state : assume(state, { ...assumption, holds: false }));
}

/** What conntrack made of the packet, for the reader. */
function noted(after: State, before: State, hook: Hook): State {
  if (after === before) return before;
  return record(after, { hook, effect: { kind: "conntrack", text: conntrackInWords(after) } });
}

function conntrackInWords(state: State): string {
  const { tracking } = state;
  if (tracking.kind !== "tracked") return tracking.kind;
  const connection = connectionOf(state);
  if (tracking.state === "related") return `related (expected by the ${connection?.masterHelper} helper)`;
  const helper =
    tracking.state === "new" && connection?.helper ? `, with the helper ${connection.helper}` : "";
  return `${tracking.state}${helper}`;
}

/** Conntrack at priority -200: finds or makes the packet's connection (nf_conntrack_in). */
function track(run: Run, state: State, { conntrack }: Sending): State {
  if (state.tracking.kind !== "none") return state;
  if (conntrack) return { ...state, tracking: conntrack };
  const { packet } = state;
  // Neighbour and router discovery is never tracked (nf_conntrack_icmpv6_error).
  if (packet.l4proto === ICMPV6 || state.slot === "neighbour") {
    return { ...state, tracking: { kind: "untracked" } };
  }
  const existing = connectionOf(state);
  if (!existing && !startsTracking(packet.flags)) return { ...state, tracking: { kind: "invalid" } };
  const started = existing ? { state, connection: existing } : start(run, state);
  const { connection } = started;
  const direction = directionOf(connection, state.sender);
  const step = advance(connection, direction, packet.flags);
  const tracked = withConnection(started.state, step.connection);
  return step.state === "invalid"
    ? { ...tracked, tracking: { kind: "invalid" } }
    : { ...tracked, tracking: { kind: "tracked", direction, state: step.state } };
}

/** A new entry: expected, or with the helper that a template or the old automatism gives it. */
function start(run: Run, state: State): { state: State; connection: Connection } {
  const { packet, expectation } = state;
  const tuple: Tuple = {
    saddr: packet.saddr,
    daddr: packet.daddr,
    sport: packet.sport!,
    dport: packet.dport!,
  };
  const fresh = newConnection(packet.family, state.sender, tuple, packet.flags);
  if (expectation && expects(expectation, tuple)) {
    const expected: Connection = {
      ...fresh,
      expected: true,
      masterHelper: expectation.masterHelper,
      mark: state.connections.control?.mark ?? 0,
    };
    const { follow } = expectation;
    const connection = follow ? followMaster(state.box, expected, follow) : expected;
    return { state: { ...state, expectation: undefined }, connection };
  }
  if (state.templateHelper === "") return { state, connection: fresh };
  if (state.templateHelper !== undefined) {
    return { state, connection: { ...fresh, helper: state.templateHelper, helperAssigned: true } };
  }
  const automatic =
    run.automaticHelper === "forced"
      ? state.slot === "control"
      : run.automaticHelper === "automatic" &&
        "value" in tuple.dport &&
        run.helperPorts.some((port) => "value" in tuple.dport && tuple.dport.value === port);
  return { state, connection: automatic ? { ...fresh, helper: "ftp" } : fresh };
}

/** nf_nat_follow_master: both ends are decided; they count as translated where that changes anything. */
function followMaster(
  box: State["box"],
  connection: Connection,
  { saddr, daddr, dport }: NonNullable<Expectation["follow"]>,
): Connection {
  const { original, reply: untouched } = connection;
  const reply: Tuple = { saddr: daddr, sport: dport, daddr: saddr, dport: original.sport };
  const changes = (parts: Partial<Tuple>) => !sameTupleIn(box, { ...untouched, ...parts }, untouched);
  return {
    ...connection,
    reply,
    natSource: true,
    natDestination: true,
    snat: changes({ daddr: saddr }),
    dnat: changes({ saddr: daddr, sport: dport }),
  };
}

/** The nat chains of a hook: rules for a connection's first packet, then the rewriting for every packet. */
function runNat(
  run: Run,
  chains: readonly Chain[],
  hook: Hook,
  states: readonly State[],
  { destinationType }: Sending,
): { passed: State[]; stopped: Stop[] } {
  const manip = manipOf(hook);
  const passed: State[] = [];
  const stopped: Stop[] = [];
  if (!manip) return { passed: [...states], stopped };
  const undecided = (state: State) => {
    const connection = connectionOf(state);
    const first =
      state.tracking.kind === "tracked" &&
      state.tracking.direction === "original" &&
      (state.tracking.state === "new" || state.tracking.state === "related");
    return connection !== undefined && first && !natDecided(connection, manip);
  };
  let open = states.filter(undecided);
  append(
    passed,
    states.filter((state) => !undecided(state)),
  );
  for (const chain of chains) {
    const result = runBaseChain(run, chain, hook, open);
    append(stopped, result.stopped);
    append(
      passed,
      result.passed.filter((state) => !undecided(state)),
    );
    open = result.passed.filter(undecided);
  }
  for (const state of open) passed.push(withConnection(state, decideNull(connectionOf(state)!, manip)));
  return { passed: passed.map((state) => manipulate(state, manip, destinationType)), stopped };
}

/** The end of the way: the connection becomes a real entry, and its helper reads the packet. */
function confirm(state: State, hook: Hook): State[] {
  const connection = connectionOf(state);
  if (!connection || state.tracking.kind !== "tracked" || state.answer) return [state];
  const helped = runFtpHelper(state, hook);
  if (connection.confirmed) return helped;
  return helped.map((one) => withConnection(one, { ...connection, confirmed: true }));
}
