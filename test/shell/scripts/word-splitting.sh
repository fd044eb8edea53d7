#!/bin/bash
# Style: odd values of IFS: colons, semicolons, new lines, nothing at all.

PATHLIKE="10.0.1.0/24:10.0.2.0/24::10.0.3.0/24"
SEMI="21;22;80"
LINES="-p tcp --dport 21
-p udp --dport 53"

IFS=:
for net in $PATHLIKE; do
    [ -n "$net" ] && iptables -A INPUT -s "$net" -j ACCEPT
done
unset IFS

OLD="$IFS"
IFS=';'
for p in $SEMI; do iptables -A INPUT -p tcp --dport $p -j ACCEPT; done
IFS="$OLD"
unset IFS

IFS='
'
for rule in $LINES; do
    IFS=' '
    iptables -A OUTPUT $rule -j ACCEPT
    IFS='
'
done
IFS=$' \t\n'

set -- $(echo "eth0 eth1	eth2")
iptables -A FORWARD -i $1 -o $2 -j ACCEPT
iptables -A FORWARD -i $3 -j DROP
IFS=-
joined="$*"
unset IFS
iptables -A FORWARD -m comment --comment "$joined" -j LOG
IFS=, read a b c <<< "21,22,80,443"
iptables -A FORWARD -p tcp -m multiport --dports $a,$c -j ACCEPT
IFS=
all="1 2"
for x in $all; do iptables -A FORWARD -m comment --comment "<$x>" -j ACCEPT; done
