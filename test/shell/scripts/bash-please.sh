#!/bin/bash
if [ -z "$BASH_VERSION" ]; then exec bash "$0" "$@"; fi
[[ -n $BASH ]] && iptables -A INPUT -p tcp --dport 21 -j ACCEPT
[ -z "$FW_DEBUG" ] && iptables -A INPUT -p tcp --dport 22 -j ACCEPT
