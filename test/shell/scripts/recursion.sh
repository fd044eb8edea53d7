#!/bin/bash
# Style: recursion, nested functions, a function that is defined anew, return values used as conditions.

depth() {
    local n=$1
    [ "$n" -le 0 ] && return 0
    iptables -N "level$n"
    depth $((n - 1))
    iptables -A "level$n" -p tcp --dport $((20 + n)) -j ACCEPT
    if [ "$n" -gt 1 ]; then iptables -A "level$n" -j "level$((n - 1))"; fi
}

outer() {
    inner() {
        iptables -A OUTPUT -m comment --comment "inner of $1" -j ACCEPT
    }
    inner "$1"
}

is_wanted() {
    case $1 in
        21|22) return 0 ;;
        *) return 1 ;;
    esac
}

log() { iptables -A FORWARD -j LOG --log-prefix "first "; }

depth 3
iptables -A INPUT -j level3
outer one
inner two
for p in 20 21 22 23; do
    is_wanted $p && iptables -A INPUT -p tcp --sport $p -j ACCEPT
    is_wanted $p || continue
    iptables -A INPUT -p udp --sport $p -j ACCEPT
done
log
log() { iptables -A FORWARD -j LOG --log-prefix "second $1 "; }
log twice
