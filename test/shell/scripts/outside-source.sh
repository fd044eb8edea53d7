#!/bin/sh
# Outside: a configuration that is not in the workspace; values set after it are known again.

PORT=2020
[ -r /etc/default/gateway-fw ] && . /etc/default/gateway-fw # maybe
LAN=eth1

iptables -A INPUT -p tcp --dport $PORT -j ACCEPT # unknown
iptables -A INPUT -i $LAN -p tcp --dport 21 -j ACCEPT
iptables -A FORWARD -i $LAN -j ACCEPT
