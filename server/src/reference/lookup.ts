import type { Area, ReferenceEntry } from "./entry.ts";
import { BUILTIN_CHAINS, IPTABLES_CORE, IPTABLES_TABLES } from "./iptables-core.ts";
import { MATCH_MODULES, MATCH_OPTIONS } from "./iptables-matches.ts";
import { TARGET_OPTIONS, TARGETS } from "./iptables-targets.ts";
import { CT_KEYS, META_KEYS, SELECTORS } from "./nft-selectors.ts";
import { STATEMENT_WORDS, STATEMENTS } from "./nft-statements.ts";
import {
  CHAIN_TYPES,
  COMMANDS,
  FAMILIES,
  HOOKS,
  NFT_STRUCTURE,
  POLICIES,
  PRIORITIES,
  PRIORITY_RULES,
  SET_FLAGS,
} from "./nft-structure.ts";
import { PORT_RANGES, PORTS } from "./ports.ts";
import {
  ADDRESS_TYPES,
  CT_STATES,
  CT_STATUSES,
  HELPERS,
  ICMP_TYPES,
  ICMPV6_TYPES,
  PROTOCOLS,
  REJECT_TYPES,
  TCP_FLAGS,
} from "./values.ts";

/** All areas by name: the one source of what words mean, for hover, completion and documentation. */
export const REFERENCE = {
  "iptables option": IPTABLES_CORE,
  "iptables table": IPTABLES_TABLES,
  "built-in chain": BUILTIN_CHAINS,
  match: MATCH_MODULES,
  "match option": MATCH_OPTIONS,
  target: TARGETS,
  "target option": TARGET_OPTIONS,
  family: FAMILIES,
  "chain type": CHAIN_TYPES,
  hook: HOOKS,
  priority: PRIORITIES,
  "priority rule": PRIORITY_RULES,
  policy: POLICIES,
  structure: NFT_STRUCTURE,
  "set flag": SET_FLAGS,
  command: COMMANDS,
  selector: SELECTORS,
  ct: CT_KEYS,
  meta: META_KEYS,
  statement: STATEMENTS,
  "statement word": STATEMENT_WORDS,
  "connection state": CT_STATES,
  "connection status": CT_STATUSES,
  "TCP flag": TCP_FLAGS,
  "ICMP type": ICMP_TYPES,
  "ICMPv6 type": ICMPV6_TYPES,
  protocol: PROTOCOLS,
  "reject type": REJECT_TYPES,
  "address type": ADDRESS_TYPES,
  helper: HELPERS,
  port: PORTS,
  "port range": PORT_RANGES,
} as const satisfies Readonly<Record<string, Area>>;

export type AreaName = keyof typeof REFERENCE;

/** The entry of a word in an area; undefined when the reference does not have it. */
export function lookUp(area: AreaName, key: string): ReferenceEntry | undefined {
  return REFERENCE[area].get(key);
}

/** Other spellings of a key, to the one the reference has. */
const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  "6": "tcp",
  "17": "udp",
  "1": "icmp",
  "58": "icmpv6",
  "ipv6-icmp": "icmpv6",
  "132": "sctp",
  "0": "all",
};

export function lookUpProtocol(text: string): ReferenceEntry | undefined {
  const key = text.toLowerCase();
  return lookUp("protocol", Object.hasOwn(PROTOCOL_NAMES, key) ? PROTOCOL_NAMES[key]! : key);
}

const ICMP_ALIASES: Readonly<Record<string, string>> = {
  "0": "echo-reply",
  "3": "destination-unreachable",
  "8": "echo-request",
  "11": "time-exceeded",
  "12": "parameter-problem",
  "3/4": "fragmentation-needed",
  ping: "echo-request",
  pong: "echo-reply",
  "ttl-exceeded": "time-exceeded",
};

const ICMPV6_ALIASES: Readonly<Record<string, string>> = {
  "1": "destination-unreachable",
  "2": "packet-too-big",
  "3": "time-exceeded",
  "4": "parameter-problem",
  "128": "echo-request",
  "129": "echo-reply",
  "130": "mld-listener-query",
  "131": "mld-listener-report",
  "133": "nd-router-solicit",
  "134": "nd-router-advert",
  "135": "nd-neighbor-solicit",
  "136": "nd-neighbor-advert",
  "137": "nd-redirect",
  ping: "echo-request",
  pong: "echo-reply",
  "ttl-exceeded": "time-exceeded",
  "router-solicitation": "nd-router-solicit",
  "router-advertisement": "nd-router-advert",
  "neighbour-solicitation": "nd-neighbor-solicit",
  "neighbor-solicitation": "nd-neighbor-solicit",
  "neighbour-advertisement": "nd-neighbor-advert",
  "neighbor-advertisement": "nd-neighbor-advert",
  redirect: "nd-redirect",
};

export function lookUpIcmpType(text: string, family: 4 | 6): ReferenceEntry | undefined {
  const aliases = family === 4 ? ICMP_ALIASES : ICMPV6_ALIASES;
  const key = text.toLowerCase();
  return lookUp(
    family === 4 ? "ICMP type" : "ICMPv6 type",
    Object.hasOwn(aliases, key) ? aliases[key]! : key,
  );
}
