#!/bin/bash
r=$(echo "eth0:10.0.0.5/24" | sed 's/^\([a-z0-9]*\):\(.*\)$/\1 \2/')
set -- $r
iptables -A INPUT -i $1 -s $2 -j ACCEPT
r=$(echo "port = 21" | sed -n 's/^port *= *//p')
iptables -A INPUT -p tcp --dport "$r" -j ACCEPT
r=$(echo "10.1.2.3" | sed -r 's/([0-9]+)\.([0-9]+)\..*/\2.\1/')
iptables -A INPUT -m comment --comment "$r" -j ACCEPT
r=$(echo "10.1.2.3" | awk -F. '{print $1"."$2".0.0/16"}')
iptables -A INPUT -s "$r" -j ACCEPT
r=$(printf 'a 1\nb 2\nc 3\n' | awk '$1=="b"{print $2}')
iptables -A INPUT -m mark --mark "$r" -j DROP
r=$(printf 'a 1\nb 2\nc 3\n' | awk 'NR==3 {print $2}')
iptables -A INPUT -m mark --mark "$r" -j DROP
r=$(printf '# c\na 1\n' | awk '!/^#/ {print $2}')
iptables -A INPUT -m mark --mark "$r" -j DROP
r=$(echo 'LAN="10.0.0.0/8"' | cut -d'"' -f2)
iptables -A INPUT -s "$r" -j DROP
r=$(echo "  21  " | xargs)
iptables -A INPUT -p tcp --dport "$r" -j DROP
r=$(echo "A=1;B=2" | sed 's/;/\n/g' | tail -1)
iptables -A INPUT -m comment --comment "$r" -j DROP
r=$(echo ABC | tr '[:upper:]' '[:lower:]')
iptables -A INPUT -m comment --comment "$r" -j DROP
r=$(printf 'one\ntwo\nthree\n' | sed -n '2p')
iptables -A INPUT -m comment --comment "$r" -j DROP
r=$(printf 'one\ntwo\nthree\n' | head -n 2 | tail -n 1)
iptables -A INPUT -m comment --comment "$r" -j DROP
