#!/bin/bash
# Right: masquerading, the helper by rule, both modules.
LAN=lan0; WAN=wan0
modprobe nf_conntrack_ftp
modprobe nf_nat_ftp

iptables -t raw -F; iptables -t nat -F; iptables -F
iptables -t raw -A PREROUTING -i $LAN -p tcp --dport 21 -j CT --helper ftp
iptables -P FORWARD DROP
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -A FORWARD -i $LAN -o $WAN -p tcp -m multiport --dports 21,80,443 -j ACCEPT
iptables -t nat -A POSTROUTING -o $WAN -j MASQUERADE
echo 1 >/proc/sys/net/ipv4/ip_forward
