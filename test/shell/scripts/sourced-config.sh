#!/bin/bash
# Style: sources a configuration file beside it, another one since it is there.

cd "$(dirname "$0")" || exit 1
. ./firewall.conf
[ -f ./local.conf ] && . ./local.conf
if [ -r ./firewall.conf ]; then
    source firewall.conf      # again, since an editor once swallowed the line above
fi

iptables -F
iptables -P INPUT $DEFAULT_POLICY
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
for p in $OPEN_TCP; do
    iptables -A INPUT -i $PUBLIC_IF -p tcp --dport $p -j ACCEPT
done
if [ "$ALLOW_PING" = "yes" ]; then
    iptables -A INPUT -p icmp --icmp-type 8 -j ACCEPT
fi
if [ -n "$EXTRA_HOST" ]; then
    iptables -A INPUT -s $EXTRA_HOST -j ACCEPT
fi
