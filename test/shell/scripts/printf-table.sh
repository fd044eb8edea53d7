#!/bin/bash
# Style: a table of services in parallel strings with odd separators, read by IFS tricks within functions.

TABLE='ftp|tcp|21|10.0.0.0/8,192.168.0.0/16
dns|udp|53|any
web|tcp|80-81|any'

each() {
    local line
    local IFS=$'\n'
    for line in $TABLE; do
        handle "$line"
    done
}

handle() {
    local IFS='|'
    local -a f=($1)
    local name=${f[0]} proto=${f[1]} ports=${f[2]/-/:} sources=${f[3]}
    IFS=,
    for src in $sources; do
        if [ "$src" = any ]; then
            iptables -A INPUT -p "$proto" --dport "$ports" -m comment --comment "$name" -j ACCEPT
        else
            iptables -A INPUT -s "$src" -p "$proto" --dport "$ports" -m comment --comment "$name" -j ACCEPT
        fi
    done
}

each
IFS=' '
list="a b"
for x in $list; do iptables -A OUTPUT -m comment --comment "$x" -j ACCEPT; done
