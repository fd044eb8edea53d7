#!/bin/bash
# Outside: a list of addresses fetched from elsewhere; how many there are nobody knows.

iptables -N blocklist
for ip in $(curl -s https://lists.example.net/bad.txt); do
    iptables -A blocklist -s $ip -j DROP # unknown
done
for resolver in `dig +short ns.example.net`; do
    iptables -A OUTPUT -p udp -d $resolver --dport 53 -j ACCEPT # unknown
done
iptables -A INPUT -j blocklist
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -P INPUT DROP
