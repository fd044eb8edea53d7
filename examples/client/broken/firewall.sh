#!/bin/sh
# A desktop that may browse, write mail and fetch by FTP: the control connection gets out, no data passes.
IPT=iptables

$IPT -F
$IPT -P INPUT DROP
$IPT -P OUTPUT DROP

$IPT -A INPUT -i lo -j ACCEPT
$IPT -A OUTPUT -o lo -j ACCEPT
$IPT -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
$IPT -A OUTPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT

$IPT -A OUTPUT -p udp --dport 53 -j ACCEPT
for port in 25 80 443; do
  $IPT -A OUTPUT -p tcp --dport $port -j ACCEPT
done
$IPT -A OUTPUT -p tcp --dport 21 -j ACCEPT
