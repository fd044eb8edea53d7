#!/bin/sh
# Internet connection sharing as it was always written.
INT_IF=eth1
EXT_IF=eth0

modprobe ip_conntrack_ftp
modprobe ip_nat_ftp
echo 1 > /proc/sys/net/ipv4/ip_forward

iptables -t nat -F
iptables -F FORWARD
iptables -P FORWARD DROP
iptables -t nat -A POSTROUTING -o $EXT_IF -j MASQUERADE
iptables -A FORWARD -i $EXT_IF -o $INT_IF -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A FORWARD -i $INT_IF -o $EXT_IF -j ACCEPT
