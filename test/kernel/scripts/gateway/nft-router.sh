#!/bin/sh
# A router by nft; the names of the interfaces come from above.
LAN=lan0
WAN=wan0

nft -f - <<EOF
flush ruleset
table ip nat {
	chain post {
		type nat hook postrouting priority 100;
		oifname "$WAN" masquerade
	}
}
table inet filter {
	chain forward {
		type filter hook forward priority 0; policy drop;
		ct state established,related accept
		meta l4proto ipv6-icmp accept
		iifname "$LAN" oifname "$WAN" tcp dport { 21, 80, 443 } accept
		iifname "$LAN" udp dport 53 accept
	}
}
EOF
echo 1 >/proc/sys/net/ipv4/ip_forward
