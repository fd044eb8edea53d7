import type { Condition, Field, Rule, RuleBody } from "../model/rule.ts";
import { CT_STATE } from "../model/rule.ts";
import type { ValueSet } from "../model/values.ts";
import type { AddressOrder } from "./address-order.ts";
import { orderAddresses } from "./address-order.ts";
import type { Box, Ref } from "./box.ts";
import { fieldValue, isIcmp } from "./field.ts";
import type { Plain } from "./plain.ts";
import { plainOf } from "./plain.ts";
import type { State } from "./state.ts";

/**
 * Bounds a packet must meet for a rule to concern it, so that a long chain is searched by comparing a few
 * numbers per rule: low and high of protocol, source port, destination port, source and destination address,
 * and last the bits of the IP versions and ct states that may match. IPv6 addresses are compared by their upper 52 bits.
 */
const WIDTH = 11;
const STATES = 10;
/** Asks for addresses of IPv4, and is told apart only when it comes to its rules. */
const NFPROTO_ARP = 3;
/** A bit for each ct state of IPv4, then as many for IPv6. */
const ALL_STATES = 0b1111111111;
const STATES_OF = { 4: 0b0000011111, 6: 0b1111100000 } as const;
const HIGHEST = 2 ** 53;

export interface ChainIndex {
  readonly keys: Float64Array;
  /** By destination and by source port, for long chains; see `nextCandidate`. */
  readonly ports: readonly PortIndex[];
  /** Which address the plain rules test more often. */
  readonly address: "saddr" | "daddr";
  /** Of each rule; undefined where it is not plain. */
  readonly plain: readonly (Plain | undefined)[];
  /** All that they test. */
  readonly tests: ReadonlySet<Field>;
  order(field: Field): AddressOrder;
  /** What `lists.ts` has put together. */
  readonly lists: Map<string, unknown>;
}

const BODY_KEYS = new WeakMap<RuleBody, readonly number[]>();
const CHAIN_INDEXES = new WeakMap<readonly Rule[], ChainIndex>();

/** The index of a chain's rules; kept as long as the list of rules is. */
export function chainIndex(rules: readonly Rule[]): ChainIndex {
  let index = CHAIN_INDEXES.get(rules) ?? rememberedIndex(rules);
  if (!index) {
    const keys = new Float64Array(rules.length * WIDTH);
    for (let i = 0, at = 0; i < rules.length; i++) {
      const key = bodyKey(rules[i]!.body);
      for (let k = 0; k < WIDTH; k++) keys[at++] = key[k]!;
    }
    index = { keys, ports: portIndexes(keys, rules.length), ...testsOf(rules), lists: new Map() };
    remember(rules, index);
  }
  CHAIN_INDEXES.set(rules, index);
  return index;
}

/** Indexes by a chain's last rule: after a change to a file most chains are what they were, in new lists. */
const BY_LAST = new WeakMap<RuleBody, { readonly rules: readonly Rule[]; readonly index: ChainIndex }[]>();
const MOST_REMEMBERED = 4;

function rememberedIndex(rules: readonly Rule[]): ChainIndex | undefined {
  const known = rules.length === 0 ? undefined : BY_LAST.get(rules[rules.length - 1]!.body);
  return known?.find((one) => sameRules(one.rules, rules))?.index;
}

function sameRules(a: readonly Rule[], b: readonly Rule[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (rule, i) =>
        rule.body === b[i]!.body && (rule.presence === "certain") === (b[i]!.presence === "certain"),
    )
  );
}

function remember(rules: readonly Rule[], index: ChainIndex): void {
  if (rules.length === 0) return;
  const last = rules[rules.length - 1]!.body;
  BY_LAST.set(last, [{ rules, index }, ...(BY_LAST.get(last) ?? []).slice(0, MOST_REMEMBERED - 1)]);
}

function testsOf(rules: readonly Rule[]): Pick<ChainIndex, "address" | "plain" | "tests" | "order"> {
  let balance = 0;
  const tests = new Set<Field>();
  const plain = rules.map(plainOf);
  for (const one of plain) {
    if (!one) continue;
    for (const { field } of one.conditions) {
      tests.add(field);
      if (field === "saddr4" || field === "saddr6") balance++;
      else if (field === "daddr4" || field === "daddr6") balance--;
    }
  }
  const orders = new Map<Field, AddressOrder>();
  const order = (field: Field) => {
    let known = orders.get(field);
    if (!known) {
      const sets = plain.map((one) => one?.conditions.find((each) => each.field === field)?.values);
      known = orderAddresses(sets);
      orders.set(field, known);
    }
    return known;
  };
  return { address: balance >= 0 ? "saddr" : "daddr", plain, tests, order };
}

/** As `packetKey`, in any state that conntrack can tell. */
export function anyState(family: 4 | 6): number {
  return STATES_OF[family];
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
    1 << (ctstate.value + (packet.family === 6 ? 5 : 0)),
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

/** Of a rule that only logs or counts: whom it matches makes no difference. */
const NEVER: readonly number[] = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0];

function hasEffect(body: RuleBody): boolean {
  return body.items.some((one) => one.item === "statement" && one.statement.kind !== "noop");
}

function computeKey(body: RuleBody): readonly number[] {
  if (!hasEffect(body)) return NEVER;
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
  if (condition.field === "nfproto") {
    if ((condition.values as { has(value: number): boolean }).has(NFPROTO_ARP)) return;
    for (const family of [4, 6] as const) {
      if (!(condition.values as { has(value: number): boolean }).has(family))
        key[STATES]! &= ~STATES_OF[family];
    }
    return;
  }
  if (condition.field === "ctstate") {
    let bits = 0;
    for (const code of Object.values(CT_STATE)) {
      if ((condition.values as { has(value: number): boolean }).has(code)) bits |= 0b100001 << code;
    }
    key[STATES]! &= bits;
    return;
  }
  const at = BOUNDS_AT[condition.field];
  if (at === undefined) return;
  if (condition.field.endsWith("addr4")) key[STATES]! &= STATES_OF[4];
  if (condition.field.endsWith("addr6")) key[STATES]! &= STATES_OF[6];
  const [low, high] = addressBounds(condition.values);
  key[at] = Math.max(key[at]!, low);
  key[at + 1] = Math.min(key[at + 1]!, high);
}
