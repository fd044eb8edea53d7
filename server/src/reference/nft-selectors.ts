import { area } from "./entry.ts";

/** What rules can look at, by the parser's canonical key. */
export const SELECTORS = area("nft(8), PAYLOAD EXPRESSIONS", {
  "tcp sport":
    "The TCP port the packet was sent from. Anybody can choose their source port, so a rule that trusts it lets everybody in.",
  "tcp dport": "The TCP port the packet is sent to. Implies TCP.",
  "tcp flags":
    "The flags of the TCP header; `tcp flags syn / fin,syn,rst,ack` are packets that open a connection.",
  "tcp option": "An option in the TCP header.",
  "tcp sequence": "The sequence number.",
  "tcp ackseq": "The acknowledgement number.",
  "tcp window": "The receive window.",
  "udp sport": "The UDP port the packet was sent from.",
  "udp dport": "The UDP port the packet is sent to. FTP uses TCP only.",
  "th sport": "The source port, whatever the transport protocol is.",
  "th dport": "The destination port, whatever the transport protocol is. Combine it with `meta l4proto`.",
  "sctp sport": "The SCTP port the packet was sent from.",
  "sctp dport": "The SCTP port the packet is sent to.",
  "dccp sport": "The DCCP port the packet was sent from.",
  "dccp dport": "The DCCP port the packet is sent to.",
  "udplite sport": "The UDP-Lite port the packet was sent from.",
  "udplite dport": "The UDP-Lite port the packet is sent to.",
  "ip saddr": "The sender's IPv4 address. The rule then sees IPv4 packets only.",
  "ip daddr":
    "The receiver's IPv4 address: before destination NAT (-100) what was dialled, after it the real one. The rule then sees IPv4 packets only.",
  "ip protocol": "The protocol above IPv4. `meta l4proto` does the same for both families.",
  "ip ttl": "The time to live.",
  "ip dscp": "The DSCP bits, which tell the class of service.",
  "ip length": "The length of the packet.",
  "ip version": "The version of IP.",
  "ip frag-off": "The fragment offset and flags.",
  "ip6 saddr": "The sender's IPv6 address. The rule then sees IPv6 packets only.",
  "ip6 daddr": "The receiver's IPv6 address. The rule then sees IPv6 packets only.",
  "ip6 nexthdr":
    "The first header after the IPv6 header, which need not be the transport protocol: extension headers come first. `meta l4proto` looks behind them.",
  "ip6 hoplimit": "The hop limit.",
  "ip6 dscp": "The DSCP bits of the IPv6 header.",
  "icmp type": "The type of an ICMP message (IPv4).",
  "icmp code": "The code of an ICMP message (IPv4).",
  "icmpv6 type":
    "The type of an ICMPv6 message. Without `nd-neighbor-solicit` and `nd-neighbor-advert` no IPv6 connection works.",
  "icmpv6 code": "The code of an ICMPv6 message.",
  "ether saddr": "The sender's Ethernet address.",
  "ether daddr": "The receiver's Ethernet address.",
  "ether type": "What the Ethernet frame carries.",
  "vlan id": "The number of the VLAN.",
  fib: [
    "Asks the routing table about the packet: with `type` what kind of address it is (`local`: this host's own), with `oif` where it would be sent.",
    "nft(8), FIB EXPRESSIONS",
  ],
  "socket transparent": ["Whether a transparent socket is open for the packet.", "nft(8), SOCKET EXPRESSION"],
  "socket mark": ["The mark of the socket that is open for the packet.", "nft(8), SOCKET EXPRESSION"],
  "numgen inc": ["A number that grows with each packet.", "nft(8), NUMGEN EXPRESSION"],
  "numgen random": ["A random number for each packet.", "nft(8), NUMGEN EXPRESSION"],
  jhash: ["A hash of parts of the packet.", "nft(8), HASH EXPRESSIONS"],
  symhash: ["A hash that is the same for both directions.", "nft(8), HASH EXPRESSIONS"],
  raw: ["Bits of the packet, by position.", "nft(8), RAW PAYLOAD EXPRESSION"],
  exthdr: ["Whether the IPv6 packet has this extension header.", "nft(8), EXTENSION HEADER EXPRESSIONS"],
});

export const CT_KEYS = area("nft(8), CONNTRACK EXPRESSIONS", {
  "ct state":
    "The state of the connection the packet belongs to: `new`, `established`, `related`, `invalid` or `untracked`.",
  "ct direction":
    "`original`: packets in the direction of the connection's first one; `reply`: packets that answer.",
  "ct status":
    "Bits that conntrack has set for the connection: `expected`, `seen-reply`, `assured`, `confirmed`, `snat`, `dnat`.",
  "ct mark":
    "The connection's mark, a number that rules set. FTP's data connection inherits that of its control connection.",
  "ct helper": [
    "The helper that *announced* this connection, by the kernel's name: `ct helper \"ftp\"` matches FTP's data connections, never the control connection. The name of a `ct helper` object does not fit here. With `set` it is a statement that assigns a helper.",
    "nft(8), CONNTRACK EXPRESSIONS; kernel net/netfilter/nft_ct.c",
  ],
  "ct helper set":
    "Assigns a helper object to the connection. Works on the first packet only, and only in chains after connection tracking (priority above -200): -150 is right everywhere. Elsewhere it silently does nothing.",
  "ct mark set": "Sets the mark of the whole connection. The rule goes on.",
  "ct zone set":
    "Puts the packet into a conntrack zone; only before connection tracking (priority below -200).",
  "ct timeout set": "Gives the connection other timeouts.",
  "ct expectation set": "Announces a further connection by hand.",
  "ct event set": "Chooses the events that are reported.",
  "ct label set": "Puts a label on the connection.",
  "ct secmark set": "Sets the security mark of the connection.",
  "ct expiration": "How long conntrack would still keep the connection.",
  "ct label": "The labels of the connection.",
  "ct l3proto": "The family of the connection: IPv4 or IPv6.",
  "ct protocol": "The protocol of the connection.",
  "ct saddr": "A source address of the connection: of its first packet (`original`) or of replies (`reply`).",
  "ct daddr":
    "A destination address of the connection: `original` is what the client dialled, before any NAT.",
  "ct ip saddr": "An IPv4 source address of the connection, `original` or `reply`.",
  "ct ip daddr": "An IPv4 destination address of the connection: `original` is what the client dialled.",
  "ct ip6 saddr": "An IPv6 source address of the connection, `original` or `reply`.",
  "ct ip6 daddr": "An IPv6 destination address of the connection: `original` is what the client dialled.",
  "ct proto-src": "A source port of the connection, `original` or `reply`.",
  "ct proto-dst":
    "A destination port of the connection: `original` is what the client dialled, before any NAT.",
  "ct packets": "How many packets the connection has carried.",
  "ct bytes": "How many bytes the connection has carried.",
  "ct avgpkt": "The mean size of the connection's packets.",
  "ct zone": "The conntrack zone.",
  "ct id": "The number of the connection in conntrack.",
  "ct event": "The events of the connection that are reported.",
  "ct secmark": "The security mark of the connection.",
  "ct count":
    "How many connections there are of the kind that reach this rule; with `over`, more than the number.",
});

export const META_KEYS = area("nft(8), META EXPRESSIONS", {
  "meta length": "The packet's length in bytes.",
  "meta protocol": "What the frame carries: `ip` for IPv4, `ip6` for IPv6.",
  "meta nfproto": "`ipv4` or `ipv6`: the family of the packet, for tables that see both.",
  "meta l4proto": "The transport protocol, for both families: `tcp`, `udp`, `icmp`, `ipv6-icmp`.",
  "meta priority": "The packet's traffic class.",
  "meta mark": "The packet's mark, a number that an earlier rule gave it. It exists only inside this host.",
  "meta mark set": "Sets the packet's mark, for later rules and for routing. The rule goes on.",
  "meta priority set": "Chooses the packet's traffic class.",
  "meta nftrace set": "Makes the kernel report every rule the packet meets (`nft monitor trace`).",
  "meta pkttype set": "Changes whom the packet counts as addressed to.",
  "meta iif": "The interface the packet came in on, by its number: it must exist when the file is loaded.",
  "meta iifname":
    "The name of the interface the packet came in on; it may appear later. A trailing `*` stands for any ending.",
  "meta iiftype": "The type of the incoming interface.",
  "meta iifgroup": "The group of the incoming interface.",
  "meta oif": "The interface the packet will leave by, by its number: it must exist when the file is loaded.",
  "meta oifname": "The name of the interface the packet will leave by. A trailing `*` stands for any ending.",
  "meta oiftype": "The type of the outgoing interface.",
  "meta oifgroup": "The group of the outgoing interface.",
  "meta skuid": "The user whose process owns the socket.",
  "meta skgid": "The group whose process owns the socket.",
  "meta nftrace": "Whether the packet is being traced.",
  "meta rtclassid": "The routing realm.",
  "meta pkttype":
    "Whether the packet was sent to this host (`host`), to all (`broadcast`), or to a group (`multicast`).",
  "meta cpu": "The processor that handles the packet.",
  "meta cgroup": "The control group of the socket.",
  "meta random": "A random number.",
  "meta ibrname": "The bridge the packet came in through.",
  "meta obrname": "The bridge the packet goes out through.",
  "meta time": "The date and time.",
  "meta hour": "The time of day.",
  "meta day": "The day of the week.",
  "meta secpath": "Whether the packet came through IPsec.",
  "meta ipsec": "Whether the packet came in protected by IPsec.",
});
