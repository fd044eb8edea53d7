#!/bin/sh
# Style: an init script with start, stop, restart and status; functions; backticks of known commands.
### BEGIN INIT INFO
# Provides:          firewall
# Required-Start:    $network
# Default-Start:     2 3 4 5
### END INIT INFO

IPTABLES=/usr/sbin/iptables
NAME=firewall
PORTS="21 22 80"

start() {
	echo "Starting $NAME"
	$IPTABLES -N services 2>/dev/null || $IPTABLES -F services
	for port in $PORTS; do
		$IPTABLES -A services -p tcp --dport $port -j ACCEPT
	done
	$IPTABLES -A services -j RETURN
	$IPTABLES -A INPUT -i lo -j ACCEPT
	$IPTABLES -A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
	$IPTABLES -A INPUT -j services
	$IPTABLES -P INPUT DROP
}

stop() {
	echo "Stopping $NAME"
	$IPTABLES -P INPUT ACCEPT
	$IPTABLES -F
	$IPTABLES -X
}

case "$1" in
	start)
		start
		;;
	stop)
		stop
		;;
	restart|reload|force-reload)
		stop
		start
		;;
	status)
		$IPTABLES -L -n -v
		;;
	*)
		echo "Usage: /etc/init.d/$NAME {start|stop|restart|status}" >&2
		exit 1
		;;
esac

exit 0
