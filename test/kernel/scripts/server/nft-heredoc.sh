#!/bin/sh
# The whole ruleset in one here document; the helper is assigned before conntrack.
set -e

SSH=22
FTP=21

nft -f - <<EOF
flush ruleset

table inet filter {
	ct helper ftp-standard {
		type "ftp" protocol tcp
	}

	chain raw {
		type filter hook prerouting priority -300; policy accept;
		tcp dport $FTP ct helper set "ftp-standard"
	}

	chain input {
		type filter hook input priority 0; policy drop;
		iif lo accept
		ct state established,related accept
		meta l4proto { icmp, ipv6-icmp } accept
		tcp dport { $SSH, $FTP } accept
	}
}
EOF
