#!/bin/bash
# These hosts may use FTP, the others the web alone.
IPT="/sbin/iptables"
FTP_HOSTS="10.1.0.2 10.1.0.7"
LAN_NET=10.1.0.0/24

$IPT -F FORWARD
$IPT -P FORWARD DROP
$IPT -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
for host in $FTP_HOSTS; do
	$IPT -A FORWARD -s $host -p tcp --dport 21 -j ACCEPT
done
$IPT -A FORWARD -s $LAN_NET -p tcp -m multiport --dports 80,443 -j ACCEPT
$IPT -t nat -F POSTROUTING
$IPT -t nat -A POSTROUTING -s $LAN_NET -o wan0 -j SNAT --to-source 10.2.0.1
