#!/bin/sh
# To be run at every boot and by hand: asks before it adds.
add() {
	chain=$1; shift
	iptables -C $chain "$@" 2> /dev/null || iptables -A $chain "$@"
}

iptables -P INPUT DROP
iptables -P OUTPUT DROP
add INPUT -i lo -j ACCEPT
add OUTPUT -o lo -j ACCEPT
add INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
add OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
add OUTPUT -p udp --dport 53 -j ACCEPT
add OUTPUT -p tcp --dport 21 -j ACCEPT
add OUTPUT -p tcp --dport 80 -j ACCEPT
