#!/bin/sh
# Services by a loop; FTP is one of them, its data is not.
IPTABLES="iptables"
WAN=eth0
TCP_SERVICES="21 22 80 443"

$IPTABLES -F INPUT
$IPTABLES -P INPUT DROP
$IPTABLES -A INPUT -i lo -j ACCEPT
$IPTABLES -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
for port in $TCP_SERVICES; do
  $IPTABLES -A INPUT -i $WAN -p tcp --dport "$port" -m state --state NEW -j ACCEPT
done
$IPTABLES -A INPUT -j LOG --log-prefix "dropped: "
