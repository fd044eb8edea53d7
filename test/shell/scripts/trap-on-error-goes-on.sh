#!/bin/bash
trap 'iptables -A FORWARD -m mark --mark 1 -j DROP' ERR
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
false
false || true
if false; then :; fi
f() { false; }
f
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
