#!/bin/sh
# Style: usage checks with || exit, a mode variable, an early exit that leaves the rest dead.

MODE=server
CONF=none

die() {
    echo "$*" >&2
    exit 2
}

[ "$MODE" = server ] || die "unknown mode $MODE"
test -n "$CONF" || { echo "no configuration"; exit 1; }
[ -x /sbin/iptables ] || exit 0

iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT

if [ $MODE = gateway ]; then
    iptables -A FORWARD -j ACCEPT
elif [ $MODE = server -a "$CONF" != none ]; then
    iptables -A INPUT -p tcp --dport 1000 -j ACCEPT
else
    iptables -A INPUT -p tcp --dport 22 -j ACCEPT
fi

iptables -P INPUT DROP
exit 0

# old rules, kept for reference
iptables -A INPUT -p tcp --dport 23 -j ACCEPT
iptables -A INPUT -p tcp --dport 69 -j ACCEPT
