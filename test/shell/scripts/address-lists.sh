#!/bin/bash
cd "$(dirname "$0")"
iptables -N WHITE
for ip in $(cat whitelist | grep -v '#' | awk '{print $1}'); do
  iptables -A WHITE -s $ip -j ACCEPT
done
for ip in $(grep -v '^#' blacklist | sed 's/#.*//' | sort -u); do
  iptables -A INPUT -s "$ip" -j DROP
done
awk -F: '/tcp/ {print $2}' ports | while read -r p; do
  iptables -A INPUT -p tcp --dport "$p" -j ACCEPT
done
iptables -A INPUT -j WHITE
