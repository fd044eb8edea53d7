#!/bin/sh
#
# rc.firewall - shares one connection with the LAN
#
INTIF="lan0"
EXTIF="wan0"
IPTABLES=/sbin/iptables

modprobe ip_tables
modprobe ip_conntrack_ftp
modprobe ip_nat_ftp

echo "1" > /proc/sys/net/ipv4/ip_forward

$IPTABLES -P INPUT ACCEPT
$IPTABLES -F INPUT
$IPTABLES -P OUTPUT ACCEPT
$IPTABLES -F OUTPUT
$IPTABLES -P FORWARD DROP
$IPTABLES -F FORWARD
$IPTABLES -t nat -F

$IPTABLES -A FORWARD -i $EXTIF -o $INTIF -m state --state ESTABLISHED,RELATED -j ACCEPT
for port in 21 80 443; do
  $IPTABLES -A FORWARD -i $INTIF -o $EXTIF -p tcp --dport $port -j ACCEPT
done
$IPTABLES -A FORWARD -j LOG
$IPTABLES -t nat -A POSTROUTING -o $EXTIF -j MASQUERADE
