import type { Condition, Rule, RuleBody } from "../model/rule.ts";
import { CT_STATE } from "../model/rule.ts";
import type { ValueSet } from "../model/values.ts";
import type { Box, Ref } from "./box.ts";
import { fieldValue, isIcmp } from "./field.ts";
import type { State } from "./state.ts";

/**
 * Bounds a packet must meet for a rule to concern it, so that a long chain is searched by comparing a few
 * numbers per rule: low and high of protocol, source port, destination port, source and destination address,
 * and last the bits of the ct states that may match. IPv6 addresses are compared by their upper 52 bits.
 */
const WIDTH = 11;
const STATES = 10;
const ALL_STATES = 0b11111;
const HIGHEST = 2 ** 53;

export interface ChainIndex {
  readonly keys: Float64Array;
  /** By destination and by source port, for long chains; see `nextCandidate`. */
  readonly ports: readonly PortIndex[];
  /** What `runs.ts` has put together, by first and last rule. */
  readonly gathered: Map<string, unknown>;
}

const BODY_KEYS = new WeakMap<RuleBody, readonly number[]>();
const CHAIN_INDEXES = new WeakMap<readonly Rule[], ChainIndex>();

/** The index of a chain's rules; kept as long as the list of rules is. */
export function chainIndex(rules: readonly Rule[]): ChainIndex {
  let index = CHAIN_INDEXES.get(rules);
  if (!index) {
    const keys = new Float64Array(rules.length * WIDTH);
    for (let i = 0; i < rules.length; i++) keys.set(bodyKey(rules[i]!.body), i * WIDTH);
    index = { keys, ports: portIndexes(keys, rules.length), gathered: new Map() };
    CHAIN_INDEXES.set(rules, index);
  }
  return index;
}

/** The bounds of one state's packet, in the order of a rule's key. */
export function packetKey(state: State): readonly number[] {
  const { packet, box } = state;
  const ctstate = fieldValue(state, "ctstate") as { value: number };
  return [
    packet.l4proto,
    packet.l4proto,
    ...(isIcmp(packet) ? ANY_PORT : portBounds(box, packet.sport)),
    ...(isIcmp(packet) ? ANY_PORT : portBounds(box, packet.dport)),
    ...addressBounds(box.values(packet.saddr)),
    ...addressBounds(box.values(packet.daddr)),
    1 << ctstate.value,
  ];
}

/** "th dport" sees something in ICMP packets, too. */
const ANY_PORT = [0, 65535] as const;

/** Which rules can concern a port: those that name it, and those that name none or very many. */
interface PortIndex {
  /** Where the port's bounds stand in a key. */
  readonly at: number;
  readonly wide: readonly number[];
  readonly byPort: ReadonlyMap<number, readonly number[]>;
}

const LONG_CHAIN = 64;
const NARROW = 16;

function portIndexes(keys: Float64Array, count: number): PortIndex[] {
  return count < LONG_CHAIN
    ? []
    : [BOUNDS_AT.dport!, BOUNDS_AT.sport!].map((at) => portIndex(keys, count, at));
}

function portIndex(keys: Float64Array, count: number, at: number): PortIndex {
  const wide: number[] = [];
  const byPort = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const [low, high] = [keys[i * WIDTH + at]!, keys[i * WIDTH + at + 1]!];
    if (high - low >= NARROW) {
      wide.push(i);
      continue;
    }
    for (let port = low; port <= high; port++) {
      const list = byPort.get(port);
      if (list) list.push(i);
      else byPort.set(port, [i]);
    }
  }
  return { at, wide, byPort };
}

/** The first rule at or after `from` that may match a packet; `count` when none does. */
export function nextCandidate(
  index: ChainIndex,
  packet: readonly number[],
  from: number,
  count: number,
): number {
  for (const ports of index.ports) {
    const [low, high] = [packet[ports.at]!, packet[ports.at + 1]!];
    if (high - low >= NARROW) continue;
    let next = firstIn(index, packet, ports.wide, from, count);
    for (let port = low; port <= high; port++) {
      const list = ports.byPort.get(port);
      if (list) next = Math.min(next, firstIn(index, packet, list, from, count));
    }
    return next;
  }
  for (let i = from; i < count; i++) if (mayMatch(index.keys, i, packet)) return i;
  return count;
}

/** The first of some rules, in order, at or after `from` that may match. */
function firstIn(
  index: ChainIndex,
  packet: readonly number[],
  rules: readonly number[],
  from: number,
  count: number,
): number {
  let low = 0;
  let high = rules.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rules[middle]! < from) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < rules.length; i++) if (mayMatch(index.keys, rules[i]!, packet)) return rules[i]!;
  return count;
}

function mayMatch(keys: Float64Array, rule: number, packet: readonly number[]): boolean {
  const at = rule * WIDTH;
  return (keys[at + STATES]! & packet[STATES]!) !== 0 && overlaps(keys, at, packet);
}

function overlaps(keys: Float64Array, at: number, packet: readonly number[]): boolean {
  for (let k = 0; k < STATES; k += 2) {
    if (keys[at + k]! > packet[k + 1]! || keys[at + k + 1]! < packet[k]!) return false;
  }
  return true;
}

function addressBounds(set: ValueSet): [number, number] {
  if (set.isEmpty) return [0, HIGHEST];
  const { min, end } = set;
  if (typeof min === "bigint") return [Number(min >> 76n), Number((end as bigint) >> 76n)];
  return [min as number, (end as number) - 1];
}

function portBounds(box: Box, port: Ref | undefined): [number, number] {
  if (!port) return [-1, -1];
  const set = box.values(port);
  return set.isEmpty ? [-1, -1] : [set.min as number, (set.end as number) - 1];
}

function bodyKey(body: RuleBody): readonly number[] {
  let key = BODY_KEYS.get(body);
  if (!key) {
    key = computeKey(body);
    BODY_KEYS.set(body, key);
  }
  return key;
}

function computeKey(body: RuleBody): readonly number[] {
  // -1 stands for "no port": a condition on ports excludes it, no condition admits it.
  const key = [0, 255, -1, 65535, -1, 65535, 0, HIGHEST, 0, HIGHEST, ALL_STATES];
  for (const item of body.items) {
    if (item.item === "statement") {
      // What stands before a failing condition has happened already.
      if (item.statement.kind !== "noop") break;
      continue;
    }
    narrow(key, item.condition);
  }
  return key;
}

const BOUNDS_AT: Partial<Record<string, number>> = {
  l4proto: 0,
  sport: 2,
  dport: 4,
  saddr4: 6,
  saddr6: 6,
  daddr4: 8,
  daddr6: 8,
};

function narrow(key: number[], condition: Condition): void {
  if (condition.kind === "allOf") {
    for (const inner of condition.conditions) narrow(key, inner);
    return;
  }
  if (condition.kind !== "match" || condition.mask !== undefined || condition.values.isEmpty) return;
  if (condition.field === "ctstate") {
    let bits = 0;
    for (const code of Object.values(CT_STATE)) {
      if ((condition.values as { has(value: number): boolean }).has(code)) bits |= 1 << code;
    }
    key[STATES]! &= bits;
    return;
  }
  const at = BOUNDS_AT[condition.field];
  if (at === undefined) return;
  const [low, high] = addressBounds(condition.values);
  key[at] = Math.max(key[at]!, low);
  key[at + 1] = Math.min(key[at + 1]!, high);
}
