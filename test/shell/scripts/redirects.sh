#!/bin/bash
# Style: redirections in all places: before the command, on compounds, exec for the whole script, noclobber.

exec 3>&1 >/tmp/firewall.log 2>&1
>/dev/null iptables -A INPUT -i lo -j ACCEPT
2>/dev/null iptables -A INPUT -p tcp --dport 21 -j ACCEPT >&2
iptables >/dev/null -A INPUT 2>&1 -p tcp --dport 22 -j ACCEPT
{
    iptables -A INPUT -p tcp --dport 80 -j ACCEPT
    iptables -L -n
} > /tmp/list 2>&1
for p in 443 990; do
    iptables -A INPUT -p tcp --dport $p -j ACCEPT
done &> /dev/null
iptables -A INPUT -p tcp --dport 25 -j DROP < /dev/null >> /tmp/firewall.log
if iptables -L NOCHAIN > /dev/null 2>&1; then
    iptables -A NOCHAIN -j ACCEPT
fi
read first <<EOF
23 and more
EOF
iptables -A INPUT -p tcp --dport ${first%% *} -j DROP
while read -u 4 host; do
    iptables -A OUTPUT -d $host -j ACCEPT
done 4<<'HOSTS'
192.0.2.1
192.0.2.2
HOSTS
exec 3>&-
