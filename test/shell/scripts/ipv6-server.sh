#!/bin/bash
# Style: IPv6 only: addresses with colons cut by parameter expansion, ICMPv6 types in a list, prefixes put together.

IP6=ip6tables
PREFIX=2001:db8:42
SERVERS="::21=ftp ::80=web"
$IP6 -P INPUT DROP
$IP6 -P FORWARD DROP
$IP6 -A INPUT -i lo -j ACCEPT
for t in destination-unreachable packet-too-big time-exceeded parameter-problem echo-request; do
    $IP6 -A INPUT -p icmpv6 --icmpv6-type $t -j ACCEPT
done
for t in router-solicitation router-advertisement neighbour-solicitation neighbour-advertisement; do
    $IP6 -A INPUT -p icmpv6 --icmpv6-type $t -m hl --hl-eq 255 -j ACCEPT
done
for pair in $SERVERS; do
    suffix=${pair%=*} name=${pair#*=}
    case $name in ftp) port=21;; web) port=80;; esac
    $IP6 -A FORWARD -d $PREFIX$suffix/128 -p tcp --dport $port -m comment --comment "$name" -j ACCEPT
done
$IP6 -A INPUT -s ${PREFIX}::/48 -p tcp --dport 22 -j ACCEPT
$IP6 -A INPUT -s fe80::/10 -j ACCEPT
first=${PREFIX%%:*}
$IP6 -A FORWARD -s $first::/16 -m rt --rt-type 0 -j DROP
$IP6 -A INPUT -j REJECT --reject-with icmp6-adm-prohibited
