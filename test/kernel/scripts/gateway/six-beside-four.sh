#!/bin/sh
# Two programs, one policy; IPv6 is routed and not translated.
IPT=iptables
IP6T=ip6tables

$IPT -F FORWARD
$IP6T -F FORWARD
$IPT -P FORWARD DROP
$IP6T -P FORWARD DROP
$IPT -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
$IP6T -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
$IP6T -A FORWARD -p ipv6-icmp -j ACCEPT
$IPT -A FORWARD -i lan0 -p tcp --dport 21 -j ACCEPT
$IP6T -A FORWARD -i lan0 -p tcp --dport 21 -j ACCEPT
$IPT -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
