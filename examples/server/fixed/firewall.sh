#!/bin/sh
# The same server; port 20 needs no rule of its own, the helper sees to the data connections.
IPT=/usr/sbin/iptables

$IPT -F
$IPT -t raw -F
$IPT -P INPUT DROP
$IPT -P FORWARD DROP
$IPT -P OUTPUT ACCEPT

$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -m state --state ESTABLISHED -j ACCEPT
$IPT -A INPUT -p icmp -m state --state RELATED -j ACCEPT

for port in 22 80 443; do
  $IPT -A INPUT -p tcp --dport $port -j ACCEPT
done

# ftp
$IPT -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
$IPT -A INPUT -p tcp --dport 1024: -m state --state RELATED -m helper --helper ftp -j ACCEPT
$IPT -A INPUT -p tcp --dport 21 -j ACCEPT
