#!/bin/bash
# Each shell runs the trap that it set itself, and no other.
trap 'iptables -A INPUT -m comment --comment "the end" -j LOG' EXIT
( trap 'iptables -A FORWARD -j LOG' EXIT; iptables -A FORWARD -j ACCEPT )
( iptables -A FORWARD -p tcp --dport 21 -j ACCEPT; exit 1; iptables -F ) || iptables -A FORWARD -j DROP
bash <<< 'trap "iptables -A OUTPUT -j LOG" EXIT; iptables -A OUTPUT -j ACCEPT; exit 3'
iptables -A OUTPUT -m mark --mark $? -j DROP
sh -c 'trap "iptables -A INPUT -j ACCEPT" 0; iptables -A INPUT -i lo -j ACCEPT'
