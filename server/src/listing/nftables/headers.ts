import * as T from "./datatypes.ts";

/** Layers of a packet, as nft's payload expressions have them: link, network, transport. */
export type Layer = "ll" | "nh" | "th";

export interface HeaderField {
  /** In bits from the header's start. */
  readonly offset: number;
  readonly bits: number;
  readonly type: T.DataType;
}

export interface Header {
  readonly layer: Layer;
  /** What the layer below says of it: the protocol's number or the ether type. */
  readonly number?: bigint;
  readonly fields: ReadonlyMap<string, HeaderField>;
}

type Row = readonly [name: string, offset: number, bits: number, type?: T.DataType];

function header(layer: Layer, number: bigint | undefined, rows: readonly Row[]): Header {
  const fields = rows.map(([name, offset, bits, type]): [string, HeaderField] => [
    name,
    { offset, bits, type: type ?? T.INTEGER(bits) },
  ]);
  return { layer, number, fields: new Map(fields) };
}

const PORTS: readonly Row[] = [
  ["sport", 0, 16, T.PORT],
  ["dport", 16, 16, T.PORT],
];

/** Headers whose fields lie at fixed places; RFCs 791, 792, 793, 768, 3828, 4960, 4340, 8200, 4443, 2236, 826, 4302, 4303. */
export const HEADERS: ReadonlyMap<string, Header> = new Map<string, Header>([
  [
    "ether",
    header("ll", undefined, [
      ["daddr", 0, 48, T.ETHER],
      ["saddr", 48, 48, T.ETHER],
      ["type", 96, 16, T.ETHER_TYPE],
    ]),
  ],
  [
    "vlan",
    header("ll", 0x8100n, [
      ["pcp", 0, 3],
      ["dei", 3, 1],
      ["cfi", 3, 1],
      ["id", 4, 12],
      ["type", 16, 16, T.ETHER_TYPE],
    ]),
  ],
  [
    "arp",
    header("nh", 0x806n, [
      ["htype", 0, 16],
      ["ptype", 16, 16, T.ETHER_TYPE],
      ["hlen", 32, 8],
      ["plen", 40, 8],
      ["operation", 48, 16, T.ARP_OP],
      ["saddr ether", 64, 48, T.ETHER],
      ["saddr ip", 112, 32, T.IPV4],
      ["daddr ether", 144, 48, T.ETHER],
      ["daddr ip", 192, 32, T.IPV4],
    ]),
  ],
  [
    "ip",
    header("nh", 0x800n, [
      ["version", 0, 4],
      ["hdrlength", 4, 4],
      ["dscp", 8, 6, T.DSCP],
      ["ecn", 14, 2, T.ECN],
      ["length", 16, 16],
      ["id", 32, 16],
      ["frag-off", 48, 16],
      ["ttl", 64, 8],
      ["protocol", 72, 8, T.PROTO],
      ["checksum", 80, 16],
      ["saddr", 96, 32, T.IPV4],
      ["daddr", 128, 32, T.IPV4],
    ]),
  ],
  [
    "ip6",
    header("nh", 0x86ddn, [
      ["version", 0, 4],
      ["dscp", 4, 6, T.DSCP],
      ["ecn", 10, 2, T.ECN],
      ["flowlabel", 12, 20],
      ["length", 32, 16],
      ["nexthdr", 48, 8, T.PROTO],
      ["hoplimit", 56, 8],
      ["saddr", 64, 128, T.IPV6],
      ["daddr", 192, 128, T.IPV6],
    ]),
  ],
  [
    "icmp",
    header("th", 1n, [
      ["type", 0, 8, T.ICMP_TYPE],
      ["code", 8, 8, T.ICMP_CODE],
      ["checksum", 16, 16],
      ["id", 32, 16],
      ["sequence", 48, 16],
      ["gateway", 32, 32],
      ["mtu", 48, 16],
    ]),
  ],
  [
    "igmp",
    header("th", 2n, [
      ["type", 0, 8, T.IGMP_TYPE],
      ["mrt", 8, 8],
      ["checksum", 16, 16],
      ["group", 32, 32, T.IPV4],
    ]),
  ],
  [
    "icmpv6",
    header("th", 58n, [
      ["type", 0, 8, T.ICMPV6_TYPE],
      ["code", 8, 8, T.ICMPV6_CODE],
      ["checksum", 16, 16],
      ["parameter-problem", 32, 32],
      ["packet-too-big", 32, 32],
      ["mtu", 32, 32],
      ["id", 32, 16],
      ["sequence", 48, 16],
      ["max-delay", 32, 16],
    ]),
  ],
  [
    "tcp",
    header("th", 6n, [
      ...PORTS,
      ["sequence", 32, 32],
      ["ackseq", 64, 32],
      ["doff", 96, 4],
      ["reserved", 100, 4],
      ["flags", 104, 8, T.TCP_FLAG],
      ["window", 112, 16],
      ["checksum", 128, 16],
      ["urgptr", 144, 16],
    ]),
  ],
  ["udp", header("th", 17n, [...PORTS, ["length", 32, 16], ["checksum", 48, 16]])],
  ["udplite", header("th", 136n, [...PORTS, ["csumcov", 32, 16], ["checksum", 48, 16]])],
  ["sctp", header("th", 132n, [...PORTS, ["vtag", 32, 32], ["checksum", 64, 32]])],
  ["dccp", header("th", 33n, [...PORTS, ["type", 67, 4, T.DCCP_TYPE]])],
  [
    "ah",
    header("th", 51n, [
      ["nexthdr", 0, 8, T.PROTO],
      ["hdrlength", 8, 8],
      ["reserved", 16, 16],
      ["spi", 32, 32],
      ["sequence", 64, 32],
    ]),
  ],
  [
    "esp",
    header("th", 50n, [
      ["spi", 0, 32],
      ["sequence", 32, 32],
    ]),
  ],
  [
    "comp",
    header("th", 108n, [
      ["nexthdr", 0, 8, T.PROTO],
      ["flags", 8, 8, T.HEX(8)],
      ["cpi", 16, 16],
    ]),
  ],
  ["th", header("th", undefined, PORTS)],
]);

/** Fields of IPv6 extension headers; their places do not matter. */
export const EXTENSION_FIELDS: ReadonlyMap<string, T.DataType> = new Map<string, T.DataType>([
  ...["hbh", "dst", "rt", "frag", "mh"].map((name): [string, T.DataType] => [`${name} nexthdr`, T.PROTO]),
  ...["hbh", "dst", "rt", "mh"].map((name): [string, T.DataType] => [`${name} hdrlength`, T.INTEGER(8)]),
  ["rt type", T.INTEGER(8)],
  ["rt seg-left", T.INTEGER(8)],
  ["rt0 addr", T.IPV6],
  ["rt2 addr", T.IPV6],
  ["srh last-entry", T.INTEGER(8)],
  ["srh flags", T.INTEGER(8)],
  ["srh tag", T.INTEGER(16)],
  ["srh sid", T.IPV6],
  ["frag reserved", T.INTEGER(8)],
  ["frag frag-off", T.INTEGER(13)],
  ["frag reserved2", T.INTEGER(2)],
  ["frag more-fragments", T.INTEGER(1)],
  ["frag id", T.INTEGER(32)],
  ["mh type", T.MH_TYPE],
  ["mh reserved", T.INTEGER(8)],
  ["mh checksum", T.INTEGER(16)],
]);

/** `meta KEY`; the first ones are printed without `meta`. */
export const META: ReadonlyMap<string, { readonly type: T.DataType; readonly bare?: boolean }> = new Map([
  ["iif", { type: T.IFINDEX, bare: true }],
  ["oif", { type: T.IFINDEX, bare: true }],
  ["iifname", { type: T.IFNAME, bare: true }],
  ["oifname", { type: T.IFNAME, bare: true }],
  ["iifgroup", { type: T.DEVGROUP, bare: true }],
  ["oifgroup", { type: T.DEVGROUP, bare: true }],
  ["length", { type: T.INTEGER(32, "host") }],
  ["protocol", { type: T.ETHER_TYPE }],
  ["priority", { type: T.CLASSID }],
  ["mark", { type: T.MARK }],
  ["nfproto", { type: T.NFPROTO }],
  ["l4proto", { type: T.PROTO }],
  ["iiftype", { type: T.IFTYPE }],
  ["oiftype", { type: T.IFTYPE }],
  ["iifkind", { type: T.IFKIND }],
  ["oifkind", { type: T.IFKIND }],
  ["skuid", { type: T.UID }],
  ["skgid", { type: T.GID }],
  ["nftrace", { type: T.INTEGER(1, "host") }],
  ["rtclassid", { type: { ...T.REALM, print: printRealm } }],
  ["pkttype", { type: T.PKT_TYPE }],
  ["cpu", { type: T.INTEGER(32, "host") }],
  ["cgroup", { type: T.INTEGER(32, "host") }],
  ["random", { type: T.INTEGER(32, "host") }],
  ["ipsec", { type: T.BOOLEAN }],
  ["ibrname", { type: T.IFNAME }],
  ["obrname", { type: T.IFNAME }],
  ["ibrpvid", { type: T.INTEGER(16, "host") }],
  ["ibrvproto", { type: T.ETHER_TYPE }],
  ["time", { type: T.DATE }],
  ["hour", { type: T.HOUR }],
  ["day", { type: { ...T.DAY, print: (value: bigint) => `"${T.DAY.print(value)}"` } }],
  ["sdif", { type: T.IFINDEX }],
  ["sdifname", { type: T.IFNAME }],
  ["secmark", { type: T.INTEGER(32, "host") }],
  ["broute", { type: T.INTEGER(1, "host") }],
]);

function printRealm(value: bigint): string {
  return `"${T.REALM.print(value)}"`;
}

/** `ct KEY`. */
export const CT: ReadonlyMap<string, T.DataType> = new Map<string, T.DataType>([
  ["state", T.CT_STATE],
  ["direction", T.CT_DIR],
  ["status", T.CT_STATUS],
  ["mark", T.MARK],
  ["expiration", T.TIME],
  ["helper", T.HELPER],
  ["label", T.CT_LABEL],
  ["l3proto", T.NFPROTO],
  ["protocol", T.PROTO],
  ["proto-src", T.PORT],
  ["proto-dst", T.PORT],
  ["packets", T.INTEGER(64, "host")],
  ["bytes", T.INTEGER(64, "host")],
  ["avgpkt", T.INTEGER(64, "host")],
  ["zone", T.INTEGER(16, "host")],
  ["id", T.INTEGER(32)],
  ["event", T.CT_EVENT],
  ["secmark", T.INTEGER(32, "host")],
  ["timeout", T.HELPER],
  ["expectation", T.HELPER],
  ["count", T.INTEGER(32, "host")],
]);
