#!/bin/sh
# The same desktop; the helper is assigned where its own connections begin: in OUTPUT.
IPT=iptables

$IPT -F
$IPT -t raw -F
$IPT -P INPUT DROP
$IPT -P OUTPUT DROP

$IPT -A INPUT -i lo -j ACCEPT
$IPT -A OUTPUT -o lo -j ACCEPT
$IPT -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
$IPT -A INPUT -p icmp -m conntrack --ctstate RELATED -j ACCEPT
$IPT -A OUTPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT

$IPT -A OUTPUT -p udp --dport 53 -j ACCEPT
for port in 25 80 443; do
  $IPT -A OUTPUT -p tcp --dport $port -j ACCEPT
done

# ftp; active mode: the server connects to the port that this host has named
$IPT -t raw -A OUTPUT -p tcp --dport 21 -j CT --helper ftp
$IPT -A INPUT -p tcp --dport 1024: -m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT
$IPT -A OUTPUT -p tcp --dport 21 -j ACCEPT
