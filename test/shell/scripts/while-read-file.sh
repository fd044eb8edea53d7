#!/bin/sh
# Style: lists of addresses kept in files beside the script, read line by line and through cat.

iptables -N BLACKLIST
while read ip; do
    iptables -A BLACKLIST -s $ip -j DROP
done < blacklist.txt
iptables -A INPUT -j BLACKLIST

for ip in `cat whitelist.txt`; do
    iptables -A INPUT -s $ip -p tcp --dport 21 -j ACCEPT
done

grep -v '^#' services.txt | while read name port; do
    iptables -A INPUT -p tcp --dport $port -m comment --comment "$name" -j ACCEPT
done

iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -P INPUT DROP
