#!/bin/bash
cd "$(dirname "$0")"
for ip in $(grep -oE '([0-9]{1,3}\.){3}[0-9]{1,3}' list.txt); do iptables -A INPUT -s $ip -j DROP; done
for p in $(grep -Ev '^(#|$)' ports.conf); do iptables -A INPUT -p tcp --dport $p -j ACCEPT; done
grep -E '^[^#]' ports.conf | while read p; do iptables -A OUTPUT -p tcp --dport $p -j ACCEPT; done
PORT=$(grep '^PORT=' app.ini | cut -d= -f2)
iptables -A INPUT -p tcp --dport $PORT -j REJECT
. <(grep '^PASV_' app.ini)
iptables -A INPUT -p tcp --dport ${PASV_MIN}:${PASV_MAX} -j ACCEPT
eval "$(grep '^MODE' app.ini)"
if grep -qs '^ftp=yes' app.ini; then iptables -A INPUT -p tcp --dport 21 -j ACCEPT; fi
if grep -c nothing app.ini >/dev/null; then iptables -A INPUT -j DROP; fi
n=$(grep -c . ports.conf); iptables -A INPUT -m mark --mark $n -j $MODE
m=$(wc -l < ports.conf); iptables -A INPUT -m mark --mark $m -j $MODE
