#!/bin/sh
# Style: the home gateway of 2006 in one page: NAT, forwarding, MSS clamping, logging chains.

IPTABLES="/sbin/iptables"
EXTIF="ppp0"
INTIF="eth1"
INTNET="192.168.0.0/24"
FTPSERVER="192.168.0.21"

echo "   External Interface:  $EXTIF"
echo "   Internal Interface:  $INTIF"

echo "1" > /proc/sys/net/ipv4/ip_forward

$IPTABLES -P INPUT ACCEPT
$IPTABLES -F INPUT
$IPTABLES -P OUTPUT ACCEPT
$IPTABLES -F OUTPUT
$IPTABLES -P FORWARD DROP
$IPTABLES -F FORWARD
$IPTABLES -t nat -F

$IPTABLES -N LOGDROP
$IPTABLES -A LOGDROP -m limit --limit 10/hour -j LOG --log-level warning --log-prefix "FW drop "
$IPTABLES -A LOGDROP -j DROP

$IPTABLES -A FORWARD -i $EXTIF -o $INTIF -m state --state ESTABLISHED,RELATED -j ACCEPT
$IPTABLES -A FORWARD -i $INTIF -o $EXTIF -j ACCEPT
$IPTABLES -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
$IPTABLES -t nat -A PREROUTING -i $EXTIF -p tcp --dport 21 -j DNAT --to $FTPSERVER:21
$IPTABLES -A FORWARD -i $EXTIF -o $INTIF -p tcp -d $FTPSERVER --dport 21 -m state --state NEW -j ACCEPT
$IPTABLES -A FORWARD -j LOGDROP
$IPTABLES -t nat -A POSTROUTING -s $INTNET -o $EXTIF -j MASQUERADE

echo -e "\nrc.firewall is done.\n"
