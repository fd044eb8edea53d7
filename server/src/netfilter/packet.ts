import type { Hook } from "../model/ruleset.ts";
import type { Ref } from "./box.ts";

export const TCP = 6;
export const ICMP = 1;
export const ICMPV6 = 58;

/** Kinds of addresses as the routing table tells them (RTN_* in linux/rtnetlink.h). */
export const RTN = { unicast: 1, local: 2, multicast: 5 } as const;

/** TCP flag bits as in the header's 14th byte. */
export const FLAGS = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

export type IpFamily = 4 | 6;

/** An FTP command or reply that names where the data connection goes. */
export interface Announcement {
  readonly command: "PORT" | "EPRT" | "227" | "229";
  /** Absent for 229, which names a port only. */
  readonly addr?: Ref;
  readonly port: Ref;
}

/** A packet on its way through this host. Fields are those at its present place (NAT changes them). */
export interface Packet {
  readonly family: IpFamily;
  readonly l4proto: number;
  readonly iif?: Ref;
  readonly oif?: Ref;
  readonly saddr: Ref;
  readonly daddr: Ref;
  /** Absent for ICMP. */
  readonly sport?: Ref;
  readonly dport?: Ref;
  readonly flags: number;
  /** ICMP or ICMPv6 type. */
  readonly icmpType?: number;
  readonly multicast: boolean;
  /** Kind of hardware address: 0 this host, 1 broadcast, 2 multicast; always 0 for what this host sends. */
  readonly pktType: number;
  /** An ARP packet: 1 request, 2 reply. It has none of the fields of IP. */
  readonly arp?: number;
  /** RTN_* of the destination where it is known whether it is this host's own address. */
  readonly daddrType?: number;
  readonly saddrType?: number;
  readonly announcement?: Announcement;
  /** Time to live or hop limit, where a rule has set it. */
  readonly hops?: number | "lower";
}

/** The hooks a packet passes on one host, by where it comes from and where it goes. */
export const PATHS = {
  in: ["ingress", "prerouting", "input"],
  out: ["output", "postrouting", "egress"],
  /** ARP never meets the hooks of IP. */
  arpIn: ["ingress", "input"],
  arpOut: ["output", "egress"],
  through: ["ingress", "prerouting", "forward", "postrouting", "egress"],
} as const satisfies Record<string, readonly Hook[]>;

export type PathName = keyof typeof PATHS;
