#!/bin/bash
# Style: a block of variables at the top, used in every rule.
#
# Firewall of the file server in the basement. Ask Marta before opening anything.

IPT=/sbin/iptables
LAN_IF=eth1
LAN_NET=192.168.10.0/24
WAN_IF=eth0
ADMIN=192.168.10.5
FTP_PORT=21
PASV_LOW=50000
PASV_HIGH=50100

# start with a clean table
$IPT -F
$IPT -X
$IPT -P INPUT DROP
$IPT -P FORWARD DROP
$IPT -P OUTPUT ACCEPT

$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT

# ssh only from the admin's desk
$IPT -A INPUT -i $LAN_IF -s $ADMIN -p tcp --dport 22 -j ACCEPT
# ftp for everyone in the house
$IPT -A INPUT -i $LAN_IF -s $LAN_NET -p tcp --dport $FTP_PORT -m state --state NEW -j ACCEPT
$IPT -A INPUT -i $LAN_IF -s $LAN_NET -p tcp --dport $PASV_LOW:$PASV_HIGH -m state --state NEW -j ACCEPT
# nothing from the outside, and we want to see who tries
$IPT -A INPUT -i $WAN_IF -m limit --limit 3/minute -j LOG --log-prefix "outside: "
$IPT -A INPUT -i $WAN_IF -j DROP
