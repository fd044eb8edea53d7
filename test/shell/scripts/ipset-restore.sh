#!/bin/sh
# Style: ipset restore from a here document, swap of a rebuilt list.

ipset restore <<EOF
create black hash:net family inet
create black-new hash:net family inet
add black-new 203.0.113.0/24
add black-new 198.51.100.7
EOF
ipset swap black-new black
ipset destroy black-new
ipset create black6 hash:net family inet6
ipset add black6 2001:db8:bad::/48

iptables -I INPUT -m set --match-set black src -j DROP
ip6tables -I INPUT -m set --match-set black6 src -j DROP
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
ip6tables -A INPUT -p tcp --dport 21 -j ACCEPT
