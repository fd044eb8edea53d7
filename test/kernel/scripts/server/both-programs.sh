#!/bin/sh
# One loop for both families; what is left over is dropped by the last rule.
for ipt in iptables ip6tables; do
	$ipt -F
	$ipt -A INPUT -i lo -j ACCEPT
	$ipt -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	for port in 21 22 80; do
		$ipt -A INPUT -p tcp --dport $port -j ACCEPT
	done
done

iptables  -A INPUT -p icmp -j ACCEPT
ip6tables -A INPUT -p ipv6-icmp -j ACCEPT

for ipt in iptables ip6tables; do
	$ipt -A INPUT -j DROP
	$ipt -A FORWARD -j DROP
done
