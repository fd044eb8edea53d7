#!/bin/sh
TMP=$(mktemp)
trap 'rm -f "$TMP"' EXIT
cat > $TMP <<EOF
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp --dport 21 -j ACCEPT
COMMIT
EOF
iptables-restore < $TMP
exit 0
