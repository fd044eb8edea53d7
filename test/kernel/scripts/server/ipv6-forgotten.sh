#!/bin/bash
# IPv4 was brought up to date when the kernel was; IPv6 was not.
IP4=iptables
IP6=ip6tables

$IP4 -t raw -F
$IP4 -F
$IP6 -F
$IP4 -P INPUT DROP
$IP6 -P INPUT DROP

$IP4 -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp

$IP4 -A INPUT -i lo -j ACCEPT
$IP6 -A INPUT -i lo -j ACCEPT
$IP4 -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
$IP6 -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
$IP6 -A INPUT -p icmpv6 -j ACCEPT
$IP4 -A INPUT -p tcp -m multiport --dports 21,22 -j ACCEPT
$IP6 -A INPUT -p tcp -m multiport --dports 21,22 -j ACCEPT
