#!/bin/sh
# The same with the rule that today's kernels need beside the modules.
INT_IF=eth1
EXT_IF=eth0

modprobe nf_nat_ftp
echo 1 > /proc/sys/net/ipv4/ip_forward

iptables -t raw -A PREROUTING -i $INT_IF -p tcp --dport 21 -j CT --helper ftp
iptables -P FORWARD DROP
iptables -t nat -A POSTROUTING -o $EXT_IF -j MASQUERADE
iptables -A FORWARD -i $EXT_IF -o $INT_IF -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A FORWARD -i $INT_IF -o $EXT_IF -j ACCEPT
