#!/bin/sh
CHANGED=yes
iptables -A INPUT -p tcp --dport ${PORT:-$1} -j ACCEPT
[ $1 = 23 ] && exit 0
iptables -A OUTPUT -p tcp --dport $1 -j ACCEPT
