#!/bin/sh
# Style: long commands over several lines, && and || over line ends, two commands on one line.

iptables -F ; iptables -X

iptables -A INPUT \
	-i eth0 \
	-p tcp \
	--dport 21 \
	-m state --state NEW \
	-j ACCEPT

iptables -A INPUT -i eth0 -p tcp \
    -m multiport --dports 20,21,50000:50100 \
    -j ACCEPT && \
iptables -A OUTPUT -o eth0 -p tcp \
    --sport 20 -j ACCEPT

iptables -N logdrop &&
    iptables -A logdrop -j LOG --log-prefix 'drop: ' &&
    iptables -A logdrop -j DROP ||
    echo "could not make the chain" >&2

iptables -A INPUT -i eth0 -p udp -j logdrop; iptables -A INPUT -i eth0 -p tcp --syn -j logdrop
false || iptables -P INPUT DROP
true && false && iptables -P OUTPUT DROP
true || iptables -P FORWARD DROP
