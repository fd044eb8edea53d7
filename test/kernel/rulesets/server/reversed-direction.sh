#!/bin/sh
# A client's rules, copied to the server.
iptables -P INPUT DROP
iptables -A OUTPUT -p tcp --dport 21 -j ACCEPT
iptables -A INPUT -p tcp --sport 21 -j ACCEPT
