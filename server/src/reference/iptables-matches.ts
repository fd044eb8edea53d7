import { area } from "./entry.ts";

/** Match modules (`-m NAME`). */
export const MATCH_MODULES = area("iptables-extensions(8)", {
  addrtype:
    "Asks the routing table what kind of address the source or destination is: `LOCAL` (this host's own), `BROADCAST`, `MULTICAST` …",
  ah: "The parameters of an IPsec authentication header.",
  bpf: "Runs a small BPF program on the packet.",
  cgroup: "The control group of the process that owns the socket.",
  cluster: "Which node of a cluster is responsible for the packet.",
  comment: "A note of up to 255 characters that is stored with the rule. It decides nothing.",
  connbytes:
    "How many bytes or packets the connection has carried so far. Counting has to be on (`net.netfilter.nf_conntrack_acct`).",
  connlabel: "A label that was put on the connection.",
  connlimit: "How many connections a client or a network has open at once.",
  connmark:
    "The mark of the whole connection, as left by `-j CONNMARK`. The data connection of FTP inherits the control connection's mark when the helper expected it.",
  conntrack:
    "What connection tracking knows about the packet's connection: its state, its original addresses, its status. The successor of `-m state`.",
  cpu: "The processor that handles the packet.",
  dccp: "Ports and packet types of DCCP.",
  devgroup: "The group an interface was put into.",
  dscp: "The DSCP bits of the IP header, which tell the class of service.",
  dst: "IPv6 destination options.",
  ecn: "The bits of explicit congestion notification.",
  esp: "The security parameter index of IPsec ESP.",
  eui64: "Whether the IPv6 address was made from the sender's MAC address.",
  frag: "The IPv6 fragment header.",
  hashlimit: "A rate limit for each client, network or port, not one for all.",
  hbh: "IPv6 hop-by-hop options.",
  helper:
    "Matches packets of connections that a conntrack helper announced: the *data* connections of FTP. It looks at the connection that announced them, so the control connection itself never matches. It assigns nothing; that is `-j CT --helper`.",
  hl: "The hop limit of the IPv6 header.",
  icmp: "The type and code of an ICMP message.",
  icmp6:
    "The type and code of an ICMPv6 message. Without types 135 and 136 (neighbour discovery) IPv6 does not work at all.",
  ipcomp: "The parameters of IP payload compression.",
  iprange: "A range of addresses that need not be a network, `10.0.0.5-10.0.0.20`.",
  ipv6header: "Which IPv6 extension headers the packet has.",
  ipvs: "Properties of the IPVS load balancer's connections.",
  length: "The length of the packet's payload.",
  limit:
    "Matches only so often, on average (a token bucket shared by everything that gets to the rule). Packets over the limit do not match, so they fall to the next rule.",
  mac: "The sender's Ethernet address. Only for packets that came in over Ethernet.",
  mark: "The packet's mark, a number that an earlier rule gave it with `-j MARK`. It exists only inside this host.",
  mh: "The IPv6 mobility header.",
  multiport: "Up to 15 ports in one rule; a range counts as two. Needs `-p tcp`, `udp`, `sctp` or `dccp`.",
  nfacct: "Counts into an accounting object.",
  osf: "Guesses the sender's operating system from the packet.",
  owner: "The user or group of the process that made the packet. Only in OUTPUT and POSTROUTING.",
  physdev: "The port of a bridge the packet came in or goes out through.",
  pkttype: "Whether the packet was sent to this host, to all (`broadcast`), or to a group (`multicast`).",
  policy: "Whether and how IPsec protects the packet.",
  quota: "Matches until so many bytes have passed.",
  rateest: "Compares estimated rates.",
  realm: "The routing realm of the packet.",
  recent:
    "Keeps lists of addresses seen lately and asks them. Used against password guessing; what is on the list is not in the file.",
  rpfilter: "Whether an answer to the sender would leave by the interface this packet came in on.",
  rt: "The IPv6 routing header.",
  sctp: "Ports and chunk types of SCTP.",
  set: "Looks an address or port up in an ipset. What the set holds is not in this file.",
  socket: "Whether a program on this host has a socket open for the packet.",
  srh: "The IPv6 segment routing header.",
  standard: "What `ACCEPT`, `DROP` and the like are made of; it has no options.",
  state: "The older, shorter form of `-m conntrack --ctstate`. It means the same and still works.",
  statistic: "Matches by chance or every n-th packet.",
  string:
    "Looks for a text inside the packet. It cannot tell FTP commands from data, and a text may be split over packets.",
  tcp: "Ports and flags of TCP. `-p tcp` loads it by itself.",
  tcpmss: "The maximum segment size in the TCP header.",
  time: "The date, day of the week or time of day.",
  tos: "The type-of-service byte of the IP header.",
  ttl: "The time to live of the IPv4 header.",
  u32: "Takes four bytes from the packet, calculates with them and compares.",
  udp: "The ports of UDP. `-p udp` loads it by itself. FTP never uses UDP.",
});

const PORTS =
  "A port, a service name from `/etc/services`, or a range `first:last`; `1024:` means up to 65535.";

/** Options of match modules, keyed `module --option` with the canonical option name. */
export const MATCH_OPTIONS = area("iptables-extensions(8)", {
  "tcp --sport": `The port the packet was sent from. ${PORTS} Anybody can choose their source port, so a rule that trusts it lets everybody in.`,
  "tcp --dport": `The port the packet is sent to. ${PORTS}`,
  "tcp --tcp-flags":
    "Two lists of TCP flags: the ones to look at, and those of them that must be set. All others in the first list must be clear.",
  "tcp --syn":
    "Packets that open a TCP connection: SYN is set; ACK, RST and FIN are clear. Short for `--tcp-flags SYN,RST,ACK,FIN SYN`.",
  "tcp --tcp-option": "TCP segments that carry the option with this number.",
  "udp --sport": `The UDP port the packet was sent from. ${PORTS}`,
  "udp --dport": `The UDP port the packet is sent to. ${PORTS} For FTP it has to be TCP.`,
  "sctp --sport": `The SCTP port the packet was sent from. ${PORTS}`,
  "sctp --dport": `The SCTP port the packet is sent to. ${PORTS}`,
  "dccp --sport": `The DCCP port the packet was sent from. ${PORTS}`,
  "dccp --dport": `The DCCP port the packet is sent to. ${PORTS}`,
  "multiport --sports":
    "Any of these source ports: up to 15, separated by commas; a range `first:last` counts as two.",
  "multiport --dports":
    "Any of these destination ports: up to 15, separated by commas; a range `first:last` counts as two.",
  "multiport --ports": "Any of these ports as source or as destination, whichever it is.",
  "state --state":
    "States of the connection the packet belongs to, separated by commas: `NEW`, `ESTABLISHED`, `RELATED`, `INVALID`, `UNTRACKED`.",
  "conntrack --ctstate":
    "States of the connection the packet belongs to, separated by commas: `NEW`, `ESTABLISHED`, `RELATED`, `INVALID`, `UNTRACKED`, also `SNAT` and `DNAT` for rewritten connections.",
  "conntrack --ctproto": "The protocol of the connection.",
  "conntrack --ctorigsrc":
    "The source address of the connection's first packet, before any NAT. It stays the same for replies.",
  "conntrack --ctorigdst":
    "The destination address of the connection's first packet, before any NAT: what the client dialled.",
  "conntrack --ctreplsrc": "The source address of replies: with DNAT, the real server.",
  "conntrack --ctrepldst": "The destination address of replies: with SNAT, the address of the NAT host.",
  "conntrack --ctorigsrcport": "The source port of the connection's first packet, before any NAT.",
  "conntrack --ctorigdstport":
    "The destination port of the connection's first packet, before any NAT: what the client dialled.",
  "conntrack --ctreplsrcport": "The source port of replies: with DNAT, the server's real port.",
  "conntrack --ctrepldstport": "The destination port of replies.",
  "conntrack --ctstatus":
    "Bits that conntrack has set for the connection: `EXPECTED` (a helper announced it), `SEEN_REPLY`, `ASSURED`, `CONFIRMED`.",
  "conntrack --ctexpire": "How many seconds conntrack would still keep the connection without traffic.",
  "conntrack --ctdir": "`ORIGINAL`: packets in the direction of the first one; `REPLY`: packets that answer.",
  "limit --limit": "How many matches on average: `5/second`, `10/minute`. The default is `3/hour`.",
  "limit --limit-burst": "How many packets may match at once before the average counts; 5 by default.",
  "recent --name": "The list to use; `DEFAULT` when it is not given.",
  "recent --set": "Puts the address on the list, or renews its time. Always matches.",
  "recent --rcheck": "Matches when the address is on the list.",
  "recent --update": "Matches when the address is on the list, and renews its time.",
  "recent --remove": "Takes the address off the list; matches when it was there.",
  "recent --seconds": "Only entries seen within so many seconds.",
  "recent --hitcount": "Only entries seen at least so often.",
  "recent --reap": "Forgets entries that are older than `--seconds`.",
  "recent --rttl": "Only when the TTL is that of the packet that made the entry.",
  "recent --rsource": "Uses the packet's source address; the default.",
  "recent --rdest": "Uses the packet's destination address.",
  "recent --mask": "Puts a whole network, given by this mask, on the list as one.",
  "comment --comment": "The text of the note.",
  "owner --uid-owner": "The user whose process made the packet: a name, a number or a range.",
  "owner --gid-owner": "The group whose process made the packet: a name, a number or a range.",
  "owner --socket-exists": "Packets that belong to a socket of a process.",
  "owner --suppl-groups": "Also looks at the process's supplementary groups.",
  "addrtype --src-type": "The kind of the source address: `LOCAL`, `UNICAST`, `BROADCAST`, `MULTICAST` …",
  "addrtype --dst-type": "The kind of the destination address. `LOCAL` means an address of this host.",
  "addrtype --limit-iface-in": "Looks only at the addresses of the interface the packet came in on.",
  "addrtype --limit-iface-out": "Looks only at the addresses of the interface the packet leaves by.",
  "iprange --src-range": "The first and last source address, `first-last`.",
  "iprange --dst-range": "The first and last destination address, `first-last`.",
  "mac --mac-source":
    "The sender's Ethernet address, `00:11:22:33:44:55`: of the last hop, not of a host behind a router.",
  "mark --mark": "`value` or `value/mask`: the packet's mark, after the mask is applied, equals the value.",
  "connmark --mark":
    "`value` or `value/mask`: the connection's mark, after the mask is applied, equals the value.",
  "helper --helper":
    "The kernel's name of the helper: `ftp`, or `ftp-2121` for one registered on another port. The kernel compares only as many letters as its own name has, so `ftp-2121` takes in `ftp` too.",
  "icmp --icmp-type":
    "The type of ICMP message, by name or number, perhaps with a code: `echo-request`, `3/4`.",
  "icmp6 --icmpv6-type":
    "The type of ICMPv6 message, by name or number, perhaps with a code: `neighbour-solicitation`, `135`.",
  "pkttype --pkt-type": "`unicast`, `broadcast` or `multicast`.",
  "set --match-set":
    "The set's name, then for each of its parts whether to look at the source (`src`) or destination (`dst`).",
  "connlimit --connlimit-upto": "Matches while there are at most so many connections.",
  "connlimit --connlimit-above": "Matches when there are more connections than this.",
  "connlimit --connlimit-mask": "Counts whole networks of this prefix length as one client.",
  "connlimit --connlimit-saddr": "Counts by source address; the default.",
  "connlimit --connlimit-daddr": "Counts by destination address.",
  "hashlimit --hashlimit-upto": "Matches while the rate is at most this.",
  "hashlimit --hashlimit-above": "Matches when the rate is higher than this.",
  "hashlimit --hashlimit-burst": "How many packets may match at once before the rate counts.",
  "hashlimit --hashlimit-mode": "What is limited by itself: `srcip`, `dstip`, `srcport`, `dstport`.",
  "hashlimit --hashlimit-name": "The name of the table under `/proc/net/ipt_hashlimit`.",
  "length --length": "A length in bytes, or a range `first:last`.",
  "statistic --mode": "`random`: by chance; `nth`: every n-th packet.",
  "statistic --probability": "How likely a match is, from 0 to 1.",
  "string --string": "The text to look for.",
  "string --algo": "The search algorithm: `bm` or `kmp`.",
  "tcpmss --mss": "A maximum segment size or a range of them.",
  "physdev --physdev-in": "The bridge port the packet came in through.",
  "physdev --physdev-out": "The bridge port the packet goes out through.",
  "policy --dir": "`in`: how the packet was protected when it came; `out`: how it will be.",
  "policy --pol": "`ipsec` or `none`.",
});
