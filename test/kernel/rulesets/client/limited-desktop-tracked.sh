#!/bin/sh
# The same desktop; FTP's data connections are RELATED now.
IPT=iptables
$IPT -t raw -A OUTPUT -p tcp --dport 21 -j CT --helper ftp
$IPT -P INPUT DROP
$IPT -P OUTPUT DROP
$IPT -A INPUT -m state --state ESTABLISHED -j ACCEPT
$IPT -A INPUT -p tcp -m state --state RELATED -m helper --helper ftp --dport 1024: -j ACCEPT
$IPT -A OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
for p in 21 25 80 443; do
  $IPT -A OUTPUT -p tcp --dport $p -m state --state NEW -j ACCEPT
done
$IPT -A OUTPUT -p udp --dport 53 -j ACCEPT
