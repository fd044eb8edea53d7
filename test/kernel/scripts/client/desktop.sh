#!/bin/sh
# A desktop: everything may go out, what belongs to it may come back.
IPT=/sbin/iptables

modprobe ip_conntrack_ftp

$IPT -F
$IPT -X
$IPT -P INPUT DROP
$IPT -P FORWARD DROP
$IPT -P OUTPUT ACCEPT
$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -p icmp -j ACCEPT
$IPT -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT

# ftp
$IPT -A OUTPUT -p tcp --dport 21 -j ACCEPT
