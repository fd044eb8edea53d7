#!/bin/sh
# Nothing passes while the rules are built.
echo 0 > /proc/sys/net/ipv4/ip_forward
iptables -P FORWARD DROP
iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -A FORWARD -p tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT
echo 1 > /proc/sys/net/ipv4/ip_forward
