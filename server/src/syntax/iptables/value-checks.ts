import { parseAddress } from "./address.ts";
import type { IptablesProgram } from "./command.ts";
import { parseIcmpType } from "./icmp-types.ts";
import { protocolNumber } from "./protocols.ts";
import {
  ADDRESS_TYPES,
  CT_STATES,
  CT_STATUSES,
  LOG_LEVELS,
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
  parseStates,
  parseTcpFlags,
  STATES,
  TCP_FLAGS,
  TOS_NAMES,
} from "./values.ts";

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
    case "ipsecdir":
      return ["in", "out"];
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
  const single = text.split(",").find((part) => /^(\w+):\1$/.test(part));
  if (single) return `multiport refuses ${single}, a range of one port: write ${single.split(":")[0]}`;
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
  host: (text, program) =>
    addressError(text, program) ?? unless(!text.includes("/"), "one address without a mask is expected"),
  ipsecdir: oneOf("ipsecdir"),
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
      parseInteger(text, 7) !== undefined || LOG_LEVELS.includes(text),
      "a level from 0 to 7 or its name is expected",
    ),
  rate: (text) =>
    unless(
      RATE.test(text) && Number.parseFloat(text) > 0,
      "a rate such as 5/second, 10/minute or 3/hour is expected",
    ),
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
