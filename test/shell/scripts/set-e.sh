#!/bin/bash
# Style: set -e -u -o pipefail; a command that fails ends the script, but not behind ||, if and !.

set -euo pipefail

trap 'echo "firewall: failed in line $LINENO" >&2' ERR

iptables -P INPUT ACCEPT
iptables -F
iptables -D INPUT -j NOSUCHCHAIN 2>/dev/null || true
if iptables -C INPUT -i lo -j ACCEPT 2>/dev/null; then
    iptables -A INPUT -p tcp --dport 1 -j DROP
fi
! iptables -C INPUT -i lo -j ACCEPT 2>/dev/null
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -N ftp
iptables -A INPUT -j ftp
# the chain is there already, so here the script ends
iptables -N ftp
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -P INPUT DROP
