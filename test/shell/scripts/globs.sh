#!/bin/bash
# Style: patterns over files beside the script: one file per service, sourced or read in the order of their names.

shopt -s nullglob
for file in services.d/*.conf; do
    name=${file##*/}
    name=${name%.conf}
    NUMBER=${name%%-*}
    . "$file"
    iptables -A INPUT -p "$PROTO" --dport "$PORT" -m comment --comment "$NUMBER ${name#*-}" -j ACCEPT
done
for file in services.d/*.none; do
    iptables -A INPUT -m comment --comment "$file" -j DROP
done
if [ -d services.d ]; then iptables -A INPUT -i lo -j ACCEPT; fi
[ -s services.d/10-ftp.conf ] && iptables -A OUTPUT -p tcp --sport 21 -j ACCEPT
for file in ./services.d/2?-*; do iptables -A FORWARD -m comment --comment "$(basename "$file" .conf)" -j ACCEPT; done
set -- services.d/*
iptables -A FORWARD -m comment --comment "$# files, first $1" -j DROP
