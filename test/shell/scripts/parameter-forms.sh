#!/bin/bash
# Style: every form of ${ }: defaults, alternatives, trimming, replacement, length, case, substrings.

IFACE=${IFACE_OF_HOST:-eth0}
: ${LOGLEVEL:=4}
CIDR=192.168.5.0/24
NET=${CIDR%/*}
BITS=${CIDR##*/}
LIST=21:22:80
FILE=/etc/firewall/rules.v4.bak
PROTO=TCP

iptables -A INPUT -i $IFACE -s $NET/$BITS -j ACCEPT
iptables -A INPUT -p tcp -m multiport --dports ${LIST//:/,} -j ACCEPT
iptables -A INPUT -p tcp --dport ${LIST%%:*} -j LOG --log-level $LOGLEVEL --log-prefix "${FILE##*/} "
iptables -A INPUT -p ${PROTO,,} --dport ${LIST##*:} -j ACCEPT
iptables -A INPUT -p udp --dport ${#FILE}00 -j ACCEPT
iptables -A INPUT -s ${NET%.*}.7 -j DROP
iptables -A OUTPUT -o ${IFACE:0:3}1 -j ACCEPT
iptables -A OUTPUT ${DEBUG:+-m comment --comment debug} -p tcp --sport ${LIST:3:2} -j ACCEPT
DEBUG=yes
iptables -A OUTPUT ${DEBUG:+-m comment --comment debug} -p tcp --sport ${LIST: -2} -j ACCEPT
word=accept
iptables -A FORWARD -s ${NET/168/169} -j ${word^^}
iptables -A FORWARD -d ${NET/#192/172} -j ${UNSET_TARGET-DROP}
iptables -A FORWARD -m comment --comment "${word^} ${FILE%.bak} ${FILE/firewall\//}" -j ACCEPT
