import { parseAddress } from "./address.ts";
import type { IptablesProgram } from "./command.ts";
import { parseIcmpType } from "./icmp-types.ts";
import { protocolNumber } from "./protocols.ts";
import { servicePort } from "./services.ts";

/** Reads a number as strtoul(3) with base 0 does (decimal, 0x…, 0…); undefined beyond `max`. */
export function parseInteger(text: string, max: number): number | undefined {
  if (/^[1-9]\d{0,9}$/.test(text)) {
    const number = Number(text);
    return number <= max ? number : undefined;
  }
  const value = parseBig(text);
  return value !== undefined && value <= BigInt(max) ? Number(value) : undefined;
}

function parseBig(text: string): bigint | undefined {
  const digits = text.trimStart();
  if (digits.length > 30) return undefined;
  if (/^0[xX][0-9a-fA-F]+$/.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  return /^(0|[1-9]\d*)$/.test(digits) ? BigInt(digits) : undefined;
}

/** A port number or a service name. */
export function parsePort(text: string): number | undefined {
  return parseInteger(text, 65535) ?? servicePort(text);
}

/** `a`, `a:b`, `:b`, `a:` or `:` as [low, high]; undefined when an end is no port or they are reversed. */
export function parsePortRange(text: string): [number, number] | undefined {
  return parseRange(text, ":", 65535, parsePort);
}

/** As parsePortRange for numbers up to `max`. */
export function parseNumberRange(text: string, max: number): [number, number] | undefined {
  return parseRange(text, ":", max, (part) => parseInteger(part, max));
}

function parseRange(
  text: string,
  separator: string,
  max: number,
  read: (part: string) => number | undefined,
): [number, number] | undefined {
  const at = text.indexOf(separator);
  if (at < 0) {
    const single = read(text);
    return single === undefined ? undefined : [single, single];
  }
  const low = at === 0 ? 0 : read(text.slice(0, at));
  const high = at === text.length - 1 ? max : read(text.slice(at + 1));
  return low === undefined || high === undefined || low > high ? undefined : [low, high];
}

/** multiport's list of ports and `a:b` ranges; undefined when one of them is not readable. */
export function parsePortList(text: string): [number, number][] | undefined {
  const ranges: [number, number][] = [];
  for (const part of text.split(",")) {
    const colon = part.indexOf(":");
    const range = colon === 0 || colon === part.length - 1 ? undefined : parsePortRange(part);
    if (!range) return undefined;
    ranges.push(range);
  }
  return ranges;
}

/** `value[/mask]` of marks, 32 bit. */
export function parseMark(text: string, max = 0xffffffff): { value: number; mask: number } | undefined {
  const slash = text.indexOf("/");
  const value = parseInteger(slash < 0 ? text : text.slice(0, slash), max);
  const mask = slash < 0 ? max : parseInteger(text.slice(slash + 1), max);
  return value === undefined || mask === undefined ? undefined : { value, mask };
}

const STATES = ["INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED"];
const CT_STATES = [...STATES, "SNAT", "DNAT"];
const CT_STATUSES = ["NONE", "EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"];
const ADDRESS_TYPES = [
  ...["UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST"],
  ...["BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW", "NAT", "XRESOLVE"],
];
const TCP_FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "ALL", "NONE"];
const PACKET_TYPES: Readonly<Record<string, number>> = {
  unicast: 0,
  host: 0,
  broadcast: 1,
  bcast: 1,
  multicast: 2,
  mcast: 2,
  otherhost: 3,
};
const LOG_LEVELS = [
  "emerg",
  "panic",
  "alert",
  "crit",
  "err",
  "error",
  "warning",
  "warn",
  "notice",
  "info",
  "debug",
];
const TOS_NAMES = [
  "Minimize-Delay",
  "Maximize-Throughput",
  "Maximize-Reliability",
  "Minimize-Cost",
  "Normal-Service",
];

/** A comma list of words that may be shortened and in any case; the full words in capitals, or undefined. */
export function parseWordList(text: string, words: readonly string[]): string[] | undefined {
  const found: string[] = [];
  for (const part of text.split(",")) {
    const wanted = part.toUpperCase();
    const word = part === "" ? undefined : words.find((candidate) => candidate.startsWith(wanted));
    if (!word) return undefined;
    found.push(word);
  }
  return found;
}

export const parseStates = (text: string): string[] | undefined => parseWordList(text, STATES);
export const parseCtStates = (text: string): string[] | undefined => parseWordList(text, CT_STATES);
export const parseCtStatuses = (text: string): string[] | undefined => parseWordList(text, CT_STATUSES);
export const parseAddressTypes = (text: string): string[] | undefined => parseWordList(text, ADDRESS_TYPES);

const FLAG_BITS: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ALL: 63,
  NONE: 0,
};

/** A comma list of TCP flags as the bits of the flag byte. */
export function parseTcpFlags(text: string): number | undefined {
  let bits = 0;
  for (const part of text.split(",")) {
    const bit = FLAG_BITS[part.toUpperCase()];
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}

/** The kernel's number (PACKET_HOST …) of a --pkt-type. */
export function parsePacketType(text: string): number | undefined {
  const name = text.toLowerCase();
  return Object.hasOwn(PACKET_TYPES, name) ? PACKET_TYPES[name] : undefined;
}

const REJECT_V4 = [
  ...[
    "icmp-net-unreachable",
    "net-unreach",
    "icmp-host-unreachable",
    "host-unreach",
    "icmp-proto-unreachable",
  ],
  ...["proto-unreach", "icmp-port-unreachable", "port-unreach", "icmp-net-prohibited", "net-prohib"],
  ...["icmp-host-prohibited", "host-prohib", "tcp-reset", "tcp-rst", "icmp-admin-prohibited", "admin-prohib"],
];
const REJECT_V6 = [
  ...["icmp6-no-route", "no-route", "icmp6-adm-prohibited", "adm-prohibited", "icmp6-addr-unreachable"],
  ...[
    "addr-unreach",
    "icmp6-port-unreachable",
    "port-unreach",
    "tcp-reset",
    "icmp6-policy-fail",
    "policy-fail",
  ],
  ...["icmp6-reject-route", "reject-route"],
];

/** The values an option may have where they are a short list, for completion and messages. */
export function valueNames(kind: string, program: IptablesProgram): readonly string[] {
  switch (kind) {
    case "states":
      return STATES;
    case "ctstates":
      return CT_STATES;
    case "ctstatuses":
      return CT_STATUSES;
    case "addrtypes":
      return ADDRESS_TYPES;
    case "ctdir":
      return ["ORIGINAL", "REPLY"];
    case "bytesdir":
      return ["original", "reply", "both"];
    case "bytesmode":
      return ["packets", "bytes", "avgpkt"];
    case "statmode":
      return ["random", "nth"];
    case "algo":
      return ["bm", "kmp"];
    case "audittype":
      return ["accept", "drop", "reject"];
    case "pkttype":
      return ["unicast", "broadcast", "multicast", "otherhost"];
    case "tcpflags":
      return TCP_FLAGS.filter((flag) => flag !== "ECE" && flag !== "CWR");
    case "rejecttype":
      return program === "iptables" ? REJECT_V4 : REJECT_V6;
    case "loglevel":
      return LOG_LEVELS;
    case "tos":
      return TOS_NAMES;
    default:
      return [];
  }
}

const UNSIGNED = /^u(\d+)(range)?(\+)?$/;

/**
 * Why a value is not of that kind: completes "… is not valid here: "; undefined when it is, or when the
 * kind is free text.
 */
export function valueError(kind: string, text: string, program: IptablesProgram): string | undefined {
  const unsigned = kind.charCodeAt(0) === 117 ? UNSIGNED.exec(kind) : undefined;
  if (unsigned)
    return numberError(text, Number(unsigned[1]), unsigned[2] !== undefined, unsigned[3] !== undefined);
  const check = CHECKS[kind];
  return check?.(text, program);
}

function numberError(text: string, bits: number, range: boolean, positive: boolean): string | undefined {
  const max = (1n << BigInt(bits)) - 1n;
  const colon = range ? text.indexOf(":") : -1;
  const parts = colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)];
  const values = parts.map((part, i) => (part === "" && colon >= 0 ? (i === 0 ? 0n : max) : parseBig(part)));
  const [low, high] = values;
  if (values.some((value) => value === undefined || value > max) || (positive && low === 0n))
    return `${range ? "a number or range" : "a number"} from ${positive ? 1 : 0} to ${max} is expected`;
  return low !== undefined && high !== undefined && low > high ? "the range runs backwards" : undefined;
}

type Check = (text: string, program: IptablesProgram) => string | undefined;

const family = (program: IptablesProgram): 4 | 6 => (program === "iptables" ? 4 : 6);
const unless = (good: boolean, why: string): string | undefined => (good ? undefined : why);
const oneOf =
  (kind: string): Check =>
  (text, program) => {
    const names = valueNames(kind, program);
    const wanted = text.toLowerCase();
    return unless(
      names.some((name) => name.toLowerCase() === wanted),
      `${names.join(", ")} are possible`,
    );
  };

const portsError: Check = (text) => {
  if (parsePortRange(text)) return undefined;
  if (/[,]/.test(text))
    return "several ports need the multiport match: -m multiport with --dports or --sports";
  if (/^\d+-\d+$/.test(text)) return `a range is written with a colon: ${text.replace("-", ":")}`;
  if (/^\d+:\d+$/.test(text)) return "ports run from 0 to 65535, the lower one first";
  return /^\d+$/.test(text)
    ? "ports run from 0 to 65535"
    : "it is neither a port number nor a service name known here";
};

const portListError: Check = (text) => {
  const ranges = parsePortList(text);
  if (ranges) {
    const slots = ranges.reduce((sum, [low, high]) => sum + (low === high ? 1 : 2), 0);
    return slots > 15
      ? "multiport takes at most 15 ports, a range counts as two; use a second rule"
      : undefined;
  }
  if (/\d-\d/.test(text)) return "a range is written with a colon, as in 50000:51000";
  return "a comma-separated list of ports and ranges low:high is expected, without spaces";
};

function addressError(text: string, program: IptablesProgram): string | undefined {
  const value = parseAddress(text, family(program));
  return value.kind === "bad" ? value.why : undefined;
}

const addressRangeError: Check = (text, program) => {
  const ends = text.split("-");
  const kind = program === "iptables" ? "v4" : "v6";
  const good =
    ends.length <= 2 &&
    ends.every((end) => !end.includes("/") && parseAddress(end, family(program)).kind === kind);
  return unless(good, "a range first-last of addresses is expected");
};

function listOf(kind: string, parse: (text: string) => unknown): Check {
  return (text, program) =>
    parse(text) === undefined
      ? `a list of ${valueNames(kind, program).join(", ")} is expected, with commas and without spaces`
      : undefined;
}

function interfaceError(text: string): string | undefined {
  if (text === "") return "the name of an interface is expected";
  return unless(text.length <= 15, "an interface name has at most 15 characters");
}

const RATE =
  /^\d+(\.\d+)?([kKmM]?[bB])?(\/(s(e(c(o(n(d)?)?)?)?)?|m(i(n(u(te?)?)?)?)?|h(o(ur?)?)?|d(ay?)?))?$/i;

const CHECKS: Readonly<Record<string, Check>> = {
  port: (text) =>
    unless(parsePort(text) !== undefined, "it is neither a port number nor a service name known here"),
  ports: portsError,
  portlist: portListError,
  natports: (text) => unless(parseNatPorts(text) !== undefined, "a port or a range low-high is expected"),
  proto: (text) =>
    unless(protocolNumber(text) !== undefined, "it is no protocol name or number from 0 to 255"),
  oneproto: (text) =>
    unless((protocolNumber(text) ?? 0) > 0, "it is no protocol name or number from 1 to 255"),
  prefix6: (text) => {
    const value = parseAddress(text, 6);
    return unless(
      value.kind === "v6" && /\/\d+$/.test(text),
      "an IPv6 prefix such as 2001:db8::/64 is expected",
    );
  },
  osflevel: (text) => unless(/^[012]$/.test(text), "0, 1 or 2 is expected"),
  queues: (text) => {
    const range = parseNumberRange(text, 65534);
    return unless(
      range !== undefined && range[0] < range[1] && text.includes(":"),
      "two queue numbers first:last from 0 to 65534 are expected",
    );
  },
  tcpoptions: (text) =>
    unless(
      text.split(",").every((part) => /^[a-z]/.test(part) || (parseInteger(part, 255) ?? 0) > 1),
      "a list of TCP option numbers from 2 to 255 or names is expected",
    ),
  address: addressError,
  addresses: (text, program) => {
    for (const part of text.split(",")) {
      const error = addressError(part.trim(), program);
      if (error) return error;
    }
    return undefined;
  },
  addressrange: addressRangeError,
  interface: interfaceError,
  states: listOf("states", parseStates),
  ctstates: listOf("ctstates", parseCtStates),
  ctstatuses: listOf("ctstatuses", parseCtStatuses),
  addrtypes: listOf("addrtypes", parseAddressTypes),
  tcpflags: listOf("tcpflags", parseTcpFlags),
  pkttype: (text) =>
    unless(parsePacketType(text) !== undefined, "unicast, broadcast, multicast or otherhost is expected"),
  ctdir: oneOf("ctdir"),
  bytesdir: oneOf("bytesdir"),
  bytesmode: oneOf("bytesmode"),
  statmode: oneOf("statmode"),
  algo: oneOf("algo"),
  audittype: oneOf("audittype"),
  icmptype: (text) => textOnly(parseIcmpType(text, 4)),
  icmpv6type: (text) => textOnly(parseIcmpType(text, 6)),
  mark: (text) => unless(parseMark(text) !== undefined, "a 32-bit number value or value/mask is expected"),
  tos: (text) =>
    unless(
      parseMark(text, 255) !== undefined ||
        TOS_NAMES.some((name) => name.toLowerCase() === text.toLowerCase()),
      `a number up to 255, or ${TOS_NAMES.join(", ")} is expected`,
    ),
  rejecttype: (text, program) => {
    const wanted = text.toLowerCase();
    const names = valueNames("rejecttype", program);
    const other = program === "iptables" ? REJECT_V6 : REJECT_V4;
    if (wanted !== "" && names.some((name) => name.startsWith(wanted))) return undefined;
    const hint = other.includes(wanted)
      ? `; that one is for ${program === "iptables" ? "ip6tables" : "iptables"}`
      : "";
    return `${names.filter((name) => name.includes("icmp") || name === "tcp-reset").join(", ")} are possible${hint}`;
  },
  loglevel: (text) =>
    unless(
      parseInteger(text, 7) !== undefined ||
        LOG_LEVELS.some((name) => name.startsWith(text.toLowerCase()) && text !== ""),
      "a level from 0 to 7 or its name is expected",
    ),
  rate: (text) => unless(RATE.test(text), "a rate such as 5/second, 10/minute or 3/hour is expected"),
  rateunit: (text) => unless(/^\d+(\.\d+)?[a-z]*$/i.test(text), "a rate such as 8bit or 5kbit is expected"),
  probability: (text) =>
    unless(/^\d*\.?\d+$/.test(text) && Number(text) <= 1, "a number from 0 to 1 is expected"),
  mac: (text) =>
    unless(
      /^[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}$/.test(text),
      "a MAC address XX:XX:XX:XX:XX:XX is expected",
    ),
  setflags: (text) =>
    unless(
      /^(src|dst)(,(src|dst)){0,5}$/.test(text),
      "src, dst or a comma-separated list of them is expected",
    ),
  time: (text) => unless(/^\d{1,2}:\d{1,2}(:\d{1,2})?$/.test(text), "a time hh:mm[:ss] is expected"),
  zone: (text) =>
    unless(
      text === "mark" || parseInteger(text, 65535) !== undefined,
      "a number from 0 to 65535 or the word mark is expected",
    ),
};

function textOnly(result: unknown): string | undefined {
  return typeof result === "string" ? result : undefined;
}

/** `a` or `a-b` of --to-ports; names are allowed for a single port only. */
export function parseNatPorts(text: string): [number, number] | undefined {
  const single = parsePort(text);
  if (single !== undefined) return [single, single];
  const range = /^(\d{1,5})-(\d{1,5})$/.exec(text);
  if (!range) return undefined;
  const low = Number(range[1]);
  const high = Number(range[2]);
  return low <= high && high <= 65535 ? [low, high] : undefined;
}
