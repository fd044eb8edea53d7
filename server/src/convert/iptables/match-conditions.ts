import { IntervalSet } from "../../model/interval-set.ts";
import { type Condition, CT_STATE, CT_STATUS, type Field } from "../../model/rule.ts";
import {
  ALL_NAMES,
  ALL_PORTS,
  ALL_V4,
  ALL_V6,
  name,
  namePrefix,
  numbers,
  type ValueSet,
} from "../../model/values.ts";
import type { IptablesOption } from "../../syntax/iptables/command.ts";
import { parseIcmpType } from "../../syntax/iptables/icmp-types.ts";
import { protocolNumber } from "../../syntax/iptables/protocols.ts";
import {
  parseAddressTypes,
  parseCtStates,
  parseCtStatuses,
  parseMark,
  parsePacketType,
  parsePortList,
  parsePortRange,
  parseStates,
  parseTcpFlags,
} from "../../syntax/iptables/values.ts";
import type { Span } from "../../text/span.ts";
import { addressCondition, addressRange, complement, uniteSets } from "./address-sets.ts";
import { KERNEL_HELPERS } from "./helpers.ts";

/**
 * The conditions of an option whose meaning is known; none when it is always true. "unreadable" when its
 * value cannot be read. The option's first value is known (not a shell variable).
 */
export type OptionMeaning = readonly Condition[] | "unreadable";

export type Translate = (option: IptablesOption, text: string, family: 4 | 6) => OptionMeaning;

/** A match of one field, negated by the complement within `all`. */
function field(
  option: IptablesOption,
  of: Field,
  values: ValueSet | undefined,
  all: ValueSet,
): OptionMeaning {
  if (!values) return "unreadable";
  return [
    {
      kind: "match",
      field: of,
      values: option.negated ? complement(values, all) : values,
      span: option.span,
    },
  ];
}

const BYTES = numbers(0, 255);
const MARKS = numbers(0, 0xffffffff);

function ranges(found: readonly (readonly [number, number])[] | undefined): ValueSet | undefined {
  return found ? uniteSets(found.map(([low, high]) => numbers(low, high))) : undefined;
}

function onePortRange(text: string): ValueSet | undefined {
  const range = parsePortRange(text);
  return range ? numbers(range[0], range[1]) : undefined;
}

const port =
  (of: Field): Translate =>
  (option, text) =>
    field(option, of, onePortRange(text), ALL_PORTS);

const address =
  (of: Parameters<typeof addressCondition>[0]): Translate =>
  (option, text, family) => {
    const condition = addressCondition(of, text, family, option.negated, option.span);
    return condition ? [condition] : [];
  };

function protocol(option: IptablesOption, text: string): OptionMeaning {
  const number = protocolNumber(text);
  if (number === undefined) return "unreadable";
  if (number === 0 && !option.negated) return [];
  return field(option, "l4proto", number === 0 ? BYTES : numbers(number), BYTES);
}

const interfaceName =
  (of: "iif" | "oif"): Translate =>
  (option, text) => {
    if (text === "+" && !option.negated) return [];
    return field(option, of, text.endsWith("+") ? namePrefix(text.slice(0, -1)) : name(text), ALL_NAMES);
  };

/** Options of iptables itself that look at the packet. */
export const CORE_CONDITIONS: Readonly<Record<string, Translate>> = {
  source: address("saddr"),
  destination: address("daddr"),
  protocol,
  "in-interface": interfaceName("iif"),
  "out-interface": interfaceName("oif"),
  fragment: (option) => field(option, "fragment", numbers(1), numbers(0, 1)),
};

const flagSets = new Map<number, ValueSet>();

/** The TCP flag bytes whose bits under `mask` are exactly `wanted`. */
export function flagBytes(mask: number, wanted: number): ValueSet {
  const key = mask * 256 + wanted;
  let found = flagSets.get(key);
  if (!found) {
    const bytes: IntervalSet<number>[] = [];
    for (let byte = 0; byte < 256; byte++) if ((byte & mask) === wanted) bytes.push(numbers(byte));
    found = IntervalSet.unionOf(bytes);
    flagSets.set(key, found);
  }
  return found;
}

const FIN_SYN_RST_ACK = 1 | 2 | 4 | 16;
const SYN = 2;

function tcpFlags(option: IptablesOption, text: string): OptionMeaning {
  const second = option.values[1];
  const mask = parseTcpFlags(text);
  const wanted = second && second.unknown === undefined ? parseTcpFlags(second.text) : undefined;
  if (mask === undefined || wanted === undefined) return "unreadable";
  return field(option, "tcpflags", flagBytes(mask, wanted), BYTES);
}

function anyPort(option: IptablesOption, text: string): OptionMeaning {
  const values = ranges(parsePortList(text));
  if (!values) return "unreadable";
  const { span } = option;
  const wanted = option.negated ? complement(values, ALL_PORTS) : values;
  const conditions: Condition[] = [
    { kind: "match", field: "sport", values: wanted, span },
    { kind: "match", field: "dport", values: wanted, span },
  ];
  return option.negated ? conditions : [{ kind: "anyOf", conditions, span }];
}

/** Types all of whose messages have code 0. */
const CODELESS_V4 = [0, 4, 8, 13, 14, 15, 16, 17, 18];
const CODELESS_V6 = [2, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137];

function icmpType(option: IptablesOption, text: string, family: 4 | 6): OptionMeaning {
  const found = parseIcmpType(text, family);
  if (typeof found === "string") return "unreadable";
  const of: Field = family === 4 ? "icmptype" : "icmpv6type";
  if (found.any) return option.negated ? field(option, of, BYTES, BYTES) : [];
  const [low, high] = found.codes;
  const codeless = (family === 4 ? CODELESS_V4 : CODELESS_V6).includes(found.type);
  if ((low === 0 && high === 255) || (codeless && low === 0))
    return field(option, of, numbers(found.type), BYTES);
  const { span } = option;
  const code = low === high ? `${low}` : `${low} to ${high}`;
  const conditions: Condition[] = [
    { kind: "match", field: of, values: numbers(found.type), span },
    {
      kind: "opaque",
      fact: `whether an ICMP message of type ${found.type} has code ${code}`,
      stable: false,
      span,
    },
  ];
  return option.negated
    ? [{ kind: "not", condition: { kind: "allOf", conditions, span }, span }]
    : conditions;
}

const STATE_VALUES: Readonly<Record<string, number>> = {
  INVALID: CT_STATE.invalid,
  ESTABLISHED: CT_STATE.established,
  RELATED: CT_STATE.related,
  NEW: CT_STATE.new,
  UNTRACKED: CT_STATE.untracked,
};

function states(option: IptablesOption, names: readonly string[] | undefined): OptionMeaning {
  if (!names) return "unreadable";
  const { span } = option;
  const plain = names.flatMap((state) => STATE_VALUES[state] ?? []);
  const bits = (names.includes("SNAT") ? CT_STATUS.snat : 0) | (names.includes("DNAT") ? CT_STATUS.dnat : 0);
  const values = uniteSets(plain.map((state) => numbers(state)));
  if (bits === 0) return field(option, "ctstate", values, numbers(0, 4));
  const conditions: Condition[] = [statusBits(bits, span)];
  if (plain.length > 0) conditions.unshift({ kind: "match", field: "ctstate", values, span });
  const any: Condition = { kind: "anyOf", conditions, span };
  return option.negated ? [{ kind: "not", condition: any, span }] : [any];
}

function statusBits(bits: number, span: Span): Condition {
  return { kind: "match", field: "ctstatus", values: numbers(1, 0xffff), mask: bits, span };
}

const STATUS_VALUES: Readonly<Record<string, number>> = {
  NONE: 0,
  EXPECTED: CT_STATUS.expected,
  SEEN_REPLY: CT_STATUS["seen-reply"],
  ASSURED: CT_STATUS.assured,
  CONFIRMED: CT_STATUS.confirmed,
};

/** xt_conntrack compares status & mask with zero, so NONE alone never matches. */
function statuses(option: IptablesOption, text: string): OptionMeaning {
  const names = parseCtStatuses(text);
  if (!names) return "unreadable";
  const bits = names.reduce((sum, status) => sum | (STATUS_VALUES[status] ?? 0), 0);
  const values: ValueSet = option.negated ? numbers(0) : numbers(1, 0xffff);
  return [{ kind: "match", field: "ctstatus", values, mask: bits, span: option.span }];
}

function direction(option: IptablesOption, text: string): OptionMeaning {
  const value = { ORIGINAL: 0, REPLY: 1 }[text.toUpperCase()];
  return field(option, "ctdirection", value === undefined ? undefined : numbers(value), numbers(0, 1));
}

function connectionProtocol(option: IptablesOption, text: string): OptionMeaning {
  const number = protocolNumber(text);
  return field(option, "ctprotocol", number === undefined ? undefined : numbers(number), BYTES);
}

const mark =
  (of: "mark" | "ctmark"): Translate =>
  (option, text) => {
    const found = parseMark(text);
    if (!found) return "unreadable";
    const values: ValueSet = option.negated ? complement(numbers(found.value), MARKS) : numbers(found.value);
    const mask = found.mask === 0xffffffff ? {} : { mask: found.mask };
    return [{ kind: "match", field: of, values, ...mask, span: option.span }];
  };

const ADDRESS_TYPES: Readonly<Record<string, number>> = {
  UNSPEC: 0,
  UNICAST: 1,
  LOCAL: 2,
  BROADCAST: 3,
  ANYCAST: 4,
  MULTICAST: 5,
  BLACKHOLE: 6,
  UNREACHABLE: 7,
  PROHIBIT: 8,
  THROW: 9,
  NAT: 10,
  XRESOLVE: 11,
};

const addressType =
  (of: "saddrtype" | "daddrtype"): Translate =>
  (option, text, family) => {
    const names = parseAddressTypes(text);
    const types =
      family === 6 ? names && addressTypesOf6(names) : names?.map((type) => ADDRESS_TYPES[type] ?? 0);
    const values = types && uniteSets([numbers(0, -1), ...types.map((type) => numbers(type))]);
    return field(option, of, values, numbers(0, 11));
  };

/**
 * In IPv6 the types are asked one after the other and all have to hold: a local address is unicast as well, so that
 * LOCAL,UNICAST means local, and LOCAL,MULTICAST nothing (match_type6 in xt_addrtype.c).
 */
function addressTypesOf6(names: readonly string[]): number[] {
  const routed = ["LOCAL", "ANYCAST", "UNREACHABLE"].filter((type) => names.includes(type));
  return ["UNICAST", "LOCAL", "MULTICAST"]
    .filter((type) => {
      if (names.includes("MULTICAST") && type !== "MULTICAST") return false;
      if (names.includes("UNICAST") && type === "MULTICAST") return false;
      if (names.includes("UNSPEC")) return false;
      return routed.length === 0 || routed.includes(type);
    })
    .map((type) => ADDRESS_TYPES[type]!);
}

const range =
  (of: "saddr" | "daddr"): Translate =>
  (option, text, family) =>
    field(option, `${of}${family}`, addressRange(text, family), family === 4 ? ALL_V4 : ALL_V6);

/**
 * xt_helper compares as many bytes as the kernel's helper name has, so "ftp-2121" also takes in "ftp".
 * An empty name means any helper.
 */
function helper(option: IptablesOption, text: string): OptionMeaning {
  const names = new Set([text, ...KERNEL_HELPERS.filter((known) => text.startsWith(known))]);
  const values =
    text === "" ? complement(name(""), ALL_NAMES) : uniteSets([...names].map((known) => name(known)));
  // Without a connection or a master the match fails, and `!` makes that true (xt_helper).
  const match = { kind: "match", field: "cthelper", values, span: option.span } as const;
  return [option.negated ? { kind: "not", condition: match, span: option.span } : match];
}

function hopLimit(values: (value: number) => ValueSet | undefined): Translate {
  return (option, text) => {
    const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
    return field(option, "hoplimit", value <= 255 ? values(value) : undefined, BYTES);
  };
}

function packetType(option: IptablesOption, text: string): OptionMeaning {
  const value = parsePacketType(text);
  return field(option, "pkttype", value === undefined ? undefined : numbers(value), numbers(0, 7));
}

const PORT_OPTIONS: Readonly<Record<string, Translate>> = { sport: port("sport"), dport: port("dport") };

/** Options of match modules whose meaning the model can say, by module and canonical option name. */
export const MATCH_CONDITIONS: Readonly<Record<string, Readonly<Record<string, Translate>>>> = {
  tcp: {
    ...PORT_OPTIONS,
    "tcp-flags": tcpFlags,
    syn: (option) => field(option, "tcpflags", flagBytes(FIN_SYN_RST_ACK, SYN), BYTES),
  },
  udp: PORT_OPTIONS,
  sctp: PORT_OPTIONS,
  dccp: PORT_OPTIONS,
  multiport: {
    sports: (option, text) => field(option, "sport", ranges(parsePortList(text)), ALL_PORTS),
    dports: (option, text) => field(option, "dport", ranges(parsePortList(text)), ALL_PORTS),
    ports: anyPort,
  },
  icmp: { "icmp-type": icmpType },
  icmp6: { "icmpv6-type": icmpType },
  state: { state: (option, text) => states(option, parseStates(text)) },
  conntrack: {
    ctstate: (option, text) => states(option, parseCtStates(text)),
    ctstatus: statuses,
    ctdir: direction,
    ctproto: connectionProtocol,
    ctorigsrc: address("ctorigsaddr"),
    ctorigdst: address("ctorigdaddr"),
    ctreplsrc: address("ctreplsaddr"),
    ctrepldst: address("ctrepldaddr"),
    ctorigsrcport: port("ctorigsport"),
    ctorigdstport: port("ctorigdport"),
    ctreplsrcport: port("ctreplsport"),
    ctrepldstport: port("ctrepldport"),
  },
  mark: { mark: mark("mark") },
  connmark: { mark: mark("ctmark") },
  addrtype: { "src-type": addressType("saddrtype"), "dst-type": addressType("daddrtype") },
  iprange: { "src-range": range("saddr"), "dst-range": range("daddr") },
  pkttype: { "pkt-type": packetType },
  helper: { helper },
  hl: {
    "hl-eq": hopLimit((value) => numbers(value)),
    "hl-lt": hopLimit((value) => (value > 0 ? numbers(0, value - 1) : undefined)),
    "hl-gt": hopLimit((value) => (value < 255 ? numbers(value + 1, 255) : undefined)),
  },
};
