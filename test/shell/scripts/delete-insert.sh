#!/bin/sh
# Style: order that is mended afterwards: -I with and without numbers, -D by rule and by number, -R, -E, -Z.

iptables -N web
iptables -N old
iptables -A INPUT -p tcp --dport 80 -j web
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -A INPUT -j DROP

# one before the DROP, one at the very top
iptables -I INPUT 4 -p tcp --dport 443 -j web
iptables -I INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -I INPUT 1 -i lo -j ACCEPT
iptables -D INPUT -p tcp --dport 22 -j ACCEPT
iptables -D INPUT 3
iptables -R INPUT 3 -p tcp --dport 2121 -j ACCEPT
iptables -A web -m limit --limit 100/second --limit-burst 200 -j ACCEPT
iptables -E web http
iptables -A old -j RETURN
iptables -F old
iptables -X old
iptables -Z
iptables -D INPUT -p tcp --dport 9999 -j ACCEPT 2>/dev/null
iptables -I INPUT 99 -j ACCEPT 2>/dev/null
iptables -A http -j DROP
iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
iptables -t nat -D POSTROUTING 1
