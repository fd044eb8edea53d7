#!/bin/bash
# Outside: rules under conditions about the machine: they may be there or not.

iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
if lsmod | grep -q nf_conntrack; then
    iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT # maybe
fi
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
if [ -f /etc/default/extra-firewall ]; then
    iptables -A INPUT -p tcp --dport 2121 -j ACCEPT # maybe
else
    iptables -A INPUT -p tcp --dport 2122 -j ACCEPT # maybe
fi
ping -c1 192.0.2.1 >/dev/null 2>&1 && iptables -A INPUT -s 192.0.2.1 -j ACCEPT # maybe
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
