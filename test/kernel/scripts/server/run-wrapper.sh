#!/bin/sh
# Every command is said before it is run.
VERBOSE=0

run() {
  [ "$VERBOSE" = 1 ] && echo "+ $*"
  "$@"
}

run iptables -F
run iptables -P INPUT DROP
run iptables -A INPUT -i lo -j ACCEPT
run iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
run iptables -A INPUT -p tcp --dport 22 -j ACCEPT
run iptables -A INPUT -p tcp --dport 21 -j ACCEPT
