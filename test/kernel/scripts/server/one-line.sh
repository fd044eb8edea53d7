#!/bin/sh
I=iptables; $I -F; $I -P INPUT DROP; $I -A INPUT -i lo -j ACCEPT; $I -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT; $I -A INPUT -p tcp --dport 21 -j ACCEPT; $I -A INPUT -p tcp --dport 22 -j ACCEPT; exit 0
