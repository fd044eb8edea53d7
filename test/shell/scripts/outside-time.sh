#!/bin/bash
# Outside: time of day, random numbers, the process's number.

hour=$(date +%H)
if [ "$hour" -lt 25 ]; then
    iptables -A INPUT -p tcp --dport 21 -j ACCEPT # maybe
fi
iptables -A INPUT -p tcp --dport 22 -m comment --comment "loaded in $(date +%Y | sed 's/^20..$/this century/')" -j ACCEPT # unknown
iptables -A INPUT -m mark --mark $((RANDOM * 0 + 7)) -j ACCEPT # unknown
iptables -A INPUT -j DROP
