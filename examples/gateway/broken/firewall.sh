#!/bin/sh
# Internet connection sharing: the LAN may fetch by FTP, but only the control connection gets through.
LAN=lan0
WAN=wan0

modprobe nf_conntrack_ftp
modprobe nf_nat_ftp
echo 1 > /proc/sys/net/ipv4/ip_forward

iptables -F
iptables -t nat -F
iptables -P FORWARD DROP
iptables -t nat -A POSTROUTING -o $WAN -j MASQUERADE
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
for service in 21 80 443; do
  iptables -A FORWARD -i $LAN -o $WAN -p tcp --dport $service -j ACCEPT
done
