#!/bin/bash
# The services as a table that the loop reads.
iptables -F
iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT

while read -r name proto port; do
  [ -z "$name" ] && continue
  iptables -A INPUT -p "$proto" --dport "$port" -m comment --comment "$name" -j ACCEPT
done <<SERVICES
ssh tcp 22
ftp tcp 21
dns udp 53
web tcp 80
SERVICES

iptables -A INPUT -j REJECT --reject-with icmp-port-unreachable
