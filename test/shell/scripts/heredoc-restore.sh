#!/bin/sh
# Style: iptables-restore fed by a here document in which variables are filled in.

LAN=192.168.7.0/24
FTP=192.168.7.21
OUT=eth0

iptables-restore <<EOF
# the whole ruleset in one go
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i $OUT -p tcp -m tcp --dport 21 -j DNAT --to-destination $FTP
-A POSTROUTING -s $LAN -o $OUT -j MASQUERADE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -s $LAN -p tcp -m tcp --dport 22 -j ACCEPT
-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -d ${FTP}/32 -p tcp -m tcp --dport 21 -m state --state NEW -j ACCEPT
-A FORWARD -s $LAN -o ${OUT} -j ACCEPT
COMMIT
EOF

# the office has no IPv6 yet
ip6tables-restore <<-EOF
	*filter
	:INPUT DROP
	:FORWARD DROP
	:OUTPUT DROP
	-A INPUT -i lo -j ACCEPT
	-A OUTPUT -o lo -j ACCEPT
	COMMIT
	EOF
