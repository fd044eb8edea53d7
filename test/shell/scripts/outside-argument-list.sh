#!/bin/bash
# Outside: every argument is a port to open.

iptables -A INPUT -i lo -j ACCEPT
for port in "$@"; do
    iptables -A INPUT -p tcp --dport "$port" -j ACCEPT # unknown
done
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -P INPUT DROP
