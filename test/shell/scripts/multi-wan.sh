#!/bin/bash
# Style: two uplinks; parallel lists walked by an index; marks with save and restore; MSS.

WANS=(eth0 ppp0)
MARKS=(0x1 0x2)
ADDRS=(203.0.113.1 198.51.100.1)
NAMES="cable dsl"

set -- $NAMES
for i in 0 1; do
    wan=${WANS[i]} mark=${MARKS[$i]} addr=${ADDRS[${i}]}
    name=$1; shift
    iptables -t mangle -N "in_$name"
    iptables -t mangle -A "in_$name" -j MARK --set-mark "$mark"
    iptables -t mangle -A "in_$name" -j CONNMARK --save-mark
    iptables -t mangle -A PREROUTING -i "$wan" -m conntrack --ctstate NEW -j "in_$name"
    iptables -t nat -A POSTROUTING -o "$wan" -j SNAT --to-source "$addr"
    iptables -t nat -A PREROUTING -i $wan -d $addr -p tcp --dport 21 -j DNAT --to-destination 192.168.0.21
done
iptables -t mangle -I PREROUTING -j CONNMARK --restore-mark
iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1400
unset 'WANS[0]'
iptables -A FORWARD -o "${WANS[*]}" -m comment --comment "${#WANS[@]} of ${#MARKS[*]}" -j ACCEPT
iptables -A FORWARD -d 192.168.0.21 -p tcp --dport 21 -j ACCEPT
