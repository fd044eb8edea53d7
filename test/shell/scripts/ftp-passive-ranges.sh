#!/bin/sh
# Style: an FTP server told about its ranges by variables that build on one another, switch variables yes/no.

USE_TLS=yes
USE_ACTIVE=no
BASE=40000
CLIENTS=100
PASV_MIN=$BASE
PASV_MAX=`expr $BASE + $CLIENTS - 1`
PORTS=21
[ "$USE_TLS" = "yes" ] && PORTS="$PORTS 990"

yesno() {
	case "$1" in
		[Yy]es|1|on) return 0 ;;
		*) return 1 ;;
	esac
}

iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
for p in $PORTS; do
	iptables -A INPUT -p tcp --dport $p -m conntrack --ctstate NEW -j ACCEPT
done
if yesno "$USE_TLS"; then
	# helpers cannot read TLS, so the range it is
	iptables -A INPUT -p tcp --dport "$PASV_MIN:$PASV_MAX" -m conntrack --ctstate NEW -j ACCEPT
else
	iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
	iptables -A INPUT -m conntrack --ctstate RELATED -j ACCEPT
fi
yesno "$USE_ACTIVE" && iptables -A OUTPUT -p tcp --sport 20 -j ACCEPT || iptables -A OUTPUT -p tcp --sport 20 -j REJECT
iptables -P INPUT DROP
