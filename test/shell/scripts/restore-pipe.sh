#!/bin/bash
# Style: iptables-restore at the end of a pipe: from echo -e, from printf, from cat, from a group of commands.

set -e
PORT=21

echo -e "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport $PORT -j ACCEPT\nCOMMIT" | iptables-restore

printf '%s\n' '*mangle' '-A PREROUTING -p tcp -m tcp --dport 21 -j MARK --set-mark 0x1' COMMIT | iptables-restore -n

cat <<EOF | iptables-restore --noflush
*filter
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
EOF

{
    echo '*nat'
    for port in 8080 8081; do
        echo "-A PREROUTING -p tcp -m tcp --dport $port -j REDIRECT --to-ports 80"
    done
    echo COMMIT
} | iptables-restore -n

cat rules.v6 | ip6tables-restore
iptables-restore -n < extra.rules
