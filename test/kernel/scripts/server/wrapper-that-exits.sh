#!/bin/bash
run() { "$@" || { echo "failed: $*" >&2; exit 1; }; }
ipt() { run iptables "$@"; }
both() { ipt "$@"; run ip6tables "$@"; }
rule() { both -A INPUT "$@"; }
open_port() { rule -p tcp --dport "$1" -j ACCEPT; }

both -F
both -P INPUT DROP
rule -i lo -j ACCEPT
rule -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
run ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
for port in 21 22; do open_port $port; done
