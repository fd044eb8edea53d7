#!/bin/bash
# Style: ranges and lists cut into pieces by arithmetic and patterns: halves of a port range, octets, masks.

RANGE=50000-50099
LOW=${RANGE%-*}
HIGH=${RANGE#*-}
MIDDLE=$(( (LOW + HIGH) / 2 ))
iptables -A INPUT -p tcp --dport $LOW:$MIDDLE -m comment --comment "first half" -j ACCEPT
iptables -A INPUT -p tcp --dport $((MIDDLE + 1)):$HIGH -m comment --comment "second half" -j ACCEPT

NET=10.20.30.0
IFS=. read -r a b c d <<EOF
$NET
EOF
for offset in 0 64 128 192; do
    iptables -A FORWARD -s $a.$b.$c.$((d + offset))/26 -m comment --comment "part $((offset / 64 + 1))" -j ACCEPT
done
mask=0
for bit in 7 6 5; do mask=$((mask | 1 << bit)); done
iptables -A FORWARD -d $a.$b.0.0/255.255.$mask.0 -j DROP
steps=$(( (HIGH - LOW + 1) / 25 ))
for ((s = 0; s < steps; s++)); do
    from=$((LOW + 25 * s))
    iptables -A OUTPUT -p tcp --sport $from:$((from + 24)) -j ACCEPT
done
hex=0x1F
iptables -t mangle -A OUTPUT -j MARK --set-mark $((hex & 0x0f))
iptables -t mangle -A OUTPUT -p tcp --dport $((010 + 13)) -j MARK --set-xmark $(( -1 & 0xff ))/0xff
