#!/bin/sh
# A chain that logs and drops stands at the end of INPUT.
IPT=iptables
LAN=10.1.0.0/16

$IPT -F
$IPT -X
$IPT -N LOG_DROP
$IPT -A LOG_DROP -m limit --limit 3/minute -j LOG --log-prefix "[DROP] "
$IPT -A LOG_DROP -j DROP

$IPT -N BAD_FLAGS
$IPT -A BAD_FLAGS -p tcp --tcp-flags ALL NONE -j LOG_DROP
$IPT -A BAD_FLAGS -p tcp --tcp-flags SYN,FIN SYN,FIN -j LOG_DROP

$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -j BAD_FLAGS
$IPT -A INPUT -m state --state ESTABLISHED -j ACCEPT
$IPT -A INPUT -s $LAN -p tcp --dport 21 --syn -j ACCEPT
$IPT -A INPUT -s $LAN -p tcp --dport 22 --syn -j ACCEPT
$IPT -A INPUT -j LOG_DROP
