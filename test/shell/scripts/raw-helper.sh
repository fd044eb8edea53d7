#!/bin/sh
# Style: the helper for FTP assigned in the raw table for both families, on a server behind no NAT.

HELPER_PORTS="21 2121"
for ipt in /usr/sbin/iptables /usr/sbin/ip6tables; do
	$ipt -t raw -F
	for port in $HELPER_PORTS; do
		$ipt -t raw -A PREROUTING -p tcp --dport "$port" -j CT --helper ftp
		$ipt -t raw -A OUTPUT -p tcp --dport "$port" -j CT --helper ftp
	done
	$ipt -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
	$ipt -A INPUT -m conntrack --ctstate RELATED -m helper --helper ftp -p tcp --dport 1024: -j ACCEPT
	$ipt -A INPUT -p tcp -m multiport --dports "$(echo $HELPER_PORTS | tr ' ' ',')" -j ACCEPT
	$ipt -P INPUT DROP
done
/usr/sbin/iptables -t raw -A PREROUTING -i lo -j NOTRACK
