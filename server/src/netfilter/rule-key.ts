import type { Condition, Rule, RuleBody } from "../model/rule.ts";
import { CT_STATE } from "../model/rule.ts";
import type { Box, Ref } from "./box.ts";
import { fieldValue } from "./field.ts";
import type { State } from "./state.ts";

/**
 * Bounds a packet must meet for a rule to concern it, so that a long chain is searched by comparing a few
 * numbers per rule. Seven numbers a rule: protocol low/high, source port low/high, destination port low/high,
 * and the bits of the ct states that may match.
 */
const WIDTH = 7;
const ALL_STATES = 0b11111;

export interface ChainIndex {
  readonly keys: Int32Array;
}

const BODY_KEYS = new WeakMap<RuleBody, readonly number[]>();
const CHAIN_INDEXES = new WeakMap<readonly Rule[], ChainIndex>();

/** The index of a chain's rules; kept as long as the list of rules is. */
export function chainIndex(rules: readonly Rule[]): ChainIndex {
  let index = CHAIN_INDEXES.get(rules);
  if (!index) {
    const keys = new Int32Array(rules.length * WIDTH);
    for (let i = 0; i < rules.length; i++) keys.set(bodyKey(rules[i]!.body), i * WIDTH);
    index = { keys };
    CHAIN_INDEXES.set(rules, index);
  }
  return index;
}

/** The bounds of one state's packet, in the order of a rule's key. */
export function packetKey(state: State): readonly number[] {
  const { packet, box } = state;
  const [slo, shi] = portBounds(box, packet.sport);
  const [dlo, dhi] = portBounds(box, packet.dport);
  const ctstate = fieldValue(state, "ctstate") as { value: number };
  return [packet.l4proto, slo, shi, dlo, dhi, 1 << ctstate.value];
}

/** The first rule at or after `from` that may match a packet; `count` when none does. */
export function nextCandidate(
  index: ChainIndex,
  packet: readonly number[],
  from: number,
  count: number,
): number {
  const { keys } = index;
  const [proto, slo, shi, dlo, dhi, bit] = packet as [number, number, number, number, number, number];
  for (let i = from, at = from * WIDTH; i < count; i++, at += WIDTH) {
    if (
      keys[at]! <= proto &&
      keys[at + 1]! >= proto &&
      keys[at + 2]! <= shi &&
      keys[at + 3]! >= slo &&
      keys[at + 4]! <= dhi &&
      keys[at + 5]! >= dlo &&
      (keys[at + 6]! & bit) !== 0
    ) {
      return i;
    }
  }
  return count;
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
  const key = [0, 255, -1, 65535, -1, 65535, ALL_STATES];
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

const BOUNDS_AT: Partial<Record<string, number>> = { l4proto: 0, sport: 2, dport: 4 };

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
    key[6]! &= bits;
    return;
  }
  const at = BOUNDS_AT[condition.field];
  if (at === undefined) return;
  key[at] = Math.max(key[at]!, condition.values.min as number);
  key[at + 1] = Math.min(key[at + 1]!, (condition.values.end as number) - 1);
}
