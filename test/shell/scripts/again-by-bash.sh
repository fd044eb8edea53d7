#!/bin/sh
if [ -z "$BASH_VERSION" ]; then exec bash "$0" "$@"; fi
ports=(21 22)
for p in "${ports[@]}"; do iptables -A INPUT -p tcp --dport "$p" -j ACCEPT; done
