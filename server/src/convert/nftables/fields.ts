import type { Field } from "../../model/rule.ts";
import type { Selector } from "../../syntax/nftables/tree.ts";
import type { ValueType } from "./values.ts";

/** What a selector looks at in terms of the model. */
export interface FieldInfo {
  /** Absent where the model has no such field; then `fact` tells what it depends on. */
  readonly field?: Field;
  readonly type: ValueType;
  /** Implied by the syntax: `tcp dport` looks at TCP only, `ip saddr` at IPv4 only. */
  readonly nfproto?: 4 | 6;
  readonly l4proto?: number;
  /** The family is only implied where the rule has not said another: `icmp` may travel in IPv6. */
  readonly weak?: boolean;
  /** A noun phrase. */
  readonly fact: string;
  /** The same for every packet of a connection in one direction. */
  readonly stable: boolean;
}

const L4: Record<string, number> = {
  tcp: 6,
  udp: 17,
  udplite: 136,
  sctp: 132,
  dccp: 33,
  icmp: 1,
  igmp: 2,
  icmpv6: 58,
  esp: 50,
  ah: 51,
  comp: 108,
  gre: 47,
};

function known(
  field: Field,
  type: ValueType,
  implied: Pick<FieldInfo, "nfproto" | "l4proto" | "weak"> = {},
): FieldInfo {
  return { field, type, ...implied, fact: `the value of ${field}`, stable: true };
}

const FIELDS = new Map<string, FieldInfo>([
  ["th sport", known("sport", "port")],
  ["th dport", known("dport", "port")],
  ["tcp flags", { ...known("tcpflags", "tcpflags", { l4proto: 6 }), stable: false }],
  ["ip saddr", known("saddr4", "v4", { nfproto: 4 })],
  ["ip daddr", known("daddr4", "v4", { nfproto: 4 })],
  ["ip protocol", known("l4proto", "proto", { nfproto: 4 })],
  ["ip6 saddr", known("saddr6", "v6", { nfproto: 6 })],
  ["ip6 daddr", known("daddr6", "v6", { nfproto: 6 })],
  ["ip6 nexthdr", known("l4proto", "proto", { nfproto: 6 })],
  ["icmp type", known("icmptype", "icmptype", { nfproto: 4, l4proto: 1, weak: true })],
  ["icmpv6 type", known("icmpv6type", "icmpv6type", { nfproto: 6, l4proto: 58, weak: true })],
  // A number of one byte, as types of ICMPv6 are.
  ["ip6 hoplimit", known("hoplimit", "icmpv6type", { nfproto: 6 })],
  ["ether type", known("nfproto", "ethertype")],
  ["arp operation", known("arpoperation", "arpoperation")],
  ["meta protocol", known("nfproto", "ethertype")],
  ["meta nfproto", known("nfproto", "nfproto")],
  ["meta l4proto", known("l4proto", "proto")],
  ["meta iif", known("iif", "ifindex")],
  ["meta iifname", known("iif", "ifname")],
  ["meta oif", known("oif", "ifindex")],
  ["meta oifname", known("oif", "ifname")],
  ["meta mark", known("mark", "mark")],
  ["meta pkttype", known("pkttype", "pkttype")],
  ["ct state", known("ctstate", "ctstate")],
  ["ct status", known("ctstatus", "ctstatus")],
  ["ct direction", known("ctdirection", "ctdirection")],
  ["ct mark", known("ctmark", "mark")],
  ["ct helper", known("cthelper", "helper")],
  ["ct protocol", known("ctprotocol", "proto")],
  ["ct l3proto", known("ctl3proto", "nfproto")],
]);

for (const header of ["tcp", "udp", "udplite", "sctp", "dccp"]) {
  for (const port of ["sport", "dport"] as const) {
    FIELDS.set(`${header} ${port}`, known(port, "port", { l4proto: L4[header] }));
  }
}

/** Facts for what the file cannot tell, by the selector's key or its first word. */
const FACTS: Record<string, { fact: string; stable: boolean }> = {
  "meta length": { fact: "the packet's length", stable: false },
  "meta skuid": { fact: "the user who owns the socket", stable: true },
  "meta skgid": { fact: "the group that owns the socket", stable: true },
  "meta cgroup": { fact: "the control group of the socket", stable: true },
  "meta time": { fact: "the date and time", stable: true },
  "meta hour": { fact: "the time of day", stable: true },
  "meta day": { fact: "the day of the week", stable: true },
  "meta cpu": { fact: "the processor that handles the packet", stable: false },
  "meta random": { fact: "a random number", stable: false },
  "meta priority": { fact: "the packet's traffic class", stable: true },
  "meta rtclassid": { fact: "the routing realm", stable: true },
  "meta nftrace": { fact: "whether the packet is traced", stable: true },
  "meta iifgroup": { fact: "the group of the incoming interface", stable: true },
  "meta oifgroup": { fact: "the group of the outgoing interface", stable: true },
  "meta iiftype": { fact: "the type of the incoming interface", stable: true },
  "meta oiftype": { fact: "the type of the outgoing interface", stable: true },
  "meta iifkind": { fact: "the kind of the incoming interface", stable: true },
  "meta oifkind": { fact: "the kind of the outgoing interface", stable: true },
  "meta secpath": { fact: "whether the packet came through IPsec", stable: true },
  "meta ipsec": { fact: "whether the packet came through IPsec", stable: true },
  "meta secmark": { fact: "the packet's security mark", stable: true },
  "meta sdif": { fact: "the VRF of the packet", stable: true },
  "meta sdifname": { fact: "the VRF of the packet", stable: true },
  "meta ibrname": { fact: "the bridge the packet came in through", stable: true },
  "meta obrname": { fact: "the bridge the packet goes out through", stable: true },
  "meta ibridgename": { fact: "the bridge the packet came in through", stable: true },
  "meta obridgename": { fact: "the bridge the packet goes out through", stable: true },
  "ct bytes": { fact: "how many bytes the connection has carried", stable: false },
  "ct packets": { fact: "how many packets the connection has carried", stable: false },
  "ct avgpkt": { fact: "the connection's mean packet size", stable: false },
  "ct expiration": { fact: "how long conntrack still keeps the connection", stable: false },
  "ct label": { fact: "the connection's label", stable: true },
  "ct zone": { fact: "the connection's conntrack zone", stable: true },
  "ct id": { fact: "the connection's number in conntrack", stable: true },
  "ct secmark": { fact: "the connection's security mark", stable: true },
  "ct event": { fact: "the connection's events", stable: false },
  "ct count": { fact: "how many connections there are", stable: true },
  "ip option": { fact: "the packet's IP options", stable: true },
  "ip ttl": { fact: "the packet's time to live", stable: true },
  "ip dscp": { fact: "the packet's DSCP", stable: true },
  "ip6 dscp": { fact: "the packet's DSCP", stable: true },
  "ip frag-off": { fact: "whether the packet is a fragment", stable: false },
  "tcp option": { fact: "the segment's TCP options", stable: false },
  "ether saddr": { fact: "the sender's hardware address", stable: true },
  "ether daddr": { fact: "the receiver's hardware address", stable: true },
  "vlan id": { fact: "the packet's VLAN", stable: true },
  "numgen random": { fact: "a random number", stable: false },
  "numgen inc": { fact: "a counter that changes with every packet", stable: false },
  "socket transparent": { fact: "whether a transparent socket is open for the packet", stable: true },
  "socket mark": { fact: "the mark of the socket", stable: true },
  "socket wildcard": { fact: "whether the socket listens on all addresses", stable: true },
  "socket cgroupv2": { fact: "the control group of the socket", stable: true },
  jhash: { fact: "a hash of the packet's header", stable: true },
  symhash: { fact: "a hash of the connection", stable: true },
  raw: { fact: "some bytes of the packet", stable: false },
  ipsec: { fact: "the packet's IPsec policy", stable: true },
  osf: { fact: "the sender's operating system, as guessed from the packet", stable: false },
  exthdr: { fact: "the packet's IPv6 extension headers", stable: false },
  rt: { fact: "the packet's route or routing header", stable: true },
  tunnel: { fact: "the tunnel the packet came through", stable: true },
};

/** Keys of `rt` that ask for the route, not for the routing header. */
const ROUTE_KEYS = new Set([
  "rt classid",
  "rt nexthop",
  "rt mtu",
  "rt ipsec",
  "rt ip nexthop",
  "rt ip6 nexthop",
]);

/** Packets of FTP and of neighbour discovery have none: a test of one fails, negated or not. */
const NO_EXTENSION_HEADER: FieldInfo = {
  field: "exthdr",
  type: "other",
  nfproto: 6,
  fact: "the packet's IPv6 extension headers",
  stable: true,
};

const EXTENSION_HEADERS = new Set(["hbh", "dst", "rt0", "rt2", "rt4", "srh", "frag", "mh", "exthdr"]);

/** The field behind a selector. `family` helps where the syntax leaves IPv4 or IPv6 open. */
export function fieldOf(selector: Selector, family: 4 | 6 | undefined): FieldInfo {
  const { key } = selector;
  if (key === "fib") return fibField(selector);
  return FIELDS.get(key) ?? connectionTuple(selector, family) ?? unknownField(key);
}

function unknownField(key: string): FieldInfo {
  const header = key.split(" ")[0]!;
  const found = FACTS[key] ?? FACTS[header];
  const implied = {
    l4proto: L4[header],
    nfproto: impliedFamily(header),
    weak: header !== "ip" && header !== "ip6",
  };
  if (EXTENSION_HEADERS.has(header) || (header === "rt" && !ROUTE_KEYS.has(key))) return NO_EXTENSION_HEADER;
  if (found) return { type: "other", ...implied, ...found };
  return { type: "other", ...implied, fact: `the packet's ${key}`, stable: false };
}

function impliedFamily(header: string): 4 | 6 | undefined {
  if (header === "ip" || header === "icmp" || header === "igmp") return 4;
  return header === "ip6" || header === "icmpv6" ? 6 : undefined;
}

function fibField(selector: Selector): FieldInfo {
  const argument = selector.argument ?? "";
  if (argument === "daddr type") return known("daddrtype", "addrtype");
  if (argument === "saddr type") return known("saddrtype", "addrtype");
  const what = argument.endsWith("type")
    ? "the type of the address in the routing table"
    : argument.startsWith("saddr")
      ? "whether there is a route back to the sender through this interface"
      : "the route to the destination";
  return { type: "other", fact: what, stable: true };
}

const TUPLE: Record<string, { v4: Field; v6: Field } | { port: Field }> = {
  "original saddr": { v4: "ctorigsaddr4", v6: "ctorigsaddr6" },
  "original daddr": { v4: "ctorigdaddr4", v6: "ctorigdaddr6" },
  "original proto-src": { port: "ctorigsport" },
  "original proto-dst": { port: "ctorigdport" },
  "reply saddr": { v4: "ctreplsaddr4", v6: "ctreplsaddr6" },
  "reply daddr": { v4: "ctrepldaddr4", v6: "ctrepldaddr6" },
  "reply proto-src": { port: "ctreplsport" },
  "reply proto-dst": { port: "ctrepldport" },
};

/** `ct original ip saddr`, `ct reply proto-dst`, … */
function connectionTuple(selector: Selector, family: 4 | 6 | undefined): FieldInfo | undefined {
  if (!selector.key.startsWith("ct ")) return undefined;
  const words = selector.key.split(" ").slice(1);
  const explicit = words[0] === "ip" ? 4 : words[0] === "ip6" ? 6 : undefined;
  const entry = TUPLE[`${selector.direction ?? ""} ${explicit ? words[1] : words[0]}`];
  if (!entry) return undefined;
  if ("port" in entry) return known(entry.port, "port");
  const version = explicit ?? family ?? 4;
  return version === 4 ? known(entry.v4, "v4") : known(entry.v6, "v6");
}
