#!/bin/sh
# Only some services may be used from here.
IPT=iptables
SERVICES_OUT="21 22 25 53 80 110 143 443"

$IPT -F
$IPT -P INPUT DROP
$IPT -P OUTPUT DROP
$IPT -A INPUT -i lo -j ACCEPT
$IPT -A OUTPUT -o lo -j ACCEPT
$IPT -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
$IPT -A OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT

for svc in $SERVICES_OUT
do
  $IPT -A OUTPUT -p tcp --dport $svc -m state --state NEW -j ACCEPT
done
$IPT -A OUTPUT -p udp --dport 53 -j ACCEPT
$IPT -A OUTPUT -p icmp -j ACCEPT
