#!/bin/sh
for n in 1 2 3; do
    (
        iptables -N services && iptables -A services -j ACCEPT
    ) || iptables -A FORWARD -p tcp --dport 2$n -j DROP
done
