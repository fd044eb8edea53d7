#!/bin/sh
# A small server: SSH, web and FTP. Port 20 is opened in the wrong direction; passive mode is forgotten.
IPT=/usr/sbin/iptables

$IPT -F
$IPT -P INPUT DROP
$IPT -P FORWARD DROP
$IPT -P OUTPUT ACCEPT

$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT

for port in 22 80 443; do
  $IPT -A INPUT -p tcp --dport $port -j ACCEPT
done

# ftp
$IPT -A INPUT -p tcp --dport 20 -j ACCEPT
$IPT -A INPUT -p tcp --dport 21 -j ACCEPT
