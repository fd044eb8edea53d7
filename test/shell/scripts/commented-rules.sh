#!/bin/bash
# Style: comments in rules made of counters and names; every rule numbered by a wrapper that keeps the count.

COUNT=0
add() {
    COUNT=$((COUNT + 1))
    iptables -A "$@" -m comment --comment "rule $COUNT: ${FUNCNAME[0]} ${BASH_SOURCE[0]##*/}"
}
section() {
    printf -v TITLE '== %s ==' "$1"
    iptables -N "${1// /-}" 2>/dev/null
    iptables -A INPUT -m comment --comment "$TITLE" -j "${1// /-}"
}

section "public services"
add public-services -p tcp --dport 21 -j ACCEPT
add public-services -p tcp --dport 80 -j ACCEPT
section "admin only"
for host in 192.0.2.{1..3}; do
    add admin-only -s $host -j ACCEPT
done
(( COUNT == 5 )) && add INPUT -j DROP
echo "$COUNT rules"
