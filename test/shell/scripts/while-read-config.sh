#!/bin/bash
# Style: while read over a here document, with comments and empty lines skipped.

iptables -N allowed
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -j allowed

while read -r proto port source remark; do
    [ -z "$proto" ] && continue
    case "$proto" in \#*) continue ;; esac
    iptables -A allowed -p "$proto" -s "$source" --dport "$port" -m comment --comment "$remark" -j ACCEPT
done <<'TABLE'
# proto  port   source            what for
tcp      21     0.0.0.0/0         public ftp

tcp      22     198.51.100.0/24   the office only
udp      123    192.0.2.1         time
# tcp    23     0.0.0.0/0         never again
tcp      50000:50100  0.0.0.0/0   passive ftp data
TABLE

iptables -A allowed -j RETURN
iptables -P INPUT DROP
