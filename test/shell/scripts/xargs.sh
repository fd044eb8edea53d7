#!/bin/bash
echo 192.0.2.1 192.0.2.2 192.0.2.3 | xargs -n1 iptables -A INPUT -j DROP -s
printf '%s\n' 21 22 80 | xargs -I{} iptables -A INPUT -p tcp --dport {} -j ACCEPT
cat hosts | xargs -n 1 -r iptables -A FORWARD -j ACCEPT -d
echo "tcp 21 udp 53" | xargs -n2 sh -c 'iptables -A OUTPUT -p $0 --dport $1 -j ACCEPT'
