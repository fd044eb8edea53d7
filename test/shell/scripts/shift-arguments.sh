#!/bin/sh
# Style: functions that eat their arguments with while and shift; $*, $#, $@ and how they are quoted.

allow() {
    proto=$1; shift
    while [ $# -gt 0 ]; do
        iptables -A INPUT -p $proto --dport $1 -j ACCEPT
        shift
    done
}

pairs() {
    while [ -n "$1" ] && [ -n "$2" ]; do
        iptables -A FORWARD -s "$1" -d "$2" -j ACCEPT
        shift 2 || break
    done
}

noted() {
    text="$*"
    iptables -A OUTPUT -m comment --comment "$text" -j ACCEPT
    for one in "$@"; do
        iptables -A OUTPUT -m comment --comment "$one" -j LOG
    done
    for one in $*; do
        iptables -A OUTPUT -m comment --comment "$one" -j RETURN
    done
}

allow tcp 20 21 22
allow udp 53
pairs 10.0.1.0/24 10.0.2.0/24 10.0.3.0/24 10.0.4.0/24
noted "two words" three
set -- a b c
iptables -A FORWARD -m comment --comment "$# are left: $3 $2 $1" -j DROP
shift
iptables -A FORWARD -m comment --comment "$# are left: $*" -j DROP
