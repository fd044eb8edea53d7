#!/bin/bash
# Small functions for what is let in; the last rule drops the rest.
IPT=/sbin/iptables

allow_tcp() {
  local port=$1
  $IPT -A INPUT -p tcp --dport $port -m conntrack --ctstate NEW -j ACCEPT
}

allow_from() {
  $IPT -A INPUT -s "$1" -p tcp --dport "$2" -j ACCEPT
}

$IPT -F INPUT
$IPT -P INPUT ACCEPT
$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT

allow_tcp 22
allow_tcp 21
allow_tcp 80
allow_from 10.1.0.0/16 3306

$IPT -A INPUT -j DROP
