#!/bin/sh
# Style: asks iptables what is there and decides by that: -S through grep, -C, number of rules counted.

iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT

if iptables -S INPUT | grep -q -- '--dport 21'; then
	iptables -A INPUT -p tcp --dport 990 -j ACCEPT
fi
if ! iptables -S | grep -q 'dport 25'; then
	iptables -A INPUT -p tcp --dport 25 -j REJECT
fi
count=`iptables -S INPUT | grep -c '^-A'`
[ "$count" -eq 4 ] && iptables -A INPUT -m comment --comment "$count rules" -j LOG
iptables -S OUTPUT | grep -q -- '-P OUTPUT ACCEPT' && iptables -P OUTPUT DROP
iptables -A OUTPUT -o lo -j ACCEPT
