#!/bin/bash
# IPv6 has the helper, IPv4 was forgotten.
declare -A POLICY=([INPUT]=DROP [FORWARD]=DROP)

for chain in INPUT FORWARD; do
  iptables  -P $chain ${POLICY[$chain]}
  ip6tables -P $chain ${POLICY[$chain]}
done

ip6tables -t raw -A OUTPUT -p tcp --dport 21 -j CT --helper ftp
for prog in iptables ip6tables; do
  $prog -A INPUT -i lo -j ACCEPT
  $prog -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
done
ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
iptables -A OUTPUT -p tcp --dport 21 -m comment --comment "ftp" -j ACCEPT
