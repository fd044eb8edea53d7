#!/bin/sh
# Put in front of what is there already.
IPT=iptables
$IPT -P FORWARD DROP
$IPT -I FORWARD -i lan0 -p tcp --dport 21 -j ACCEPT
$IPT -I FORWARD -i lan0 -p tcp --dport 80 -j ACCEPT
$IPT -I FORWARD 1 -m state --state ESTABLISHED,RELATED -j ACCEPT
$IPT -t nat -I POSTROUTING -o wan0 -j MASQUERADE
