#!/bin/bash
# Style: clears every table in a loop, chains by table from a function with case, table names in variables.

IPTABLES=$(command -v iptables || echo /sbin/iptables)
TABLES="filter nat mangle raw"

chains_of() {
    case $1 in
        filter) echo INPUT FORWARD OUTPUT ;;
        nat) echo PREROUTING POSTROUTING OUTPUT ;;
        mangle) echo PREROUTING INPUT FORWARD OUTPUT POSTROUTING ;;
        raw) echo PREROUTING OUTPUT ;;
    esac
}

for table in $TABLES; do
    $IPTABLES -t $table -F
    $IPTABLES -t $table -X
    for chain in $(chains_of $table); do
        $IPTABLES -t "$table" -P "$chain" ACCEPT
    done
done
for chain in $(chains_of filter); do
    [ $chain = OUTPUT ] || $IPTABLES -P $chain DROP
done
$IPTABLES -t mangle -A POSTROUTING -p tcp --sport 21 -j TOS --set-tos Minimize-Delay
$IPTABLES -t mangle -A POSTROUTING -p tcp --sport 20 -j TOS --set-tos 0x08
$IPTABLES -A INPUT -p tcp --dport 21 -j ACCEPT
