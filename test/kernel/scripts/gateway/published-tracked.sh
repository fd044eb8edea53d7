#!/bin/bash
# Right: the FTP server behind it is published, with the helper.
IPT=iptables
WAN=lan0
FTP_SERVER=10.2.0.2

function ftp_published {
  $IPT -t raw -A PREROUTING -i "$WAN" -p tcp --dport 21 -j CT --helper ftp
  $IPT -t nat -A PREROUTING -i "$WAN" -p tcp --dport 21 -j DNAT --to-destination "$FTP_SERVER"
  $IPT -A FORWARD -i "$WAN" -d "$FTP_SERVER" -p tcp --dport 21 -j ACCEPT
}

$IPT -P FORWARD DROP
$IPT -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
ftp_published
