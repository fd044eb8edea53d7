import { area } from "./entry.ts";

/** States of conntrack, in capitals as iptables writes them; nft writes them small. */
export const CT_STATES = area("iptables-extensions(8), conntrack; kernel nf_conntrack_core.c", {
  NEW: "The packet opens a connection that conntrack has not seen, or no answer has come yet. A data connection of FTP is `NEW` unless a helper expected it.",
  ESTABLISHED:
    "The packet belongs to a connection that has seen packets both ways. Answers to an accepted `NEW` packet are established: one rule for this state lets all replies pass.",
  RELATED:
    "The packet opens a connection that another one announced: FTP's data connection, when the control connection has the helper. ICMP errors about a connection are related, too. Without a helper assigned (`-j CT --helper ftp`, `ct helper set`) no FTP data connection is ever related.",
  INVALID:
    "Conntrack cannot make sense of the packet: it fits no connection and cannot open one. Before priority -200 (table `raw`) nft sees every packet so.",
  UNTRACKED:
    "The packet was left out of connection tracking by `NOTRACK`, `CT --notrack` or nft's `notrack`.",
  SNAT: "A state of its own in iptables: the connection's source address was changed.",
  DNAT: "A state of its own in iptables: the connection's destination address was changed.",
});

/** Bits of conntrack's status, as nft writes them. */
export const CT_STATUSES = area("nft(8), CONNTRACK EXPRESSIONS; kernel nf_conntrack_common.h", {
  expected: "A helper announced the connection: FTP's data connection.",
  "seen-reply": "Packets have gone both ways.",
  assured: "The connection is past its handshake and is not thrown out when the table is full.",
  confirmed:
    "The connection's first packet has left the host, so the entry is final. Helpers can no longer be assigned.",
  snat: "The connection's source address is changed.",
  dnat: "The connection's destination address is changed.",
  dying: "The entry is being removed.",
});

export const TCP_FLAGS = area("RFC 9293, section 3.1", {
  SYN: "Asks to open a connection. Only the first packet has it without ACK.",
  ACK: "Confirms data; every packet but the first has it.",
  FIN: "The sender has nothing more to send.",
  RST: "Ends or refuses the connection at once.",
  PSH: "Hand the data to the program without delay.",
  URG: "The packet carries urgent data.",
  ECN: "Explicit congestion notification: the network is congested.",
  CWR: "The sender has slowed down because of congestion.",
  ALL: "All six classic flags: SYN, ACK, FIN, RST, URG, PSH.",
  NONE: "No flag.",
});

/** ICMP types for IPv4, with the names of both programs. */
export const ICMP_TYPES = area("RFC 792", {
  "echo-reply": "Type 0, the answer to a ping.",
  "destination-unreachable":
    "Type 3: a host, port or network cannot be reached, or the packet was too large for a link (code 4).",
  "fragmentation-needed":
    "Type 3 code 4: the packet was too large for a link. Path-MTU discovery needs it: where it is dropped, large transfers hang.",
  "port-unreachable": "Type 3 code 3: nothing listens on that port, or a firewall rejects.",
  "source-quench": "Type 4, obsolete: slow down.",
  redirect: "Type 5: there is a better router for that destination.",
  "echo-request": "Type 8, a ping.",
  "time-exceeded": "Type 11: the packet went round in circles, or is part of a traceroute.",
  "parameter-problem": "Type 12: something in the header is wrong.",
  "timestamp-request": "Type 13: asks what time it is.",
  "timestamp-reply": "Type 14: the answer to a request for the time.",
});

export const ICMPV6_TYPES = area("RFC 4443", {
  "destination-unreachable": "Type 1: a host, port or network cannot be reached.",
  "packet-too-big":
    "Type 2: the packet was too large for a link. IPv6 routers never fragment, so dropping it makes large transfers hang.",
  "time-exceeded": "Type 3: the hop limit ran out.",
  "parameter-problem": "Type 4: something in the header is not understood.",
  "echo-request": "Type 128, a ping.",
  "echo-reply": "Type 129, the answer to a ping.",
  "nd-router-solicit": ["Type 133: a host looks for routers.", "RFC 4861"],
  "nd-router-advert": ["Type 134: a router announces itself and the network's prefix.", "RFC 4861"],
  "nd-neighbor-solicit": [
    "Type 135: asks for a neighbour's hardware address, IPv6's ARP. Where it is dropped, no IPv6 connection works.",
    "RFC 4861",
  ],
  "nd-neighbor-advert": [
    "Type 136: a neighbour tells its hardware address. Where it is dropped, no IPv6 connection works.",
    "RFC 4861",
  ],
  "nd-redirect": ["Type 137: a better way to that destination.", "RFC 4861"],
  "mld-listener-query": ["Type 130: a router asks who listens to which multicast group.", "RFC 2710"],
  "mld-listener-report": ["Type 131: a host listens to a multicast group.", "RFC 2710"],
});

export const PROTOCOLS = area("IANA protocol numbers", {
  tcp: "TCP, protocol 6: connections with a handshake. Both of FTP's connections are TCP.",
  udp: "UDP, protocol 17: single packets without a connection. FTP never uses it.",
  icmp: "ICMP, protocol 1: error messages and pings of IPv4.",
  icmpv6: "ICMPv6, protocol 58: errors, pings and neighbour discovery of IPv6, without which nothing works.",
  sctp: "SCTP, protocol 132: like TCP with several streams.",
  udplite: "UDP-Lite, protocol 136.",
  dccp: "DCCP, protocol 33: single packets with congestion control.",
  igmp: "IGMP, protocol 2: membership in multicast groups of IPv4.",
  esp: "IPsec ESP, protocol 50: encrypted packets.",
  ah: "IPsec AH, protocol 51: authenticated packets.",
  gre: "GRE, protocol 47: a tunnel.",
  all: "Any protocol.",
});

export const REJECT_TYPES = area("iptables-extensions(8), REJECT", {
  "icmp-port-unreachable": "ICMP: nothing listens there. The default; programs see “connection refused”.",
  "icmp-host-unreachable": "ICMP: that host cannot be reached.",
  "icmp-net-unreachable": "ICMP: that network cannot be reached.",
  "icmp-proto-unreachable": "ICMP: that protocol is not spoken there.",
  "icmp-admin-prohibited": "ICMP: forbidden by the administrator.",
  "icmp-host-prohibited": "ICMP: that host may not be reached, forbidden by the administrator.",
  "icmp-net-prohibited": "ICMP: that network may not be reached, forbidden by the administrator.",
  "icmp6-port-unreachable": "ICMPv6: nothing listens there. The default for IPv6.",
  "icmp6-adm-prohibited": "ICMPv6: forbidden by the administrator.",
  "icmp6-no-route": "ICMPv6: there is no route to that address.",
  "icmp6-addr-unreachable": "ICMPv6: that address cannot be reached.",
  "tcp-reset": "A TCP reset, as if nothing listened on the port. Only for TCP.",
});

export const ADDRESS_TYPES = area("iptables-extensions(8), addrtype; kernel rtnetlink.h", {
  UNSPEC: "No address: 0.0.0.0 or ::.",
  UNICAST: "An address of a single host elsewhere.",
  LOCAL: "An address of this host.",
  BROADCAST: "A broadcast address: everybody on the network.",
  ANYCAST: "An address that several hosts share.",
  MULTICAST: "A group address.",
  BLACKHOLE: "An address whose route throws packets away silently.",
  UNREACHABLE: "An address whose route says that it cannot be reached.",
  PROHIBIT: "An address whose route says that it is forbidden.",
});

/** Names of conntrack helpers in the kernel. */
export const HELPERS = area("kernel net/netfilter/nf_conntrack_*.c", {
  ftp: "Reads FTP's control connection, port 21 unless told otherwise, and announces the data connection named by `PORT`, `EPRT` or the answer to `PASV`, `EPSV`. It cannot read what TLS encrypts.",
  tftp: "For TFTP, which answers from another port. It has nothing to do with FTP.",
  irc: "For direct connections (DCC) of IRC.",
  sip: "For calls that SIP sets up.",
  pptp: "For PPTP tunnels.",
  snmp: "For answers to SNMP broadcasts.",
  "netbios-ns": "For answers to NetBIOS name queries.",
  amanda: "For the backup program Amanda.",
  sane: "For network scanners.",
  RAS: "For H.323 registration.",
  "Q.931": "For calls of H.323.",
});
