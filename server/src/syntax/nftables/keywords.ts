/*
 * Keywords of nft's rule language, from nft(8): which header has which fields, which words begin a
 * statement, which words can never be names.
 */

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

/** Header name -> its fields. */
export const HEADER_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    ether: "saddr daddr type",
    vlan: "id cfi dei pcp type",
    arp: "htype ptype hlen plen operation",
    ip: "version hdrlength dscp ecn length id frag-off ttl protocol checksum saddr daddr",
    icmp: "type code checksum id sequence gateway mtu",
    igmp: "type mrt checksum group",
    ip6: "version dscp ecn flowlabel length nexthdr hoplimit saddr daddr",
    icmpv6: "type code checksum parameter-problem packet-too-big mtu id sequence max-delay taddr daddr",
    tcp: "sport dport sequence ackseq doff reserved flags window checksum urgptr",
    udp: "sport dport length checksum",
    udplite: "sport dport csumcov length checksum",
    sctp: "sport dport vtag checksum",
    dccp: "sport dport type",
    ah: "nexthdr hdrlength reserved spi sequence",
    esp: "spi sequence",
    comp: "nexthdr flags cpi",
    th: "sport dport",
    gre: "flags version protocol",
    geneve: "vni type flags",
    vxlan: "vni flags",
    hbh: "nexthdr hdrlength",
    dst: "nexthdr hdrlength",
    rt: "nexthdr hdrlength type seg-left classid nexthop mtu ipsec",
    rt0: "addr",
    rt2: "addr",
    rt4: "last-entry flags tag sid",
    srh: "last-entry flags tag sid",
    frag: "nexthdr reserved frag-off reserved2 more-fragments id",
    mh: "nexthdr hdrlength type reserved checksum",
  }).map(([header, fields]) => [header, words(fields)]),
);

/** Headers that may carry another packet: `vxlan ip saddr`. */
export const TUNNEL_HEADERS: ReadonlySet<string> = words("gre gretap geneve vxlan");

export const META_KEYS: ReadonlySet<string> = words(
  "length protocol priority mark nfproto l4proto iif iifname iiftype iifkind iifgroup oif oifname oiftype oifkind oifgroup skuid skgid nftrace rtclassid pkttype cpu cgroup random secpath ipsec ibrname obrname ibridgename obridgename ibriport obriport ibrpvid ibrvproto ibrhwaddr broute secmark time hour day sdif sdifname bri_iifname bri_oifname",
);

/** Meta keys that need no `meta` in front. */
export const BARE_META_KEYS: ReadonlySet<string> = words(
  "mark iif iifname iiftype iifgroup oif oifname oiftype oifgroup skuid skgid nftrace rtclassid ibrname obrname ibridgename obridgename ibriport obriport pkttype cpu cgroup time hour day random",
);

export const CT_KEYS: ReadonlySet<string> = words(
  "state direction status mark secmark expiration helper label l3proto protocol proto saddr daddr proto-src proto-dst packets bytes avgpkt zone event id count timeout expectation",
);

/** Words that begin a statement; they are never the value of a comparison. */
export const STATEMENT_WORDS: ReadonlySet<string> = words(
  "accept drop continue return jump goto reject queue counter log limit quota masquerade notrack dup fwd tproxy synproxy meter comment vmap",
);

export const COMMAND_VERBS: ReadonlySet<string> = words(
  "add create insert replace delete destroy flush list reset rename get monitor describe import export update",
);

export const FAMILIES: ReadonlySet<string> = words("ip ip6 inet arp bridge netdev");

/**
 * Words that nft refuses as the name of a table, chain, set or object. Measured with nft 1.0.6 by trying
 * each as a chain's name, plus what 1.1 added.
 */
export const RESERVED_NAMES: ReadonlySet<string> = words(
  "accept add ah all and arp auto-merge bridge cgroup chain comment comp constant continue counter cpu create ct day dccp define delete describe destroy device devices dnat drop dst dup dynamic ecn element elements eq esp ether exists expires export exthdr fib flags flow flowtable flush frag fwd gc-interval ge get goto gt handle hbh hook hour ibriport ibrname icmp icmpv6 igmp iif iifgroup iifname iiftype import include index inet insert interval ip ip6 ipsec jhash jump le limit list log lshift lt map mark masquerade meta meter mh missing monitor ne netdev nftrace not notrack numgen obriport obrname oif oifgroup oifname oiftype or osf pkttype policy position priority queue quota random redefine redirect reject rename replace reset return rshift rt rtclassid rule ruleset sctp secmark set size skgid skuid snat socket srh symhash synproxy table tcp th time timeout tproxy type typeof udp udplite undefine update vlan vmap xor xt",
);
