#!/bin/bash
# Right: the helper is assigned, for both families; functions, called in main.
readonly SCRIPT=$(basename "$0")

flush_rules() {
  for cmd in iptables ip6tables; do
    $cmd -F
    $cmd -X
    $cmd -t raw -F
  done
}

set_policies() {
  for cmd in iptables ip6tables; do
    $cmd -P INPUT DROP
    $cmd -P FORWARD DROP
    $cmd -P OUTPUT ACCEPT
  done
}

base_rules() {
  for cmd in iptables ip6tables; do
    $cmd -A INPUT -i lo -j ACCEPT
    $cmd -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  done
  ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
}

ftp_server() {
  for cmd in iptables ip6tables; do
    $cmd -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
    $cmd -A INPUT -p tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT
  done
}

main() {
  flush_rules
  set_policies
  base_rules
  ftp_server
}

main "$@"
