#!/bin/sh
# Active mode by the source port, as the old books have it.
I="iptables"
$I -F
$I -P INPUT DROP
$I -A INPUT -i lo -j ACCEPT
$I -A INPUT -p tcp ! --syn -j ACCEPT
$I -A INPUT -p tcp --sport 20 --dport 1024:65535 -j ACCEPT
$I -A INPUT -p udp --sport 53 -j ACCEPT
