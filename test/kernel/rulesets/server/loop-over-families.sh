#!/bin/sh
# Both families from one loop, with the helper in each.
for ipt in iptables ip6tables; do
  $ipt -P INPUT DROP
  $ipt -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
  $ipt -A INPUT -i lo -j ACCEPT
  $ipt -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  $ipt -A INPUT -p tcp --dport 21 -j ACCEPT
done
ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
