#!/bin/sh
# A desktop that may only browse, write mail and fetch by FTP.
IPT=iptables
$IPT -P INPUT DROP
$IPT -P OUTPUT DROP
$IPT -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
$IPT -A OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
for p in 21 25 80 443; do
  $IPT -A OUTPUT -p tcp --dport $p -m state --state NEW -j ACCEPT
done
$IPT -A OUTPUT -p udp --dport 53 -j ACCEPT
