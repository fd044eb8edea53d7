#!/bin/sh
# The helper is there; the way out for passive data is not.
IPT="/sbin/iptables"
modprobe nf_conntrack_ftp

$IPT -t raw -A OUTPUT -p tcp --dport 21 -j CT --helper ftp

$IPT -P INPUT DROP
$IPT -P OUTPUT DROP

# input
$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT

# output
$IPT -A OUTPUT -o lo -j ACCEPT
$IPT -A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
for port in 21 80; do $IPT -A OUTPUT -p tcp --dport $port -j ACCEPT; done
