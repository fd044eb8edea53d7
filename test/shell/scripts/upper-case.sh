#!/bin/sh
# Style: the old school: -p TCP in upper case, `-s ! x`, long options, -I without a number, -t after the chain.

IPT=/sbin/iptables

$IPT --flush
$IPT --delete-chain
$IPT --table nat --flush
$IPT --policy INPUT DROP
$IPT --append INPUT --in-interface lo --jump ACCEPT
$IPT --append INPUT --protocol TCP --destination-port 21 --jump ACCEPT
$IPT -A INPUT -p TCP --dport ssh -j ACCEPT
$IPT -A INPUT -p UDP --dport domain -j ACCEPT
$IPT -I INPUT -p ICMP -j ACCEPT
$IPT -A POSTROUTING -t nat -o ppp0 -j MASQUERADE
$IPT -A PREROUTING -i ppp0 -p tcp --dport 8021 -j REDIRECT --to-ports 21 -t nat
$IPT -A FORWARD ! -s 192.168.0.0/24 -i eth1 -j DROP
$IPT -A INPUT -p tcp ! --syn -m state --state NEW -j DROP
$IPT --insert OUTPUT 1 --out-interface lo --jump ACCEPT
$IPT --replace OUTPUT 1 --out-interface lo --source 127.0.0.1 --jump ACCEPT
