#!/bin/bash
# Style: a small framework: run() that echoes and runs, rule() that adds to both families, sections as functions.

DRYRUN=no
run() {
    echo "+ $*"
    [ "$DRYRUN" = yes ] && return 0
    "$@"
}
v4() { run iptables "$@"; }
v6() { run ip6tables "$@"; }
rule() { v4 "$@" && v6 "$@"; }

policies() {
    local chain
    for chain in INPUT FORWARD; do rule -P $chain DROP; done
    rule -P OUTPUT ACCEPT
}

basics() {
    rule -A INPUT -i lo -j ACCEPT
    rule -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    v4 -A INPUT -p icmp -j ACCEPT
    v6 -A INPUT -p ipv6-icmp -j ACCEPT
}

service() {
    local name=$1 proto=$2 port=$3
    rule -A INPUT -p "$proto" --dport "$port" -m comment --comment "$name" -j ACCEPT
}

main() {
    policies
    basics
    service ftp tcp 21
    service "ftp data" tcp 50000:50100
    service dns udp 53
}

main "$@"
