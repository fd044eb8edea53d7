#!/bin/sh
# The same with the rule that kernels since 4.7 need beside the modules.
LAN=lan0
WAN=wan0

modprobe nf_conntrack_ftp
modprobe nf_nat_ftp
echo 1 > /proc/sys/net/ipv4/ip_forward

iptables -F
iptables -t nat -F
iptables -t raw -F
iptables -P FORWARD DROP
iptables -t nat -A POSTROUTING -o $WAN -j MASQUERADE
iptables -t raw -A PREROUTING -i $LAN -p tcp --dport 21 -j CT --helper ftp
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
iptables -A FORWARD -p icmp -m conntrack --ctstate RELATED -j ACCEPT
iptables -A FORWARD -p tcp --dport 1024: -m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT
for service in 21 80 443; do
  iptables -A FORWARD -i $LAN -o $WAN -p tcp --dport $service -j ACCEPT
done
