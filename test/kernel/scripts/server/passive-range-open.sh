#!/bin/bash
# Right, without the helper: the passive range is open.
PASV_MIN=50000
PASV_MAX=50100
FTP_PORTS="20 21"

for t in iptables ip6tables; do
  $t -P INPUT DROP
  $t -A INPUT -i lo -j ACCEPT
  $t -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
  $t -A INPUT -p tcp --dport 21 -j ACCEPT
  $t -A INPUT -p tcp --dport ${PASV_MIN}:${PASV_MAX} -j ACCEPT
done
ip6tables -A INPUT -p icmpv6 -j ACCEPT
