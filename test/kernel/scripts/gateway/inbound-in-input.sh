#!/bin/sh
# The port is opened in INPUT; what is forwarded never gets there.
IPT=iptables
$IPT -t nat -A PREROUTING -i lan0 -p tcp --dport 21 -j DNAT --to-destination 10.2.0.2:21
$IPT -P FORWARD DROP
$IPT -A INPUT -i lan0 -p tcp --dport 21 -j ACCEPT
$IPT -A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT
