#!/bin/bash
# Style: arithmetic of every kind: $(( )), let, (( )), C-style for, until, counters.

base=50000
count=5

iptables -F INPUT
for ((i = 0; i < count; i++)); do
    iptables -A INPUT -p tcp --dport $((base + i * 10)):$((base + i * 10 + 9)) -j ACCEPT
done

n=1
until [ $n -gt 3 ]; do
    iptables -A INPUT -p tcp --dport 600$n -j ACCEPT
    n=$((n + 1))
done

let "last = base + 100" count-=2
iptables -A INPUT -p tcp --dport $last -j DROP

while ((count > 0)); do
    iptables -A OUTPUT -p udp --dport $((1000 * count)) -j ACCEPT
    ((count--))
done

mask=$((1 << 4 | 0x03))
iptables -t mangle -A PREROUTING -p tcp --dport 21 -j MARK --set-mark $mask
(( mask % 2 == 1 )) && iptables -t mangle -A PREROUTING -m mark --mark $((mask)) -j ACCEPT
x=7
(( x = x > 5 ? x * 3 : 0 ))
iptables -A FORWARD -p tcp --dport $(( x ** 2 )) -j DROP
