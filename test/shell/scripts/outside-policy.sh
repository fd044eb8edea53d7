#!/bin/sh
# Outside: one chain's policy comes from a variable of the environment, the rest is certain.

iptables -F
iptables -P FORWARD DROP
iptables -P OUTPUT ${OUTPUT_POLICY} 2>/dev/null # unknown
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
ip6tables -P INPUT DROP
ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
