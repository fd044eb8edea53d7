#!/bin/sh
#
# firewall.sh - web, mail and ftp server
#

IPT="/sbin/iptables"
EXTIF="eth0"
TCP_SERVICES="21 22 25 80 443"
UDP_SERVICES="53"

modprobe nf_conntrack
modprobe nf_conntrack_ftp

# flush everything
$IPT -F
$IPT -X
$IPT -t nat -F
$IPT -t mangle -F

# default policies
$IPT -P INPUT DROP
$IPT -P FORWARD DROP
$IPT -P OUTPUT ACCEPT

# loopback and what is known already
$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT

# services
for port in $TCP_SERVICES; do
    $IPT -A INPUT -i $EXTIF -p tcp --dport $port -m state --state NEW -j ACCEPT
done
for port in $UDP_SERVICES; do
    $IPT -A INPUT -i $EXTIF -p udp --dport $port -j ACCEPT
done

$IPT -A INPUT -p icmp -j ACCEPT
$IPT -A INPUT -j LOG --log-prefix "FW DROP: "
