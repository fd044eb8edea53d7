import type { IntervalSet } from "../model/interval-set.ts";
import { CT_STATE, CT_STATUS, type Field } from "../model/rule.ts";
import {
  ALL_NAMES,
  ALL_PORTS,
  ALL_V4,
  ALL_V6,
  formatV4,
  formatV6,
  numbers,
  type ValueSet,
} from "../model/values.ts";
import { PORT_NAMES } from "../reference/ports.ts";

/** A set of values in words: `21 (FTP control) or 50000–51000`; with `negated`, all but those. */
export interface ValuesInWords {
  readonly text: string;
  readonly negated: boolean;
  readonly count: "none" | "one" | "several";
}

const MOST_ITEMS = 8;

/** "a", "a or b", "a, b or c"; long lists end in "and 12 more". */
export function listInWords(items: readonly string[], last = "or"): string {
  if (items.length > MOST_ITEMS) {
    const rest = items.length - MOST_ITEMS + 1;
    return `${items.slice(0, MOST_ITEMS - 1).join(", ")} or ${rest} more`;
  }
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${last} ${items[items.length - 1]}`;
}

const BYTES: ValueSet = numbers(0, 255);
const WORDS: ValueSet = numbers(0, 0xffffffff);

/** All values that a field can have. */
function domain(field: Field): ValueSet {
  if (/port$/.test(field)) return ALL_PORTS;
  if (/addr4$/.test(field)) return ALL_V4;
  if (/addr6$/.test(field)) return ALL_V6;
  if (field === "iif" || field === "oif" || field === "cthelper") return ALL_NAMES;
  if (field === "mark" || field === "ctmark" || field === "ctstatus") return WORDS;
  if (field === "ctstate") return numbers(0, 4);
  if (field === "ctdirection" || field === "fragment") return numbers(0, 1);
  if (field === "pkttype") return numbers(0, 6);
  if (field === "saddrtype" || field === "daddrtype") return numbers(0, 11);
  return BYTES;
}

/** Puts the values of a field into words; a set with all but a few values is named by those few. */
export function describeValues(field: Field, values: ValueSet): ValuesInWords {
  const set = values as IntervalSet;
  const all = domain(field) as IntervalSet;
  if (set.isEmpty) return { text: "no value at all", negated: false, count: "none" };
  const others = all.subtract(set);
  if (others.isEmpty) return { text: "anything", negated: false, count: "several" };
  const negated = others.intervalCount < set.intervalCount || isNamesComplement(field, set);
  const items = itemsOf(field, (negated ? others : set) as ValueSet);
  return { text: listInWords(items), negated, count: items.length === 1 ? "one" : "several" };
}

function isNamesComplement(field: Field, set: IntervalSet): boolean {
  if (domain(field) !== ALL_NAMES || set.end === undefined) return false;
  return set.end === ALL_NAMES.end && set.intervalCount > 0;
}

/** One text for each interval, or for each value where they have names. */
function itemsOf(field: Field, values: ValueSet): string[] {
  const items: string[] = [];
  const { bounds } = values as IntervalSet;
  for (let i = 0; i < bounds.length && items.length < 10_000; i += 2) {
    const low = bounds[i];
    const high = bounds[i + 1];
    if (typeof low === "string" && typeof high === "string") items.push(nameItem(low, high));
    else if (typeof low === "bigint" && typeof high === "bigint") items.push(v6Item(low, high));
    else if (typeof low === "number" && typeof high === "number")
      items.push(...numberItems(field, low, high - 1));
  }
  return items;
}

function nameItem(low: string, high: string): string {
  if (high === `${low}\0`) return low === "" ? "none" : low;
  if (high.startsWith(low) && high.charCodeAt(low.length) === 0xffff) return `${low}*`;
  return `${low.replaceAll("\0", "")}…`;
}

function v6Item(low: bigint, end: bigint): string {
  const size = end - low;
  if (size === 1n) return formatV6(low);
  if ((size & (size - 1n)) === 0n && low % size === 0n) {
    return `${formatV6(low)}/${129 - size.toString(2).length}`;
  }
  return `${formatV6(low)}–${formatV6(end - 1n)}`;
}

function v4Item(low: number, high: number): string {
  const size = high - low + 1;
  if (size === 1) return formatV4(low);
  const bits = Math.log2(size);
  if (Number.isInteger(bits) && low % size === 0) return `${formatV4(low)}/${32 - bits}`;
  return `${formatV4(low)}–${formatV4(high)}`;
}

const NUMBER_NAMES: Partial<Record<Field, Readonly<Record<number, string>>>> = {
  nfproto: { 4: "IPv4", 6: "IPv6" },
  ctl3proto: { 4: "IPv4", 6: "IPv6" },
  ctdirection: { 0: "original", 1: "reply" },
  fragment: { 0: "the first or only one", 1: "a later one" },
  pkttype: { 0: "to this host", 1: "broadcast", 2: "multicast", 3: "to another host" },
  ctstate: invert(CT_STATE),
  ctstatus: invert(CT_STATUS),
};

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: "ICMP",
  2: "IGMP",
  6: "TCP",
  17: "UDP",
  33: "DCCP",
  47: "GRE",
  50: "ESP",
  51: "AH",
  58: "ICMPv6",
  89: "OSPF",
  112: "VRRP",
  132: "SCTP",
  136: "UDP-Lite",
};

const ADDRESS_TYPES: Readonly<Record<number, string>> = {
  0: "unspecified",
  1: "unicast",
  2: "local to this host",
  3: "broadcast",
  4: "anycast",
  5: "multicast",
  6: "blackhole",
  7: "unreachable",
  8: "prohibited",
};

const ICMP: Readonly<Record<number, string>> = {
  0: "echo-reply",
  3: "destination-unreachable",
  4: "source-quench",
  5: "redirect",
  8: "echo-request",
  9: "router-advertisement",
  10: "router-solicitation",
  11: "time-exceeded",
  12: "parameter-problem",
  13: "timestamp-request",
  14: "timestamp-reply",
};

const ICMPV6: Readonly<Record<number, string>> = {
  1: "destination-unreachable",
  2: "packet-too-big",
  3: "time-exceeded",
  4: "parameter-problem",
  128: "echo-request",
  129: "echo-reply",
  130: "mld-listener-query",
  131: "mld-listener-report",
  132: "mld-listener-done",
  133: "nd-router-solicit",
  134: "nd-router-advert",
  135: "nd-neighbor-solicit",
  136: "nd-neighbor-advert",
  137: "nd-redirect",
  143: "mld2-listener-report",
};

function invert(names: Readonly<Record<string, number>>): Readonly<Record<number, string>> {
  return Object.fromEntries(Object.entries(names).map(([name, value]) => [value, name]));
}

function namesOf(field: Field): Readonly<Record<number, string>> | undefined {
  if (field === "l4proto" || field === "ctprotocol") return PROTOCOLS;
  if (field === "icmptype") return ICMP;
  if (field === "icmpv6type") return ICMPV6;
  if (field === "saddrtype" || field === "daddrtype") return ADDRESS_TYPES;
  return NUMBER_NAMES[field];
}

function numberItems(field: Field, low: number, high: number): string[] {
  if (/addr4$/.test(field)) return [v4Item(low, high)];
  if (/port$/.test(field))
    return high === low + 1 ? [portItem(low, low), portItem(high, high)] : [portItem(low, high)];
  if (field === "mark" || field === "ctmark") return [low === high ? hex(low) : `${hex(low)}–${hex(high)}`];
  const names = namesOf(field);
  if (!names || high - low > 15) return [low === high ? `${low}` : `${low}–${high}`];
  const items: string[] = [];
  for (let value = low; value <= high; value++) items.push(names[value] ?? `${value}`);
  return items;
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function portItem(low: number, high: number): string {
  if (low === high) {
    const name = PORT_NAMES.get(low);
    return name ? `${low} (${name})` : `${low}`;
  }
  return `${low}–${high}`;
}

const FLAG_NAMES = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];

/** A set of TCP flag bytes as the flags that must be set and those that must be clear. */
export interface FlagTest {
  readonly set: readonly string[];
  readonly clear: readonly string[];
  readonly negated: boolean;
  /** It is the test for a packet that opens a connection. */
  readonly opens: boolean;
}

/** Undefined when no such test describes the set. */
export function describeFlags(values: ValueSet, mask: number | undefined): FlagTest | undefined {
  const wanted: number[] = [];
  const others: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    const inside = (values as IntervalSet<number>).has(mask === undefined ? byte : byte & mask);
    (inside ? wanted : others).push(byte);
  }
  return flagTest(wanted, false) ?? flagTest(others, true);
}

function flagTest(bytes: readonly number[], negated: boolean): FlagTest | undefined {
  if (bytes.length === 0 || bytes.length === 256) return undefined;
  const ones = bytes.reduce((sum, byte) => sum & byte, 255);
  const zeros = bytes.reduce((sum, byte) => sum & ~byte, 255);
  const fixed = FLAG_NAMES.filter((_, bit) => ((ones | zeros) >> bit) & 1).length;
  if (bytes.length !== 2 ** (8 - fixed)) return undefined;
  const named = (bits: number) => FLAG_NAMES.filter((_, bit) => (bits >> bit) & 1);
  // SYN set, ACK clear, and whatever else of FIN and RST.
  const opens = ones === 2 && (zeros & 16) !== 0 && (zeros & ~(1 | 4 | 16)) === 0;
  return { set: named(ones), clear: named(zeros), negated, opens };
}
