#!/bin/sh
# Linux 6.0 has no such switch any more, and -e keeps sysctl quiet about it.
set -e
sysctl -e -q -w net.netfilter.nf_conntrack_helper=1
iptables -P INPUT DROP
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT
