#!/bin/sh
# /etc/init.d/router

IPT=iptables
LAN_IF=lan0
INET_IF=wan0

flush() {
	$IPT -F
	$IPT -t nat -F
	$IPT -X
}

do_start() {
	flush
	$IPT -P FORWARD DROP
	$IPT -N lan
	$IPT -A lan -p tcp --dport 21 -j ACCEPT
	$IPT -A lan -p tcp --dport 80 -j ACCEPT
	$IPT -A lan -p udp --dport 53 -j ACCEPT
	$IPT -A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT
	$IPT -A FORWARD -i $LAN_IF -o $INET_IF -j lan
	$IPT -t nat -A POSTROUTING -o $INET_IF -j MASQUERADE
	echo 1 > /proc/sys/net/ipv4/ip_forward
}

do_stop() {
	flush
	$IPT -P FORWARD ACCEPT
	echo 0 > /proc/sys/net/ipv4/ip_forward
}

case "${1:-start}" in
	start)   do_start ;;
	stop)    do_stop ;;
	restart) do_stop; do_start ;;
	*)       echo "Usage: router {start|stop|restart}" >&2; exit 3 ;;
esac
