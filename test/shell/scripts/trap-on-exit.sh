#!/bin/bash
set -e
trap 'iptables -P FORWARD DROP' EXIT
iptables -P INPUT DROP
f() { false; iptables -A INPUT -j LOG; }
if f; then iptables -A INPUT -p tcp --dport 22 -j ACCEPT; fi
x=$(false)
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
