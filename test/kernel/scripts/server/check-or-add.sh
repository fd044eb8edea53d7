#!/bin/sh
# May be run again and again: a rule is added only where it is not there yet.
ensure() {
  iptables -C "$@" 2>/dev/null || iptables -A "$@"
}

iptables -P INPUT DROP
ensure INPUT -i lo -j ACCEPT
ensure INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
ensure INPUT -p tcp --dport 22 -j ACCEPT
ensure INPUT -p tcp --dport 21 -j ACCEPT
ensure INPUT -p icmp -j ACCEPT
