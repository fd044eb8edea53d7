#!/bin/bash
# Style: nested for loops over lists of ports, networks and protocols.

TRUSTED="10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"
TCP_PORTS="20 21 22 25 80 110 143 443"
UDP_PORTS="53 123"

iptables -F INPUT
iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT

for net in $TRUSTED
do
    for port in $TCP_PORTS
    do
        iptables -A INPUT -s $net -p tcp --dport $port -m conntrack --ctstate NEW -j ACCEPT
    done
    for port in $UDP_PORTS; do iptables -A INPUT -s $net -p udp --dport $port -j ACCEPT; done
done

# everything the ISP should never send us
for proto in tcp udp icmp; do
    for bogus in 0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 224.0.0.0/4; do
        iptables -A FORWARD -p $proto -s $bogus -j DROP
    done
done
