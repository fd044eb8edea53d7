#!/bin/sh
# Without states: answers are what has no SYN alone.
IPT=iptables

$IPT -P FORWARD DROP
$IPT -A FORWARD -p tcp ! --syn -j ACCEPT
$IPT -A FORWARD -i lan0 -p tcp --dport 21 --syn -j ACCEPT
$IPT -A FORWARD -i lan0 -p tcp --dport 1024:65535 --syn -j ACCEPT
$IPT -A FORWARD -p icmp -j ACCEPT
