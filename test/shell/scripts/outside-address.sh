#!/bin/bash
# Outside: the host's own address, from hostname and from ip; what needs no address is certain.

MYIP=$(hostname -I | awk '{print $1}')
IFADDR=`ip -4 addr show dev eth0 | grep inet | head -1 | awk '{print $2}' | cut -d/ -f1`
LAN=192.168.1.0/24

iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -d $MYIP -p tcp --dport 21 -j ACCEPT # unknown
iptables -A INPUT -s $LAN -p tcp --dport 22 -j ACCEPT
iptables -t nat -A PREROUTING -d "$IFADDR" -p tcp --dport 2121 -j REDIRECT --to-ports 21 # unknown
iptables -A INPUT -p udp --dport 53 -j ACCEPT
