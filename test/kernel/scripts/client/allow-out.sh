#!/bin/bash
# Functions for what may go out, by port and by destination.
declare -r IPT="iptables -w"

allow_out() {
  local proto=$1 port=$2 to=${3:-0.0.0.0/0}
  $IPT -A OUTPUT -d "$to" -p "$proto" --dport "$port" -m conntrack --ctstate NEW -j ACCEPT
}

$IPT -F OUTPUT
$IPT -F INPUT
$IPT -P INPUT DROP
$IPT -P OUTPUT DROP
$IPT -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
$IPT -A OUTPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT

allow_out udp 53
allow_out tcp 80
allow_out tcp 443
allow_out tcp 21 10.2.0.2
