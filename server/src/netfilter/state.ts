import { append } from "../model/append.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain, Hook } from "../model/ruleset.ts";
import type { Origin } from "../text/origin.ts";
import type { Box } from "./box.ts";
import { unionOfSets } from "./box.ts";
import type { Connection, CtState, Direction, Expectation, Sender } from "./conntrack.ts";
import type { Packet } from "./packet.ts";

/** A connection of the session; neighbour discovery has packets but no connection. */
export type Slot = "control" | "data" | "neighbour";

/** What conntrack says of the packet at hand. "none": it has not seen it yet. */
export type Tracking =
  | { readonly kind: "none" }
  | { readonly kind: "untracked" }
  | { readonly kind: "invalid" }
  | { readonly kind: "tracked"; readonly direction: Direction; readonly state: CtState };

/** Something the files do not say, taken one way or the other on this path. */
export interface Assumption {
  readonly key: string;
  /** Noun phrase that completes "it depends on …". */
  readonly fact: string;
  readonly holds: boolean;
  readonly origin?: Origin;
}

export type StepEffect =
  | { readonly kind: "verdict"; readonly verdict: "accept" | "drop" | "reject" }
  | { readonly kind: "policy"; readonly verdict: "accept" | "drop" }
  | { readonly kind: "jump"; readonly chain: string }
  /** What conntrack says of the packet, or expects after it. */
  | { readonly kind: "conntrack"; readonly text: string }
  | { readonly kind: "note"; readonly text: string };

/** Which rules let a packet through, as opposed to a policy. */
export interface Permits {
  /** Those that name the packet's destination port, or jumped to the one that accepted and name it. */
  readonly named: readonly Rule[];
  /** Some rule accepted it that names no port. */
  readonly broadly: boolean;
  /** DNAT and REDIRECT rules that name the port and sent the packet on. */
  readonly sentOn: readonly Rule[];
}

export const NO_PERMITS: Permits = { named: [], broadly: false, sentOn: [] };

/** One thing that happened to a packet on its way: the common record behind every explanation. */
export interface Step {
  readonly packet: string;
  readonly hook: Hook;
  readonly chain?: Chain;
  readonly rule?: Rule;
  readonly effect: StepEffect;
}

/** A list that grows at its end and shares its beginning between forks. */
export interface Trace {
  readonly previous?: Trace;
  readonly step: Step;
}

/**
 * One set of sessions at one moment: the constraint of the path so far, the packet under way, and everything
 * the host remembers. Immutable; rules fork it.
 */
export interface State {
  readonly box: Box;
  readonly packet: Packet;
  /** What a reader calls the packet: "control SYN client -> server:21". */
  readonly label: string;
  readonly sender: Sender;
  readonly slot: Slot;
  readonly mark: number | "unknown";
  readonly tracking: Tracking;
  /** The packet answers one that was rejected; it changes nothing about the connection that it belongs to. */
  readonly answer?: boolean;
  /** Left by `-j CT` in table raw for conntrack to find. */
  readonly templateHelper?: string;
  readonly connections: { readonly control?: Connection; readonly data?: Connection };
  readonly expectation?: Expectation;
  readonly assumptions: readonly Assumption[];
  readonly trace?: Trace;
  /** The rules whose jumps led to the present chain. */
  readonly path: readonly Rule[];
  /** How rules let the packet at hand through the input, forward or output hook. */
  readonly permits: Permits;
  /** How they let the first packet of the control connection through. */
  readonly controlPermits: Permits;
  /** Rules that assigned a helper to the control connection. */
  readonly helperRules: readonly Rule[];
}

export function connectionOf(state: State): Connection | undefined {
  return state.slot === "neighbour" ? undefined : state.connections[state.slot];
}

export function withConnection(state: State, connection: Connection | undefined): State {
  if (state.slot === "neighbour") return state;
  return { ...state, connections: { ...state.connections, [state.slot]: connection } };
}

export function record(state: State, step: Omit<Step, "packet">): State {
  return { ...state, trace: { previous: state.trace, step: { packet: state.label, ...step } } };
}

export function traceSteps(trace: Trace | undefined): Step[] {
  const steps: Step[] = [];
  for (let at = trace; at; at = at.previous) steps.push(at.step);
  return steps.reverse();
}

export function assumed(state: State, key: string): boolean | undefined {
  for (const assumption of state.assumptions) if (assumption.key === key) return assumption.holds;
  return undefined;
}

/** A path that rests on more is in doubt anyhow. */
const MOST_ASSUMED = 32;

export function assume(state: State, assumption: Assumption): State {
  const before =
    state.assumptions.length < MOST_ASSUMED ? state.assumptions : [doubtAbout(state.assumptions[0])];
  return { ...state, assumptions: [...before, assumption] };
}

let doubts = 0;

/** An assumption that no other path shares: what rests on it may be so, and is never certain. */
function doubtAbout(asked: Assumption | undefined): Assumption {
  const fact = asked?.fact ?? "something the files do not say";
  return { key: `doubt ${++doubts}`, fact, origin: asked?.origin, holds: true };
}

/**
 * Joins states that differ only in their boxes, where the boxes make one box, or in what was assumed on the
 * way to the same state. Keeps the number of states small after rules that split and meet again. Linear: a
 * long list of addresses must not make it slow.
 */
export function mergeStates(states: readonly State[]): State[] {
  if (states.length < 2) return [...states];
  const merged: State[] = [];
  for (const group of alike(states)) {
    append(merged, joinAll(joinEqualBoxes(group)));
  }
  return merged;
}

/** Along each variable in turn, as often as it helps: boxes that were split by two variables need two rounds. */
function joinAll(states: readonly State[]): readonly State[] {
  let list = states;
  for (let before = Number.POSITIVE_INFINITY; list.length > 1 && list.length < before; ) {
    before = list.length;
    for (const [at, name] of list[0]!.box.variables().entries()) {
      if (list.length > 1 && varies(list, at)) list = joinAlong(list, name, at);
    }
  }
  return list;
}

function varies(states: readonly State[], at: number): boolean {
  const first = states[0]!.box.setIds()[at];
  return states.some((state) => state.box.setIds()[at] !== first);
}

/** Groups of states that are the same but for box, assumptions and trace. */
function alike(states: readonly State[]): State[][] {
  const groups: State[][] = [];
  const byPacket = new Map<State["packet"], State[][]>();
  for (const state of states) {
    const candidates = byPacket.get(state.packet) ?? [];
    const group = candidates.find((one) => sameButBox(one[0]!, state));
    if (group) {
      group.push(state);
      continue;
    }
    const fresh = [state];
    groups.push(fresh);
    byPacket.set(state.packet, [...candidates, fresh]);
  }
  return groups;
}

function sameButBox(a: State, b: State): boolean {
  return (
    a.packet === b.packet &&
    a.mark === b.mark &&
    a.slot === b.slot &&
    a.templateHelper === b.templateHelper &&
    a.expectation === b.expectation &&
    a.connections.control === b.connections.control &&
    a.connections.data === b.connections.data &&
    sameRules(a.permits.named, b.permits.named) &&
    sameRules(a.controlPermits.named, b.controlPermits.named) &&
    sameRules(a.permits.sentOn, b.permits.sentOn) &&
    sameRules(a.controlPermits.sentOn, b.controlPermits.sentOn) &&
    sameTracking(a.tracking, b.tracking)
  );
}

/** States that reached the same box on different assumptions, where these together leave a question open. */
function joinEqualBoxes(states: readonly State[]): State[] {
  const byBox = new Map<string, State[]>();
  for (const state of states) {
    const key = state.box.setIds().join(" ");
    const group = byBox.get(key);
    if (group) group.push(state);
    else byBox.set(key, [state]);
  }
  return [...byBox.values()].flatMap((group) => withDoubt(joinAssumptions(group)));
}

/** More different assumptions than this are not told apart any further. */
const MOST_ALTERNATIVES = 2;

/**
 * Many states that differ only in what was assumed go on as one, in doubt: it stands for some of the assumptions, and
 * never for all. So ten rate limits in a row do not make ten sessions, and a thousand after three packets.
 */
function withDoubt(states: readonly State[]): readonly State[] {
  const [first, ...others] = states;
  if (!first || states.length <= MOST_ALTERNATIVES) return states;
  const common = first.assumptions.filter((one) =>
    others.every(({ assumptions }) => assumptions.some((other) => same(one, other))),
  );
  const doubt = doubtAbout(first.assumptions.find((one) => !common.includes(one)) ?? first.assumptions[0]);
  return [others.reduce((all, one) => joined(all, one, first.box, [...common, doubt]), first)];
}

/**
 * Two states become one where one asks for no more than the other, or where they part on a single question: then the
 * answer does not matter. "Not A" and "A but not B" stay two: together they are not everything.
 */
function joinAssumptions(states: readonly State[]): State[] {
  const joint: State[] = [];
  if (states.length > MANY_ALTERNATIVES) return joinNeighbours(states);
  for (const state of states) {
    let next = state;
    for (let at = 0; at < joint.length; at++) {
      const other = joint[at]!;
      const assumptions = jointAssumptions(other.assumptions, next.assumptions);
      if (!assumptions) continue;
      next = joined(other, next, other.box, assumptions);
      // What has become simpler may now meet others.
      joint.splice(at, 1);
      at = -1;
    }
    joint.push(next);
  }
  return joint;
}

const MANY_ALTERNATIVES = 24;

/** The same for very many, which come from a row of rules: each asks for one answer more than the one before. */
function joinNeighbours(states: readonly State[]): State[] {
  const ordered = [...states].sort((a, b) => b.assumptions.length - a.assumptions.length);
  const joint: State[] = [];
  for (const state of ordered) {
    const last = joint.at(-1);
    const assumptions = last && jointAssumptions(last.assumptions, state.assumptions);
    if (last && assumptions) joint[joint.length - 1] = joined(last, state, last.box, assumptions);
    else joint.push(state);
  }
  return joint;
}

function jointAssumptions(
  a: readonly Assumption[],
  b: readonly Assumption[],
): readonly Assumption[] | undefined {
  if (a === b) return a;
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  if (many.length > few.length) return includesAll(many, few) ? few : undefined;
  const different = few.filter((one) => !many.some((other) => same(one, other)));
  if (different.length === 0) return few;
  const [only] = different;
  if (different.length > 1 || !only || !many.some((other) => other.key === only.key)) return undefined;
  return few.filter((one) => one !== only);
}

function includesAll(many: readonly Assumption[], few: readonly Assumption[]): boolean {
  return few.every((one) => many.some((other) => same(one, other)));
}

function same(a: Assumption, b: Assumption): boolean {
  return a.key === b.key && a.holds === b.holds;
}

/** States whose boxes differ in one variable only become one. */
function joinAlong(states: readonly State[], name: string, at: number): State[] {
  const byRest = new Map<string, State[]>();
  for (const state of states) {
    const rest = state.box.setIds().filter((_, i) => i !== at);
    const key = `${rest.join(" ")} ${assumptionsKey(state.assumptions)}`;
    const group = byRest.get(key);
    if (group) group.push(state);
    else byRest.set(key, [state]);
  }
  return [...byRest.values()].map((group) => {
    const [first, ...others] = group as [State, ...State[]];
    if (others.length === 0) return first;
    const box = first.box.with(name, unionOfSets(group.map((one) => one.box.get(name))));
    return others.reduce((all, one) => joined(all, one, box, first.assumptions), first);
  });
}

function joined(a: State, b: State, box: Box, assumptions: readonly Assumption[]): State {
  return {
    ...a,
    box,
    assumptions,
    permits: eitherPermits(a.permits, b.permits),
    controlPermits: eitherPermits(a.controlPermits, b.controlPermits),
    helperRules: union(a.helperRules, b.helperRules),
  };
}

function assumptionsKey(assumptions: readonly Assumption[]): string {
  return assumptions.map((one) => `${one.key}=${one.holds}`).join("&");
}

function eitherPermits(a: Permits, b: Permits): Permits {
  return a.broadly || !b.broadly ? a : { ...a, broadly: true };
}

function sameRules(a: readonly Rule[], b: readonly Rule[]): boolean {
  return a === b || (a.length === b.length && a.every((rule, i) => rule === b[i]));
}

function sameTracking(a: Tracking, b: Tracking): boolean {
  if (a.kind !== "tracked" || b.kind !== "tracked") return a.kind === b.kind;
  return a.direction === b.direction && a.state === b.state;
}

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (a === b || b.length === 0) return a;
  const extra = b.filter((item) => !a.includes(item));
  return extra.length === 0 ? a : [...a, ...extra];
}
