#!/bin/bash
(
    echo 1 | while read -r n; do
        iptables -D INPUT -p tcp --dport "$n" -j DROP 2>/dev/null
    done
) || iptables -A FORWARD -p tcp --dport 20 -j ACCEPT
