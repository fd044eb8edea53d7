#!/bin/bash
set -euo pipefail

declare -a TRUSTED=(10.1.0.0/24 192.168.7.0/24)
PORTS=(21 22 990)

iptables -F INPUT
iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT

for net in "${TRUSTED[@]}"; do
  for port in "${PORTS[@]}"; do
    iptables -A INPUT -s "$net" -p tcp --dport "$port" -j ACCEPT
  done
done
