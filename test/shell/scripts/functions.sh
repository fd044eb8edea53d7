#!/bin/bash
# Style: helper functions with positional parameters; one calls another; one is never called.

IPT="iptables -w"

open_tcp() {
    # open_tcp PORT [SOURCE]
    local port=$1
    local from=${2:-0.0.0.0/0}
    $IPT -A INPUT -p tcp -s "$from" --dport "$port" -m conntrack --ctstate NEW -j ACCEPT
}

open_udp() {
    $IPT -A INPUT -p udp --dport $1 -j ACCEPT
}

open_both() {
    open_tcp "$1"
    open_udp "$1"
}

open_range() {
    $IPT -A INPUT -p tcp --dport $1:$2 -j ACCEPT
}

# left over from the old mail server, nobody calls this any more
open_mail() {
    open_tcp 25
    open_tcp 465
    $IPT -A INPUT -p tcp --dport 993 -j ACCEPT
}

allow_basics() {
    $IPT -A INPUT -i lo -j ACCEPT
    $IPT -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    $IPT -A INPUT -p icmp --icmp-type echo-request -j ACCEPT
}

$IPT -F
allow_basics
open_tcp 22 192.168.1.0/24
open_tcp 21
open_range 50000 50100
open_both 53
$IPT -P INPUT DROP
