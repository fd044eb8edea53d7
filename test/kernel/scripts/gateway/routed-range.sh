#!/bin/bash
# Routed, not translated: the passive range is forwarded; active mode comes from port 20. Right for passive mode alone.
SERVER=10.2.0.2
SERVER6=fd02::2

fwd() { iptables -A FORWARD "$@"; }
fwd6() { ip6tables -A FORWARD "$@"; }

iptables -P FORWARD DROP
ip6tables -P FORWARD DROP
fwd -m conntrack --ctstate ESTABLISHED -j ACCEPT
fwd6 -m conntrack --ctstate ESTABLISHED -j ACCEPT
fwd6 -p ipv6-icmp -j ACCEPT
fwd -d $SERVER -p tcp --dport 21 -j ACCEPT
fwd -d $SERVER -p tcp --dport 50000:50100 -j ACCEPT
fwd6 -d $SERVER6 -p tcp --dport 21 -j ACCEPT
fwd6 -d $SERVER6 -p tcp --dport 50000:50100 -j ACCEPT
