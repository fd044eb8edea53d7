import { PROTOCOLS } from "../../syntax/nftables/names.ts";

/*
 * Names that nft prints for values: nft(8), the kernel's headers, RFCs. The first name of a value is the one that is
 * printed, the others are read as well.
 */

export type Symbols = ReadonlyMap<string, bigint>;

function symbols(text: string): Symbols {
  const words = text.trim().split(/\s+/);
  const entries = new Map<string, bigint>();
  for (let i = 0; i + 1 < words.length; i += 2) entries.set(words[i]!, BigInt(words[i + 1]!));
  return entries;
}

const inverses = new WeakMap<Symbols, ReadonlyMap<bigint, string>>();

/** The name of a value, if it has one. */
export function nameOf(names: Symbols, value: bigint): string | undefined {
  let inverse = inverses.get(names);
  if (!inverse) {
    const made = new Map<bigint, string>();
    for (const [name, of] of names) if (!made.has(of)) made.set(of, name);
    inverses.set(names, made);
    inverse = made;
  }
  return inverse.get(value);
}

export const PROTOCOL_NAMES: Symbols = new Map(
  [...PROTOCOLS].map(([name, number]) => [name, BigInt(number)]),
);

export const ETHER_TYPES = symbols("ip 0x800 arp 0x806 ip6 0x86dd 8021q 0x8100 8021ad 0x88a8 vlan 0x8100");

export const NF_PROTO = symbols("ipv4 2 ipv6 10");

export const ICMP_TYPE = symbols(`
  echo-reply 0 destination-unreachable 3 source-quench 4 redirect 5 echo-request 8 router-advertisement 9
  router-solicitation 10 time-exceeded 11 parameter-problem 12 timestamp-request 13 timestamp-reply 14
  info-request 15 info-reply 16 address-mask-request 17 address-mask-reply 18
`);

export const ICMP_CODE = symbols(`
  net-unreachable 0 host-unreachable 1 prot-unreachable 2 port-unreachable 3 net-prohibited 9 host-prohibited 10
  admin-prohibited 13 frag-needed 4
`);

export const ICMPV6_TYPE = symbols(`
  destination-unreachable 1 packet-too-big 2 time-exceeded 3 parameter-problem 4 echo-request 128 echo-reply 129
  mld-listener-query 130 mld-listener-report 131 mld-listener-done 132 mld-listener-reduction 132
  nd-router-solicit 133 nd-router-advert 134 nd-neighbor-solicit 135 nd-neighbor-advert 136 nd-redirect 137
  router-renumbering 138 ind-neighbor-solicit 141 ind-neighbor-advert 142 mld2-listener-report 143
`);

export const ICMPV6_CODE = symbols(`
  no-route 0 admin-prohibited 1 addr-unreachable 3 port-unreachable 4 policy-fail 5 reject-route 6
`);

export const ICMPX_CODE = symbols("port-unreachable 1 admin-prohibited 3 no-route 0 host-unreachable 2");

export const IGMP_TYPE = symbols(`
  membership-query 0x11 membership-report-v1 0x12 membership-report-v2 0x16 membership-report-v3 0x22
  leave-group 0x17
`);

export const TCP_FLAG = symbols("fin 1 syn 2 rst 4 psh 8 ack 16 urg 32 ecn 64 cwr 128");

export const CT_STATE = symbols("invalid 1 established 2 related 4 new 8 untracked 64");

export const CT_DIR = symbols("original 0 reply 1");

export const CT_STATUS = symbols("expected 1 seen-reply 2 assured 4 confirmed 8 snat 16 dnat 32 dying 512");

export const CT_EVENT = symbols(`
  new 1 related 2 destroy 4 reply 8 assured 16 protoinfo 32 helper 64 mark 128 seqadj 256 secmark 512 label 1024
`);

export const PKT_TYPE = symbols("host 0 unicast 0 broadcast 1 multicast 2 other 3");

export const FIB_ADDRTYPE = symbols(`
  unspec 0 unicast 1 local 2 broadcast 3 anycast 4 multicast 5 blackhole 6 unreachable 7 prohibit 8
`);

export const ARP_OP = symbols("request 1 reply 2 rrequest 3 rreply 4 inrequest 8 inreply 9 nak 10");

export const DCCP_TYPE = symbols(`
  request 0 response 1 data 2 ack 3 dataack 4 closereq 5 close 6 reset 7 sync 8 syncack 9
`);

export const MH_TYPE = symbols(`
  binding-refresh-request 0 home-test-init 1 careof-test-init 2 home-test 3 careof-test 4 binding-update 5
  binding-acknowledgement 6 binding-error 7 fast-binding-update 8 fast-binding-acknowledgement 9
  fast-binding-advertisement 10 experimental-mobility-header 11 home-agent-switch-message 12
`);

/** RFC 2474, 2597, 3246. */
export const DSCP = symbols(`
  cs0 0 cs1 8 cs2 16 cs3 24 cs4 32 cs5 40 cs6 48 cs7 56 df 0 be 0 lephb 1 af11 10 af12 12 af13 14 af21 18 af22 20
  af23 22 af31 26 af32 28 af33 30 af41 34 af42 36 af43 38 va 44 ef 46
`);

export const ECN = symbols("not-ect 0 ect1 1 ect0 2 ce 3");

export const BOOLEAN = symbols("exists 1 missing 0");

/** ARPHRD_* of linux/if_arp.h. */
export const IFACE_TYPE = symbols("ether 1 ppp 512 ipip 768 ipip6 769 loopback 772 sit 776 ipgre 778");

export const DAYS = symbols("Sunday 0 Monday 1 Tuesday 2 Wednesday 3 Thursday 4 Friday 5 Saturday 6");

/** /etc/iproute2/rt_realms and group, as they come. */
export const REALMS = symbols("cosmos 0");
export const DEVICE_GROUPS = symbols("default 0");
