#!/bin/bash
# Style: "port,address,port" triples taken apart with IFS and set; port forwarding on a home gateway.

EXT=ppp0
INT=eth0
FORWARDS="21,192.168.1.10,21 8080,192.168.1.11,80 2222,192.168.1.12,22"

iptables -t nat -F
iptables -F FORWARD
iptables -t nat -A POSTROUTING -o $EXT -j MASQUERADE
iptables -A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT

for entry in $FORWARDS; do
    oldifs=$IFS
    IFS=,
    set -- $entry
    IFS=$oldifs
    iptables -t nat -A PREROUTING -i $EXT -p tcp --dport $1 -j DNAT --to-destination $2:$3
    iptables -A FORWARD -i $EXT -o $INT -p tcp -d $2 --dport $3 -m state --state NEW -j ACCEPT
done

iptables -A FORWARD -i $INT -o $EXT -j ACCEPT
iptables -P FORWARD DROP
