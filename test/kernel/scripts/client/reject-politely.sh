#!/bin/bash
# What may not go out is rejected at once, so that nobody has to wait.
IPT=/usr/sbin/iptables

$IPT -F
$IPT -X
$IPT -N REJ
$IPT -A REJ -p tcp -j REJECT --reject-with tcp-reset
$IPT -A REJ -j REJECT --reject-with icmp-port-unreachable

$IPT -A OUTPUT -o lo -j ACCEPT
$IPT -A OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
for p in 21 80 443; do $IPT -A OUTPUT -p tcp --dport $p -j ACCEPT; done
$IPT -A OUTPUT -p udp --dport 53 -j ACCEPT
$IPT -A OUTPUT -j REJ
$IPT -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -j REJ
