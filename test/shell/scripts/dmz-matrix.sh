#!/bin/bash
# Style: all pairs of zones by two nested loops, with exceptions by string comparison and a matrix in an associative array.

zones="lan dmz wan"
declare -A iface=([lan]=eth1 [dmz]=eth2 [wan]=eth0)
declare -A policy
policy[lan,wan]=ACCEPT
policy[lan,dmz]=ACCEPT
policy[dmz,wan]=ACCEPT

iptables -A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT
for from in $zones; do
    for to in $zones; do
        [ "$from" == "$to" ] && continue
        chain="${from}2${to}"
        iptables -N $chain
        iptables -A FORWARD -i ${iface[$from]} -o ${iface[$to]} -j $chain
        case "$from-$to" in
            wan-dmz) iptables -A $chain -p tcp -m multiport --dports 21,80 -j ACCEPT ;;
            dmz-lan) iptables -A $chain -p tcp --dport 3306 -d 10.0.0.5 -j ACCEPT ;;
        esac
        verdict=${policy[$from,$to]:-DROP}
        if [[ ${policy["$from,$to"]+x} != x ]]; then
            iptables -A $chain -j LOG --log-prefix "$chain: "
        fi
        iptables -A $chain -j $verdict
    done
done
