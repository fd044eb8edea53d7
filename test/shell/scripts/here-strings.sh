#!/bin/bash
# Style: here-strings, read with IFS, mapfile, read -a.

entry="21:192.168.1.10:ftp server"
IFS=: read -r port host remark <<< "$entry"
iptables -A FORWARD -d $host -p tcp --dport $port -m comment --comment "$remark" -j ACCEPT

read -r -a list <<< "22 80 443"
for p in "${list[@]}"; do
    iptables -A FORWARD -p tcp --dport $p -j ACCEPT
done

mapfile -t nets <<'EOF'
10.1.0.0/16
10.2.0.0/16
EOF
for net in "${nets[@]}"; do
    iptables -A INPUT -s $net -j ACCEPT
done
iptables -A INPUT -m comment --comment "${#nets[@]} nets" -j RETURN

while IFS='|' read -r a b; do
    iptables -A OUTPUT -p $a --dport $b -j ACCEPT
done <<< "tcp|21
udp|53"

iptables-restore -n <<< "*filter
-A OUTPUT -j LOG
COMMIT"
