#!/bin/sh
# Style: every place for a "!", quoted and not; empty matches by unset options; protocol numbers and service names.

NOT='!'
LAN=192.168.1.0/24
iptables -A INPUT ! -i lo -s 127.0.0.0/8 -j DROP
iptables -A INPUT ! -s $LAN -p tcp --dport ftp -j LOG
iptables -A INPUT $NOT -d $LAN -p udp --dport domain -j DROP
iptables -A INPUT "$NOT" -p icmp -j RETURN
iptables -A INPUT -p 6 --dport ftp-data -j ACCEPT
iptables -A INPUT -p 17 ! --sport 53 -j DROP
iptables -A INPUT -p tcp -m tcp ! --dport 21:23 -j DROP
iptables -A INPUT -p tcp -m multiport ! --dports http,https -j DROP
iptables -A FORWARD -m mac ! --mac-source 00:11:22:33:44:55 -j DROP
iptables -A FORWARD -m iprange ! --src-range 10.0.0.1-10.0.0.9 -j DROP
iptables -A FORWARD -m conntrack ! --ctstate NEW -j ACCEPT
iptables -A OUTPUT -m owner ! --uid-owner 0 -j REJECT --reject-with icmp-admin-prohibited
if ! iptables -C OUTPUT -j ACCEPT 2>/dev/null
then
	iptables -A OUTPUT -j ACCEPT
fi
iptables -A OUTPUT -s ! 10.0.0.1 -j DROP 2>/dev/null
