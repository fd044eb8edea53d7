#!/bin/bash
# Style: tries new rules and puts the old ones back: iptables-save into a variable, restored from it.

iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
old=$(iptables-save)

iptables -A INPUT -p tcp --dport 23 -j ACCEPT
iptables -P FORWARD DROP
iptables -N trial
confirmed=no
if [ $confirmed = yes ]; then
    echo kept
else
    echo "$old" | iptables-restore
fi
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables-save | grep -v -- '--dport 21' | iptables-restore
iptables -A INPUT -j LOG
