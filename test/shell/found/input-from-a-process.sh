#!/bin/bash
iptables-restore -n < <(printf '%s\n' '*filter' "-A FORWARD -s 192.0.2.7 -j DROP" COMMIT)
mapfile -t ports < <(printf '%s\n' 20 21)
iptables -A INPUT -p tcp --dport "${ports[1]}" -j ACCEPT
