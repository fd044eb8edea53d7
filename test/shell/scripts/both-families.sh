#!/bin/bash
# Style: one loop over iptables and ip6tables; what differs is told apart by case and [[ ]].

for IPT in iptables ip6tables; do
    $IPT -F
    $IPT -X
    $IPT -P INPUT DROP
    $IPT -P FORWARD DROP
    $IPT -A INPUT -i lo -j ACCEPT
    $IPT -A INPUT -m conntrack --ctstate INVALID -j DROP
    $IPT -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    for port in 21 22 80 443; do
        $IPT -A INPUT -p tcp -m tcp --dport $port -j ACCEPT
    done
    case $IPT in
        iptables)  $IPT -A INPUT -p icmp --icmp-type echo-request -j ACCEPT ;;
        ip6tables) $IPT -A INPUT -p ipv6-icmp -j ACCEPT ;;
    esac
    if [[ $IPT == ip6* ]]; then
        $IPT -A INPUT -s fe80::/10 -p udp --dport 546 -j ACCEPT
        reject=icmp6-port-unreachable
    else
        reject=icmp-port-unreachable
    fi
    $IPT -A INPUT -j REJECT --reject-with $reject
done
