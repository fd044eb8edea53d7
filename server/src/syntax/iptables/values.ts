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

/** As parseInteger without a limit. */
export function parseBig(text: string): bigint | undefined {
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

/**
 * multiport's list of ports and `a:b` ranges; undefined when one of them is not readable. Unlike other options it
 * refuses a range of one port (libxt_multiport.c, parse_multi_ports).
 */
export function parsePortList(text: string): [number, number][] | undefined {
  const ranges: [number, number][] = [];
  for (const part of text.split(",")) {
    const colon = part.indexOf(":");
    const range = colon === 0 || colon === part.length - 1 ? undefined : parsePortRange(part);
    if (!range || (colon > 0 && range[0] === range[1])) return undefined;
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

export const STATES = ["INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED"];
export const CT_STATES = [...STATES, "SNAT", "DNAT"];
export const CT_STATUSES = ["NONE", "EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"];
export const ADDRESS_TYPES = [
  ...["UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST"],
  ...["BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW", "NAT", "XRESOLVE"],
];
export const TCP_FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "ALL", "NONE"];
const PACKET_TYPES: Readonly<Record<string, number>> = {
  unicast: 0,
  host: 0,
  broadcast: 1,
  bcast: 1,
  multicast: 2,
  mcast: 2,
  otherhost: 3,
};
/** As libxtables knows them, in full and in small letters (xtoptions.c). */
export const LOG_LEVELS = ["emerg", "panic", "alert", "crit", "error", "warning", "notice", "info", "debug"];
export const TOS_NAMES = [
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
