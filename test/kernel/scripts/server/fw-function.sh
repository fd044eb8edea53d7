#!/bin/bash
# "fw" is iptables with the options that are always the same.
fw()  { /usr/sbin/iptables  -w 5 "$@"; }
fw6() { /usr/sbin/ip6tables -w 5 "$@"; }

fw -F;  fw6 -F
fw -P INPUT DROP
fw6 -P INPUT DROP

fw -A INPUT -i lo -j ACCEPT
fw6 -A INPUT -i lo -j ACCEPT
fw -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
fw6 -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
fw6 -A INPUT -p ipv6-icmp -j ACCEPT

# ssh and ftp
fw -A INPUT -p tcp --dport 22 -j ACCEPT
fw -A INPUT -p tcp --dport 21 -j ACCEPT
fw6 -A INPUT -p tcp --dport 21 -j ACCEPT
