#!/bin/sh
# Outside: the interface is the first argument, the second one has a default.

WAN=$1
PORT=${2:-21}

if [ -z "$WAN" ]; then
	echo "usage: $0 INTERFACE [PORT]" >&2
	exit 1
fi

iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -i $WAN -p tcp --dport 22 -j ACCEPT # unknown
iptables -A INPUT -p tcp --dport $PORT -j ACCEPT # unknown
iptables -t nat -A POSTROUTING -o "$WAN" -j MASQUERADE # unknown
iptables -P FORWARD DROP
