#!/bin/sh
# The open range, named by a variable, is not the server's.
PASSIVE=40000:40100

iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -A INPUT -p tcp --dport "$PASSIVE" -j ACCEPT
