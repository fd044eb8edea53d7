#!/bin/bash
# Outside: environment variables, one with a default (which counts) and one without.

LAN_IF=${LAN_IF:-eth1}
iptables -A INPUT -i $LAN_IF -p tcp --dport 21 -j ACCEPT
iptables -A INPUT -p tcp --dport 22 -s "${ADMIN_HOST}" -j ACCEPT # unknown
iptables -A OUTPUT -j LOG --log-prefix "out by $LAN_IF "
iptables -P INPUT DROP
