import type { IntervalSet } from "../model/interval-set.ts";
import type { Field, Rule, Verdict } from "../model/rule.ts";
import type { Table } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import type { Ref } from "./box.ts";
import { setId } from "./box.ts";
import type { FieldValue } from "./field.ts";
import { fieldValue } from "./field.ts";
import { namesPort } from "./named-port.ts";
import type { Plain } from "./plain.ts";
import { plainOf } from "./plain.ts";
import type { LinkPart } from "./port-parts.ts";
import { partByLink } from "./port-parts.ts";
import type { ChainIndex } from "./rule-key.ts";
import { anyState, nextCandidate, packetKey } from "./rule-key.ts";
import type { State } from "./state.ts";

/**
 * A stretch of rules that only test addresses and ports and then decide (who is blocked, who may reach what), taken
 * as a whole: it divides the addresses and ports of a packet into a few parts, each with what becomes of it. Thousands
 * of such rules then cost as much as a few.
 */
export interface RuleList {
  /** The last of the rules, or the one before the first that is not part of the list. */
  readonly last: number;
  readonly labels: readonly Label[];
  /** What the parts are made of; undefined where the list does not test it or the packet's is fixed. */
  readonly address: "saddr" | "daddr";
  readonly port?: "sport" | "dport";
  readonly link?: "iif" | "oif";
  readonly parts: readonly LinkPart[];
  /** How many rules it takes the place of. */
  readonly size: number;
}

/** Rules of a list that are alike in what they decide. */
export interface Label {
  readonly verdict: Verdict;
  /** Places in the chain. */
  readonly rules: readonly number[];
}

/** A rule as a member of a list, for one packet: what is left to test. */
export interface Member {
  readonly rule: number;
  readonly label: number;
  readonly anyAddress: boolean;
  /** Absent: any. */
  readonly ports?: IntervalSet<number>;
  /** Interfaces; absent: any. */
  readonly links?: IntervalSet<string>;
}

type Unlabelled = { -readonly [K in keyof Member]: Member[K] };

/** Shorter lists are not worth it, and single rules explain themselves better. */
const SHORTEST = 16;

/** So many rules that name the control port are told apart. */
const MOST_NAMED = 16;

/** The list that begins with a rule, for the packets of a state; undefined when it is short. */
export function listFrom(
  index: ChainIndex,
  rules: readonly Rule[],
  table: Table,
  state: State,
  first: number,
): RuleList | undefined {
  if (rules.length - first < SHORTEST || !index.plain[first]) return undefined;
  const frame = frameOf(index, state);
  if (!frame) return undefined;
  let known = index.lists.get(frame.key) as Known | undefined;
  if (!known) {
    known = { lists: new Map(), none: [0, -1] };
    index.lists.set(frame.key, known);
  }
  if (known.none[0] <= first && first <= known.none[1]) return undefined;
  const list = known.lists.get(first) ?? makeList(index, rules, table, state, frame, first);
  if (typeof list === "number") known.none = [first, list];
  else known.lists.set(first, list);
  return typeof list === "number" ? undefined : list;
}

/** What is known of the lists for one kind of packet. */
interface Known {
  readonly lists: Map<number, RuleList>;
  /** No list begins between these rules. */
  none: readonly [number, number];
}

/** What of a packet is divided, and what is fixed. */
interface Frame {
  readonly address: "saddr" | "daddr";
  readonly port?: "sport" | "dport";
  readonly link?: "iif" | "oif";
  readonly addressField: Field;
  /** Bounds for `nextCandidate`, the widest that are of interest. */
  readonly bounds: readonly number[];
  /** Equal for packets that the same list is made for. */
  readonly key: string;
}

function frameOf(index: ChainIndex, state: State): Frame | undefined {
  const { packet, box } = state;
  const address = [index.address, OTHER[index.address]].find((one) => "variable" in packet[one]);
  if (!address) return undefined;
  const isVariable = (ref: Ref | undefined) => ref !== undefined && "variable" in ref;
  const port = isVariable(packet.dport) ? "dport" : isVariable(packet.sport) ? "sport" : undefined;
  const { tests } = index;
  const { family } = packet;
  const bounds = [...packetKey(state)];
  const widen = (at: number, low: number, high: number) => bounds.splice(at, 2, low, high);
  for (const [name, at] of [
    ["sport", 2],
    ["dport", 4],
  ] as const) {
    if (port === name) widen(at, bounds[at]! >= 1024 ? 1024 : 0, 65535);
    else if (!tests.has(name) && bounds[at]! >= 0) widen(at, 0, 65535);
  }
  for (const [name, at] of [
    ["saddr", 6],
    ["daddr", 8],
  ] as const) {
    if (address === name || !tests.has(`${name}${family}` as Field)) widen(at, 0, Number.POSITIVE_INFINITY);
  }
  if (!tests.has("ctstate")) bounds[10] = anyState(family);
  const other = OTHER[address];
  const refs = [
    tests.has("iif") ? packet.iif : undefined,
    tests.has("oif") ? packet.oif : undefined,
    tests.has(`${other}${family}` as Field) ? packet[other] : undefined,
    port === "dport" && tests.has("sport") ? packet.sport : undefined,
  ];
  const ids = refs.map((ref) => {
    if (ref === undefined) return "";
    return "variable" in ref ? setId(box.values(ref)) : `=${ref.value}`;
  });
  const flags = index.tests.has("tcpflags") ? packet.flags : "";
  const key = `${packet.family} ${flags} ${packet.icmpType} ${address} ${port} ${bounds.join(" ")} ${ids.join(" ")}`;
  const addressField = `${address}${packet.family}` as Field;
  const link = (["iif", "oif"] as const).find((name) => tests.has(name) && isVariable(packet[name]));
  return { address, port, link, addressField, bounds, key };
}

const OTHER = { saddr: "daddr", daddr: "saddr" } as const;

/** Without a list: the last rule at which none begins. */
function makeList(
  index: ChainIndex,
  rules: readonly Rule[],
  table: Table,
  state: State,
  frame: Frame,
  first: number,
): RuleList | number {
  const members: Unlabelled[] = [];
  const wide = new FewSets(MOST_WIDE);
  const links = new FewSets(MOST_LINKS);
  const test = new FixedTests(state);
  let last = first;
  for (let at = first; at < rules.length; at = nextCandidate(index, frame.bounds, at + 1, rules.length)) {
    const plain = index.plain[at];
    const member = plain && remainder(at, plain, test, frame);
    if (!plain || member === "unclear" || (member && !admitted(member, wide, links))) {
      last = at - 1;
      break;
    }
    last = at;
    if (!member) continue;
    members.push(member);
    if (member.anyAddress && !member.ports && !member.links) break;
  }
  if (members.length < SHORTEST) return last;
  const labels = label(members, index, rules, table, state);
  const parts = partByLink(members, index.order(frame.addressField), rules.length);
  const { address, port, link } = frame;
  return { last, labels, address, port, link, parts, size: members.length };
}

function admitted({ ports, links }: Member, wide: FewSets, few: FewSets): boolean {
  return (!ports || !isWide(ports) || wide.admits(ports)) && (!links || few.admits(links));
}

/** What a rule still asks of addresses and ports; undefined when it does not match, "unclear" when it asks more. */
function remainder(
  rule: number,
  { conditions }: Plain,
  test: FixedTests,
  { addressField, port, link }: Frame,
): Unlabelled | "unclear" | undefined {
  let anyAddress = true;
  let ports: IntervalSet<number> | undefined;
  let links: IntervalSet<string> | undefined;
  let unclear = false;
  for (const { field, values } of conditions) {
    if (field === addressField) {
      // Two tests of one address are not in the chain's order of addresses.
      if (!anyAddress) unclear = true;
      anyAddress = false;
    } else if (field === port) {
      ports = ports ? ports.intersect(values as IntervalSet<number>) : (values as IntervalSet<number>);
    } else {
      const met = test.meets(field, values);
      if (met === false) return undefined;
      if (met === undefined) {
        if (field !== link || links) unclear = true;
        else links = values as IntervalSet<string>;
      }
    }
  }
  if (ports?.isEmpty) return undefined;
  return unclear ? "unclear" : { rule, label: 0, anyAddress, ports, links };
}

type AnySet = IntervalSet<number | bigint | string>;

/** Tests of what a list does not divide. */
class FixedTests {
  readonly #state: State;
  readonly #values = new Map<Field, FieldValue>();

  constructor(state: State) {
    this.#state = state;
  }

  /** Whether all or none of the packets meet a test; undefined when some do. */
  meets(field: Field, values: ValueSet): boolean | undefined {
    let value = this.#values.get(field);
    if (value === undefined) {
      value = fieldValue(this.#state, field);
      this.#values.set(field, value);
    }
    if (value === "absent") return false;
    if ("unknown" in value) return undefined;
    if ("value" in value) return (values as AnySet).has(value.value);
    const present = this.#state.box.get(value.variable) as AnySet;
    const common = present.intersect(values as AnySet);
    return common.isEmpty ? false : common === present ? true : undefined;
  }
}

/** Groups rules by what they decide. Those that name the control port are told apart while they are few. */
function label(
  members: readonly Unlabelled[],
  index: ChainIndex,
  rules: readonly Rule[],
  table: Table,
  { packet: { dport } }: State,
): Label[] {
  const port = dport && "value" in dport ? Number(dport.value) : undefined;
  const named = new Set<number>();
  if (port !== undefined) {
    for (const { rule } of members) if (namesPort(rules[rule]!, port, table)) named.add(rule);
  }
  const labels: { verdict: Verdict; rules: number[] }[] = [];
  const byKey = new Map<string, number>();
  let before: string | undefined;
  let at = 0;
  for (const member of members) {
    const { rule } = member;
    const { verdict, decision } = index.plain[rule]!;
    const group = !named.has(rule) ? "" : named.size > MOST_NAMED ? " named" : ` named ${rule}`;
    if (group === "" && decision === before) member.label = at;
    else {
      const key = decision + group;
      at = byKey.get(key) ?? labels.push({ verdict, rules: [] }) - 1;
      byKey.set(key, at);
      member.label = at;
      before = group === "" ? decision : undefined;
    }
    labels[at]!.rules.push(rule);
  }
  return labels;
}

/** A wider interval of ports may be a passive range: such sets are told apart, so there can only be a few. */
const NARROW = 8;
const MOST_WIDE = 4;
/** So many interfaces, or sets of them, are told apart. */
const MOST_LINKS = 12;

export function isWide(ports: IntervalSet<number>): boolean {
  const { bounds } = ports;
  for (let i = 0; i < bounds.length; i += 2) if (bounds[i + 1]! - bounds[i]! >= NARROW) return true;
  return false;
}

class FewSets {
  readonly #seen = new Set<string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  admits(set: ValueSet): boolean {
    const key = set.bounds.join(" ");
    if (this.#seen.has(key)) return true;
    if (this.#seen.size === this.#most) return false;
    this.#seen.add(key);
    return true;
  }
}

/** The first of a label's rules that meets packets of a state. */
export function ruleFor(list: RuleList, label: Label, rules: readonly Rule[], state: State): Rule {
  const { packet, box } = state;
  const addressField = `${list.address}${packet.family}`;
  for (const at of label.rules) {
    const met = plainOf(rules[at]!)?.conditions.every(({ field, values }) => {
      if (field !== addressField && field !== list.port && field !== list.link) return true;
      const value = fieldValue(state, field as Field);
      return (
        typeof value === "object" &&
        !("unknown" in value) &&
        (box.values(value) as IntervalSet<never>).intersects(values as IntervalSet<never>)
      );
    });
    if (met) return rules[at]!;
  }
  return rules[label.rules[0]!]!;
}
