import { parseIcmpType } from "../../syntax/iptables/icmp-types.ts";
import { protocolNumber } from "../../syntax/iptables/protocols.ts";
import {
  ADDRESS_TYPES,
  parseAddressTypes,
  parseBig,
  parseCtStates,
  parseCtStatuses,
  parseInteger,
  parseMark,
  parseNatPorts,
  parseNumberRange,
  parsePacketType,
  parsePort,
  parsePortList,
  parsePortRange,
} from "../../syntax/iptables/values.ts";
import { addressWithLength, savedHost } from "./addresses.ts";
import { NAME_FORMATS } from "./name-formats.ts";
import { savedNatPorts, savedNatTarget, savedNetmap } from "./nat-formats.ts";
import { cutToBytes, quotedString, savedString } from "./quote.ts";
import { savedBytecode, savedU32 } from "./u32.ts";

/** How one value is printed; undefined where it cannot be read, `because` where only the host knows. */
export type Formatted = string | undefined | { readonly because: string };
export type Format = (text: string, family: 4 | 6) => Formatted;

const U32 = 0xffffffff;

/** `low:high`, or one number where both are the same. */
export function rangeText(
  range: readonly [number | bigint, number | bigint] | undefined,
): string | undefined {
  if (!range) return undefined;
  return range[0] === range[1] ? String(range[0]) : `${range[0]}:${range[1]}`;
}

export function hex(value: number, digits = 1): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

/** A value with its mask, where that is not all ones. */
export function markText(text: string): string | undefined {
  const mark = parseMark(text);
  if (!mark) return undefined;
  return mark.mask === U32 ? hex(mark.value) : `${hex(mark.value)}/${hex(mark.mask)}`;
}

/** The words in the order of a list, whatever order they were written in. */
function inOrder(words: readonly string[] | undefined, order: readonly string[]): string | undefined {
  return words && order.filter((word) => words.includes(word)).join(",");
}

const STATE_ORDER = ["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT"];
const STATUS_ORDER = ["EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"];
const PACKET_TYPES = ["unicast", "broadcast", "multicast", "otherhost"];

function statuses(text: string): Formatted {
  const words = parseCtStatuses(text);
  return words && (inOrder(words, STATUS_ORDER) || "NONE");
}

function icmpType(text: string, family: 4 | 6): Formatted {
  const found = parseIcmpType(text, family);
  if (typeof found === "string") return undefined;
  if (family === 4 && found.type === 255) return "any";
  const [low, high] = found.codes;
  return low === 0 && high === 255 ? String(found.type) : `${found.type}/${low}`;
}

function packetCount(text: string): Formatted {
  const [low = "", high] = text.split(":");
  const from = low === "" ? 0n : parseBig(low);
  if (from === undefined) return undefined;
  if (high === undefined || high === "") return String(from);
  const to = parseBig(high);
  return to === undefined ? undefined : `${from}:${to}`;
}

function addressRange(text: string, family: 4 | 6): Formatted {
  const [first = "", last = first] = text.split("-");
  const ends = [savedHost(first, family), savedHost(last, family)];
  return ends.includes(undefined) ? undefined : ends.join("-");
}

function addressList(text: string, family: 4 | 6): Formatted {
  const hosts = text.split(",").map((one) => savedHost(one, family));
  return hosts.includes(undefined) ? undefined : hosts.join(",");
}

/** A MAC address; groups of one digit are padded. */
function mac(text: string): Formatted {
  const groups = text.split(":");
  if (groups.length !== 6 || !groups.every((group) => /^[0-9a-f]{1,2}$/i.test(group))) return undefined;
  return groups.map((group) => group.toLowerCase().padStart(2, "0")).join(":");
}

/** The numbers of a user or group, or of a range of them. */
const owner =
  (what: "user" | "group"): Format =>
  (text) => {
    if (text === "root") return "0";
    const range = /^(\d+)-(\d+)$/.exec(text);
    const numbers = (range ? range.slice(1) : [text]).map((part) => parseInteger(part, U32));
    if (numbers.includes(undefined)) return { because: `the number of the ${what} ${text}` };
    return numbers[0] === numbers[1] || !range ? String(numbers[0]) : numbers.join("-");
  };

/** tc's MAJOR:MINOR. */
function trafficClass(text: string): Formatted {
  const parts = /^(?:0x)?([0-9a-f]{1,4}):(?:0x)?([0-9a-f]{1,4})$/i.exec(text);
  return parts
    ? `${parts[1]?.toLowerCase().padStart(4, "0")}:${parts[2]?.toLowerCase().padStart(4, "0")}`
    : undefined;
}

/** Prefixes of DNPT and SNPT, and of srh. */
function prefix6(text: string): Formatted {
  const [host = "", length = "128"] = text.split("/");
  const address = savedHost(host, 6);
  return address === undefined || !/^\d{1,3}$/.test(length) ? undefined : `${address}/${length}`;
}

function number(text: string): Formatted {
  return parseBig(text)?.toString();
}

function hexOf(digits: number): Format {
  return (text) => {
    const value = parseInteger(text, U32);
    return value === undefined ? undefined : hex(value, digits);
  };
}

/** Named values are the host's own: only 0 has a name everywhere. */
const named =
  (zero: string): Format =>
  (text) => {
    const mark = /^\d/.test(text) ? markText(text) : undefined;
    if (mark === "0x0" || text === zero) return zero;
    return mark ?? { because: `the number that this host gives the name ${text}` };
  };

function host(text: string, family: 4 | 6): Formatted {
  return savedHost(text, family) ?? { because: `the address of ${text}` };
}

function networkKept(text: string, family: 4 | 6): Formatted {
  return addressWithLength(text, family) ?? { because: `the address of ${text}` };
}

function label(text: string): Formatted {
  const value = parseInteger(text, 127);
  return value === undefined
    ? { because: `the number that this host gives the label ${text}` }
    : quotedString(String(value));
}

/** How values are printed, by the names that `rows.ts` uses. */
export const FORMATS: Readonly<Record<string, Format>> = {
  ...NAME_FORMATS,
  word: (text) => text,
  string: savedString,
  quoted: quotedString,
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  number,
  hex2: hexOf(2),
  hex4: hexOf(4),
  hex8: hexOf(8),
  u16range: (text) => rangeText(parseNumberRange(text, 65535)),
  u32range: (text) => rangeText(parseNumberRange(text, U32)),
  port: (text) => parsePort(text)?.toString(),
  ports: (text) => rangeText(parsePortRange(text)),
  portlist: (text) => parsePortList(text)?.map(rangeText).join(","),
  protocol: (text) => protocolNumber(text)?.toString(),
  mark: markText,
  markmask: (text) => {
    const mark = parseMark(text);
    return mark && `${hex(mark.value)}/${hex(mark.mask)}`;
  },
  states: (text) => inOrder(parseCtStates(text), STATE_ORDER),
  statuses,
  addrtypes: (text) => inOrder(parseAddressTypes(text), ADDRESS_TYPES),
  icmptype: icmpType,
  pkttype: (text) => PACKET_TYPES[parsePacketType(text) ?? -1],
  packets: packetCount,
  addressrange: addressRange,
  addresslist: addressList,
  network: networkKept,
  host,
  mac,
  user: owner("user"),
  group: owner("group"),
  class: trafficClass,
  prefix6,
  devgroup: named("default"),
  realm: named("cosmos"),
  label,
  logprefix: (text) => savedString(cutToBytes(text, 29)),
  nflogprefix: (text) => savedString(cutToBytes(text, 127)),
  nat: savedNatTarget,
  natports: (text) => savedNatPorts(parseNatPorts(text)),
  netmap: savedNetmap,
  u32: savedU32,
  bpf: savedBytecode,
  zone: (text) => (text === "mark" ? text : number(text)),
  ledelay: (text) => (text === "inf" ? text : number(text)),
};
