#!/bin/sh
# /etc/init.d/firewall of a workstation

IPT=/sbin/iptables

case "$1" in
start)
	echo -n "Loading rules..."
	$IPT -F
	$IPT -P INPUT DROP
	$IPT -P OUTPUT DROP
	$IPT -A INPUT -i lo -j ACCEPT
	$IPT -A OUTPUT -o lo -j ACCEPT
	$IPT -A INPUT -m state --state ESTABLISHED -j ACCEPT
	$IPT -A OUTPUT -m state --state ESTABLISHED -j ACCEPT
	# web, ftp
	$IPT -A OUTPUT -p tcp --dport 80 -j ACCEPT
	$IPT -A OUTPUT -p tcp --dport 21 -j ACCEPT
	echo done
	;;
stop)
	$IPT -F
	$IPT -P INPUT ACCEPT
	$IPT -P OUTPUT ACCEPT
	;;
*)
	echo "usage: $0 start|stop"
	;;
esac
