#!/bin/bash
# Switches at the top decide what is set up.
ENABLE_NAT=yes
ENABLE_FTP=yes
ENABLE_IPV6=no
LAN=lan0
WAN=wan0

if [ "$ENABLE_IPV6" = "yes" ]; then
  PROGRAMS="iptables ip6tables"
else
  PROGRAMS="iptables"
fi

for prog in $PROGRAMS; do
  $prog -F FORWARD
  $prog -P FORWARD DROP
  $prog -A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT
done

if [[ $ENABLE_FTP == yes ]]; then
  modprobe nf_conntrack_ftp
  iptables -A FORWARD -i $LAN -o $WAN -p tcp --dport 21 -j ACCEPT
fi

if [ $ENABLE_NAT = yes ]; then
  [ $ENABLE_FTP = yes ] && modprobe nf_nat_ftp
  iptables -t nat -A POSTROUTING -o $WAN -j MASQUERADE
fi
