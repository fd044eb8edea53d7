#!/bin/sh
# What is offered is switched on and off at the top.
FTP=yes
WEB=no
iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
[ "$FTP" = yes ] && iptables -A INPUT -p tcp --dport 21 -j ACCEPT
[ "$WEB" = yes ] && iptables -A INPUT -p tcp --dport 80 -j ACCEPT
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
