#!/bin/bash
# Style: iptables-restore with its options: --table, --test, -c, -w, files by name; a broken file changes nothing.

cat > /tmp/a.rules <<EOF
*filter
:INPUT DROP [10:200]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
[5:300] -A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT
COMMIT
*mangle
-A PREROUTING -j MARK --set-mark 1
COMMIT
EOF
iptables-restore -c /tmp/a.rules
iptables-restore --table mangle -n <<'EOF'
*filter
-A INPUT -p tcp -m tcp --dport 1 -j ACCEPT
COMMIT
*mangle
-A PREROUTING -j MARK --set-mark 2
COMMIT
EOF
iptables-restore --test -n <<< $'*filter\n-A INPUT -p tcp --dport 2 -j ACCEPT\nCOMMIT'
iptables-restore -w 3 -n <<< $'*filter\n-A INPUT -p tcp --dport 3 -j ACCEPT\nCOMMIT'
iptables-restore -n <<< $'*filter\n-A INPUT -p tcp --dport 4 -j ACCEPT\n-A INPUT --no-such-option\nCOMMIT' 2>/dev/null ||
    iptables -A INPUT -p tcp --dport 5 -j ACCEPT
iptables-restore -n <<< $'*nat\n:own - [0:0]\n-A own -j RETURN\nCOMMIT'
