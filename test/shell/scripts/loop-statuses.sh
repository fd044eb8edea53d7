#!/bin/bash
i=0; while [ $i -lt 2 ]; do i=$((i+1)); [ $i -eq 1 ]; done || iptables -A INPUT -m mark --mark 1 -j DROP
while false; do :; done || iptables -A INPUT -m mark --mark 2 -j DROP
for ((j=0;j<2;j++)); do false; done || iptables -A INPUT -m mark --mark 3 -j DROP
for k in a b; do [ $k = a ]; done && iptables -A INPUT -m mark --mark 4 -j DROP
while true; do false; break; done && iptables -A INPUT -m mark --mark 5 -j DROP
until true; do false; done && iptables -A INPUT -m mark --mark 6 -j DROP
case x in y) false ;; esac && iptables -A INPUT -m mark --mark 7 -j DROP
if false; then :; fi && iptables -A INPUT -m mark --mark 8 -j DROP
