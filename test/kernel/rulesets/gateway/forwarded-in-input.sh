#!/bin/sh
# What is forwarded does not pass INPUT.
iptables -t nat -A PREROUTING -i wan0 -p tcp --dport 2121 -j DNAT --to-destination 10.2.0.2:21
iptables -P FORWARD DROP
iptables -A INPUT -p tcp --dport 2121 -j ACCEPT
iptables -A FORWARD -p tcp --dport 2121 -j ACCEPT
