#!/bin/sh
iptables -P INPUT DROP &&
iptables -A INPUT -i lo -j ACCEPT &&
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT &&
iptables -A INPUT -p tcp --dport 21 -j ACCEPT &&
iptables -A INPUT -p tcp --dport 22 -j ACCEPT ||
{ echo failed; exit 1; }
echo done
