#!/bin/bash
# Servers behind the gateway, published by a function.
IPT=iptables
WAN=lan0
DMZ=wan0
FTP=10.2.0.2

publish() {
  local proto=$1 port=$2 host=$3
  $IPT -t nat -A PREROUTING -i $WAN -p $proto --dport $port -j DNAT --to-destination $host:$port
  $IPT -A FORWARD -i $WAN -o $DMZ -p $proto -d $host --dport $port -m conntrack --ctstate NEW -j ACCEPT
}

$IPT -F
$IPT -t nat -F
$IPT -P FORWARD DROP
$IPT -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
publish tcp 80 10.2.0.3
publish tcp 21 $FTP
echo 1 > /proc/sys/net/ipv4/ip_forward
