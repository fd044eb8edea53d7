#!/bin/sh
# Small words for the rules; the data connection has none.
allow_tcp() {
  iptables -A INPUT -p tcp --dport "$1" -j ACCEPT
  ip6tables -A INPUT -p tcp --dport "$1" -j ACCEPT
}

start_clean() {
  for tool in iptables ip6tables; do
    $tool -F
    $tool -P INPUT DROP
    $tool -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  done
}

start_clean
ip6tables -A INPUT -p icmpv6 --icmpv6-type neighbour-solicitation -j ACCEPT
ip6tables -A INPUT -p icmpv6 --icmpv6-type neighbour-advertisement -j ACCEPT
allow_tcp 22
allow_tcp 21
