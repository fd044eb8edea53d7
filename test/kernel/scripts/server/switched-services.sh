#!/bin/sh
FTP_ENABLED=yes
SSH_ENABLED=no
iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
if [ "$FTP_ENABLED" = yes ]; then
	iptables -A INPUT -p tcp --dport 21 -j ACCEPT; fi
if [ "$SSH_ENABLED" = yes ]; then iptables -A INPUT -p tcp --dport 22 -j ACCEPT; fi
if [ -x /sbin/ip6tables ]; then
	ip6tables -P INPUT DROP
	ip6tables -A INPUT -i lo -j ACCEPT
fi
