#!/bin/bash
# Style: small text tools in $( ): cut, tr, sed, awk, head, wc, basename, sort, on values that stand in the script.

CIDR=192.168.44.0/24
NET=$(echo $CIDR | cut -d/ -f1)
LEN=`echo $CIDR | cut -d '/' -f 2`
LIST=$(echo "21 22 80" | tr ' ' ',')
UP=$(echo drop | tr 'a-z' 'A-Z')
FIRST=$(echo "$LIST" | cut -d, -f1)
HOST=$(echo "$NET" | sed 's/\.0$/.7/')
LAST=$(echo "a b c" | awk '{ print $3 }')
COUNT=$(echo "$LIST" | tr ',' '\n' | wc -l)
BASE=$(basename /etc/firewall/rules.sh .sh)
DIR=$(dirname /etc/firewall/rules.sh)
SORTED=$(printf '%s\n' 80 21 22 21 | sort -n -u | tr '\n' ' ')

iptables -A INPUT -s $NET/$LEN -p tcp -m multiport --dports $LIST -j ACCEPT
iptables -A INPUT -s $HOST -p tcp --dport $FIRST -j $UP
iptables -A INPUT -m comment --comment "$LAST $COUNT $BASE $DIR" -j ACCEPT
for p in $SORTED; do iptables -A OUTPUT -p tcp --dport $p -j ACCEPT; done
for p in $(echo "$LIST" | tr , ' '); do
    iptables -A FORWARD -p tcp --dport $p -j ACCEPT
done
head=$(printf '10.0.0.1\n10.0.0.2\n' | head -n 1)
tail=$(printf '10.0.0.1\n10.0.0.2\n' | tail -1)
iptables -A FORWARD -s $head -d $tail -j DROP
