#!/bin/sh
# The administrator appends FTP to a chain that already ends in REJECT, then repairs one of the two lines.
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -A INPUT -j REJECT --reject-with icmp-host-prohibited
iptables -A INPUT -p tcp --dport 50000:51000 -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -D INPUT -p tcp --dport 21 -j ACCEPT
iptables -I INPUT 2 -p tcp --dport 21 -j ACCEPT
