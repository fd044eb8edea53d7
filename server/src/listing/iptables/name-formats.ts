import { parseInteger } from "../../syntax/iptables/values.ts";

type Names = (text: string) => string | undefined;

/** The number of a name, in two hex digits. */
function hexByName(names: Readonly<Record<string, number>>): Names {
  return (text) => {
    const value = names[text.toUpperCase()];
    return value === undefined ? undefined : `0x${value.toString(16).padStart(2, "0")}`;
  };
}

/** RFC 2474, 2597, 3246: CS n is 8n, AF xy is 8x + 2y, EF 46, BE 0. */
const DSCP_CLASSES: Readonly<Record<string, number>> = {
  BE: 0,
  EF: 46,
  ...Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`CS${n}`, 8 * n])),
  ...Object.fromEntries(
    [1, 2, 3, 4].flatMap((x) => [1, 2, 3].map((y): [string, number] => [`AF${x}${y}`, 8 * x + 2 * y])),
  ),
};

/** RFC 1349's bits of the type of service, without the two that are ECN's today. */
const TOS_NAMES: Readonly<Record<string, number>> = {
  "MINIMIZE-DELAY": 0x10,
  "MAXIMIZE-THROUGHPUT": 0x08,
  "MAXIMIZE-RELIABILITY": 0x04,
  "MINIMIZE-COST": 0x02,
  "NORMAL-SERVICE": 0x00,
};

/** A type of service with its mask: names mean the old six bits, numbers all eight. */
export function parseTos(text: string): { value: number; mask: number } | undefined {
  const named = TOS_NAMES[text.toUpperCase()];
  if (named !== undefined) return { value: named, mask: 0x3f };
  const [value, mask] = text.split("/").map((part) => parseInteger(part, 255));
  return value === undefined || (text.includes("/") && mask === undefined)
    ? undefined
    : { value, mask: mask ?? 0xff };
}

export function tosText(value: number, mask: number): string {
  const two = (byte: number) => `0x${byte.toString(16).padStart(2, "0")}`;
  return `${two(value)}/${two(mask)}`;
}

/** syslog(3); 4 is what LOG does without being told. */
const LOG_LEVELS: Readonly<Record<string, number>> = {
  emerg: 0,
  panic: 0,
  alert: 1,
  crit: 2,
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

/** Full names, each with its short forms; `-` parts a short form of only that program. */
function byBeginning(names: readonly string[], aliases: Readonly<Record<string, string>>): Names {
  return (text) => {
    const wanted = text.toLowerCase();
    if (Object.hasOwn(aliases, wanted)) return aliases[wanted];
    return names.find((name) => name.startsWith(wanted));
  };
}

const REJECT_V4 = byBeginning(
  ["icmp-net-unreachable", "icmp-host-unreachable", "icmp-proto-unreachable", "icmp-port-unreachable"].concat(
    ["icmp-net-prohibited", "icmp-host-prohibited", "tcp-reset", "icmp-admin-prohibited"],
  ),
  {
    "net-unreach": "icmp-net-unreachable",
    "host-unreach": "icmp-host-unreachable",
    "proto-unreach": "icmp-proto-unreachable",
    "port-unreach": "icmp-port-unreachable",
    "net-prohib": "icmp-net-prohibited",
    "host-prohib": "icmp-host-prohibited",
    "tcp-rst": "tcp-reset",
    "admin-prohib": "icmp-admin-prohibited",
  },
);
const REJECT_V6 = byBeginning(
  ["icmp6-no-route", "icmp6-adm-prohibited", "icmp6-addr-unreachable", "icmp6-port-unreachable"].concat([
    "tcp-reset",
    "icmp6-policy-fail",
    "icmp6-reject-route",
  ]),
  {
    "no-route": "icmp6-no-route",
    "adm-prohibited": "icmp6-adm-prohibited",
    "addr-unreach": "icmp6-addr-unreachable",
    "port-unreach": "icmp6-port-unreachable",
    "policy-fail": "icmp6-policy-fail",
    "reject-route": "icmp6-reject-route",
  },
);

const CT_EVENTS = ["new", "related", "destroy", "reply", "assured", "protoinfo", "helper", "mark"].concat([
  "natseqinfo",
  "secmark",
]);

const DCCP_TYPES = ["REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK", "CLOSEREQ", "CLOSE", "RESET"].concat([
  "SYNC",
  "SYNCACK",
  "INVALID",
]);

/** Words of a comma list in the order of `order`. */
function listInOrder(order: readonly string[]): Names {
  return (text) => {
    const words = text
      .split(",")
      .map((word) => order.find((one) => one.toLowerCase() === word.toLowerCase()));
    return words.includes(undefined) ? undefined : order.filter((word) => words.includes(word)).join(",");
  };
}

/** In the order in which they are printed, with all their names and the protocol's number. */
const IPV6_HEADERS = [
  ["hop-by-hop", "hop", "0", "hopopt"],
  ["ipv6-opts", "dst", "60"],
  ["ipv6-route", "route", "43"],
  ["ipv6-frag", "frag", "44"],
  ["ah", "auth", "51"],
  ["esp", "50"],
  ["ipv6-nonxt", "none", "59"],
  ["protocol", "prot", "255"],
];

function ipv6Headers(text: string): string | undefined {
  const wanted = text.toLowerCase().split(",");
  const found = IPV6_HEADERS.filter((names) => names.some((name) => wanted.includes(name)));
  const known = wanted.every((word) => IPV6_HEADERS.some((names) => names.includes(word)));
  return known ? found.map(([name]) => name).join(",") : undefined;
}

/** Mobility headers (RFC 6275) by number, each with its short form. */
const MOBILITY = [
  "binding-refresh-request brr",
  "home-test-init hoti",
  "careof-test-init coti",
  "home-test hot",
  "careof-test cot",
  "binding-update bu",
  "binding-acknowledgement ba",
  "binding-error be",
].map((names) => names.split(" "));

function mobilityType(text: string): string | undefined {
  const number = (part: string): number | undefined => {
    const at = MOBILITY.findIndex((names) => names.includes(part.toLowerCase()));
    return at < 0 ? parseInteger(part, 255) : at;
  };
  const [low = "", high] = text.split(":");
  const from = low === "" ? 0 : number(low);
  const to = high === undefined ? from : high === "" ? 255 : number(high);
  if (from === undefined || to === undefined) return undefined;
  return from === to ? String(from) : `${from}:${to}`;
}

/** TCP options by number (IANA); what TCPOPTSTRIP knows by name. */
const TCP_OPTIONS: Readonly<Record<string, number>> = {
  mss: 2,
  wscale: 3,
  "sack-permitted": 4,
  sack: 5,
  timestamp: 8,
  md5: 19,
};

function tcpOptions(text: string): string | undefined {
  const numbers = text.split(",").map((part) => TCP_OPTIONS[part] ?? parseInteger(part, 255));
  if (numbers.includes(undefined)) return undefined;
  return [...new Set(numbers)].sort((a, b) => Number(a) - Number(b)).join(",");
}

/** Values that have names: how they are printed. */
export const NAME_FORMATS: Readonly<Record<string, (text: string, family: 4 | 6) => string | undefined>> = {
  dscpclass: hexByName(DSCP_CLASSES),
  tos: (text) => {
    const tos = parseTos(text);
    return tos && tosText(tos.value, tos.mask);
  },
  loglevel: (text) => String(LOG_LEVELS[text] ?? parseInteger(text, 7) ?? "") || undefined,
  rejecttype: (text, family) => (family === 4 ? REJECT_V4 : REJECT_V6)(text),
  ctevents: listInOrder(CT_EVENTS),
  dccptypes: listInOrder(DCCP_TYPES),
  ipv6headers: ipv6Headers,
  mhtype: mobilityType,
  tcpoptions: tcpOptions,
};
