/** Protocol names of /etc/protocols (Debian's), and the few that iptables adds itself. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  all: 0,
  ip: 0,
  hopopt: 0,
  icmp: 1,
  igmp: 2,
  ggp: 3,
  ipencap: 4,
  "ip-encap": 4,
  st: 5,
  tcp: 6,
  egp: 8,
  igp: 9,
  pup: 12,
  udp: 17,
  hmp: 20,
  "xns-idp": 22,
  rdp: 27,
  "iso-tp4": 29,
  dccp: 33,
  xtp: 36,
  ddp: 37,
  "idpr-cmtp": 38,
  ipv6: 41,
  "ipv6-route": 43,
  "ipv6-frag": 44,
  idrp: 45,
  rsvp: 46,
  gre: 47,
  esp: 50,
  "ipsec-esp": 50,
  ah: 51,
  "ipsec-ah": 51,
  skip: 57,
  "ipv6-icmp": 58,
  icmpv6: 58,
  "ipv6-nonxt": 59,
  "ipv6-opts": 60,
  rspf: 73,
  cphb: 73,
  vmtp: 81,
  eigrp: 88,
  ospf: 89,
  ospfigp: 89,
  "ax.25": 93,
  ipip: 94,
  etherip: 97,
  encap: 98,
  pim: 103,
  ipcomp: 108,
  vrrp: 112,
  l2tp: 115,
  isis: 124,
  sctp: 132,
  fc: 133,
  "mobility-header": 135,
  "ipv6-mh": 135,
  mh: 135,
  udplite: 136,
  "mpls-in-ip": 137,
  manet: 138,
  hip: 139,
  shim6: 140,
  wesp: 141,
  rohc: 142,
  ethernet: 143,
};

/** The number 0 to 255 of a protocol given by name (in any case) or number; 0 means all. */
export function protocolNumber(text: string): number | undefined {
  if (Object.hasOwn(PROTOCOLS, text)) return PROTOCOLS[text];
  const trimmed = text.trim();
  if (/^(0[xX][0-9a-fA-F]{1,4}|\d{1,4})$/.test(trimmed)) {
    const value = /^0\d/.test(trimmed) ? Number.parseInt(trimmed, 8) : Number(trimmed);
    return value <= 255 ? value : undefined;
  }
  const name = text.toLowerCase();
  return Object.hasOwn(PROTOCOLS, name) ? PROTOCOLS[name] : undefined;
}

/** Usual name of a protocol number, for showing it to people. */
export function protocolName(protocol: number): string | undefined {
  return protocol === 0 ? "all" : NAMES.get(protocol);
}

/** Of several names for a number the first in the list. */
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(PROTOCOLS)
    .reverse()
    .map(([name, number]) => [number, name]),
);

const IMPLICIT_MODULE: Readonly<Record<number, string>> = {
  1: "icmp",
  6: "tcp",
  17: "udp",
  33: "dccp",
  50: "esp",
  51: "ah",
  58: "icmp6",
  108: "ipcomp",
  132: "sctp",
  135: "mh",
};

/** The match module that `-p` of this protocol brings in when one of its options is used. */
export function protocolModule(protocol: number): string | undefined {
  return IMPLICIT_MODULE[protocol];
}
