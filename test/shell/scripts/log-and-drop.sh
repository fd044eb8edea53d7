#!/bin/bash
# Style: packets that cannot be: tcp flags, fragments, bad addresses; log prefixes with blanks; here and there -m limit.

IPT=iptables
$IPT -N BADFLAGS
$IPT -A BADFLAGS -m limit --limit 15/minute -j LOG --log-prefix "Bad flags: " --log-level 7
$IPT -A BADFLAGS -j DROP

FLAGS="ACK,FIN:FIN ACK,PSH:PSH ACK,URG:URG FIN,RST:FIN,RST SYN,FIN:SYN,FIN SYN,RST:SYN,RST ALL:ALL ALL:NONE ALL:FIN,PSH,URG"
for pair in $FLAGS; do
    $IPT -A INPUT -p tcp --tcp-flags ${pair%%:*} ${pair##*:} -j BADFLAGS
done

$IPT -A INPUT -f -j DROP
$IPT -A INPUT -m state --state INVALID -j DROP
$IPT -A INPUT -p tcp ! --syn -m state --state NEW -j BADFLAGS
$IPT -A INPUT -m pkttype --pkt-type broadcast -j DROP
$IPT -A INPUT -m addrtype --dst-type MULTICAST -j DROP
$IPT -A INPUT -p tcp --dport 21 -m recent --name ftp --update --seconds 60 --hitcount 5 -j DROP
$IPT -A INPUT -p tcp --dport 21 -m recent --name ftp --set -j ACCEPT
$IPT -A INPUT -p icmp --icmp-type 8 -m limit --limit 1/s -j ACCEPT
$IPT -A INPUT -p tcp --dport 22 -m connlimit --connlimit-above 3 -j REJECT --reject-with tcp-reset
