#!/bin/sh
# Style: plain POSIX: no local arrays, so lists live in "$@"; : ${X=…}; printf instead of echo -e.

: "${WAN=eth0}"
: "${LAN:=eth1}"

set -- 192.168.1.0/24 192.168.2.0/24
set -- "$@" 192.168.3.0/24
for net; do
	iptables -t nat -A POSTROUTING -s "$net" -o "$WAN" -j MASQUERADE
done

i=0
while [ "$i" -lt 3 ]; do
	i=$((i+1))
	[ $i -eq 2 ] && continue
	iptables -A FORWARD -i "$LAN" -m comment --comment "round $i" -j ACCEPT
done

first=$1
eval "last=\${$#}"
iptables -A FORWARD -s "$first" -d "$last" -j DROP
args=$#
shift $((args - 1))
iptables -A FORWARD -d "$1" -j LOG

n=10
until [ $n -le 8 ]; do
	iptables -A OUTPUT -p tcp --dport $n -j ACCEPT
	n=`expr $n - 1`
done
