#!/bin/bash
# Style: ipset made and filled in a loop, matched by iptables.

SET=trusted
ipset create $SET hash:ip 2>/dev/null || ipset flush $SET
for ip in 192.0.2.1 192.0.2.2 198.51.100.3; do
    ipset add $SET $ip
done
ipset -N nets hash:net
ipset -A nets 10.0.0.0/8
ipset -exist add nets 10.0.0.0/8
ipset create ports bitmap:port range 0-1024
ipset add ports 21
ipset add ports 990

iptables -A INPUT -m set --match-set $SET src -j ACCEPT
iptables -A INPUT -p tcp -m set --match-set nets src -m set --match-set ports dst -j ACCEPT
iptables -A INPUT -m set ! --match-set nets src -j LOG --log-prefix "stranger "
iptables -P INPUT DROP
