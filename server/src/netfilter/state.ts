import type { Rule } from "../model/rule.ts";
import type { Chain, Hook } from "../model/ruleset.ts";
import type { Origin } from "../text/origin.ts";
import type { Box } from "./box.ts";
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
  | { readonly kind: "note"; readonly text: string };

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
  /** Left by `-j CT` in table raw for conntrack to find. */
  readonly templateHelper?: string;
  readonly connections: { readonly control?: Connection; readonly data?: Connection };
  readonly expectation?: Expectation;
  readonly assumptions: readonly Assumption[];
  readonly trace?: Trace;
  /** Rules that accepted the packet at hand in the input, forward or output hook. */
  readonly permits: readonly Rule[];
  /** Those that accepted the first packet of the control connection. */
  readonly controlPermits: readonly Rule[];
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

export function assume(state: State, assumption: Assumption): State {
  return { ...state, assumptions: [...state.assumptions, assumption] };
}

/**
 * Joins states that differ only in their boxes, where the boxes make one box, or in what was assumed on the
 * way to the same state. Keeps the number of states small after rules that split and meet again.
 */
export function mergeStates(states: readonly State[]): State[] {
  if (states.length < 2) return [...states];
  const merged: State[] = [];
  for (const state of states) {
    const at = merged.findIndex((other) => join(other, state) !== undefined);
    if (at < 0) merged.push(state);
    else merged[at] = join(merged[at]!, state)!;
  }
  return merged.length < states.length ? mergeStates(merged) : merged;
}

function join(a: State, b: State): State | undefined {
  if (
    a.packet !== b.packet ||
    a.mark !== b.mark ||
    a.slot !== b.slot ||
    a.templateHelper !== b.templateHelper ||
    a.expectation !== b.expectation ||
    a.connections.control !== b.connections.control ||
    a.connections.data !== b.connections.data ||
    !sameTracking(a.tracking, b.tracking)
  ) {
    return undefined;
  }
  const sameBox = a.box.equals(b.box);
  if (!sameBox && !sameAssumptions(a.assumptions, b.assumptions)) return undefined;
  const box = sameBox ? a.box : a.box.merge(b.box);
  if (!box) return undefined;
  return {
    ...a,
    box,
    assumptions: sameBox ? commonAssumptions(a.assumptions, b.assumptions) : a.assumptions,
    permits: union(a.permits, b.permits),
    controlPermits: union(a.controlPermits, b.controlPermits),
    helperRules: union(a.helperRules, b.helperRules),
  };
}

function sameTracking(a: Tracking, b: Tracking): boolean {
  if (a.kind !== "tracked" || b.kind !== "tracked") return a.kind === b.kind;
  return a.direction === b.direction && a.state === b.state;
}

function sameAssumptions(a: readonly Assumption[], b: readonly Assumption[]): boolean {
  return a === b || (a.length === b.length && commonAssumptions(a, b).length === a.length);
}

/** What both paths assumed alike; where they parted, the outcome no longer depends on it. */
function commonAssumptions(a: readonly Assumption[], b: readonly Assumption[]): readonly Assumption[] {
  if (a === b) return a;
  return a.filter((one) => b.some((other) => other.key === one.key && other.holds === one.holds));
}

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (a === b || b.length === 0) return a;
  const extra = b.filter((item) => !a.includes(item));
  return extra.length === 0 ? a : [...a, ...extra];
}
