#!/bin/sh
# "port,address,port": what is forwarded where.
FORWARDS="80,10.2.0.3,8080 21,10.2.0.2,21 2222,10.2.0.3,22"

iptables -t nat -F
iptables -F FORWARD
iptables -P FORWARD DROP
iptables -A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT

for f in $FORWARDS; do
  OLDIFS=$IFS
  IFS=,
  set -- $f
  IFS=$OLDIFS
  iptables -t nat -A PREROUTING -i lan0 -p tcp --dport $1 -j DNAT --to $2:$3
  iptables -A FORWARD -i lan0 -p tcp -d $2 --dport $3 -j ACCEPT
done
