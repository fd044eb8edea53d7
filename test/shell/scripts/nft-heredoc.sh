#!/bin/sh
# Style: nft -f - with a here document that has variables of the shell and of nft.

WAN=eth0
FTP_PASSIVE=50000-50100

nft -f - <<EOF
flush ruleset
define lan = 192.168.1.0/24
table inet filter {
	chain input {
		type filter hook input priority 0; policy drop;
		iifname "lo" accept
		ct state { established, related } accept
		iifname "$WAN" tcp dport { 21, $FTP_PASSIVE } accept
		ip saddr \$lan tcp dport 22 accept
	}
	chain forward {
		type filter hook forward priority 0; policy drop;
	}
}
EOF

nft add rule inet filter forward ct state established,related accept
nft add rule inet filter forward oifname "$WAN" accept
