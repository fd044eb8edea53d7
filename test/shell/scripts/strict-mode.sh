#!/bin/bash
set -euo pipefail
f() { local x=$(false); iptables -A INPUT -m comment --comment "x=$x" -j ACCEPT; }
f
g() { local y; y=$(echo 21); iptables -A INPUT -p tcp --dport $y -j ACCEPT; return 0; }
g
iptables -A INPUT -m comment --comment "${UNDEFINED-}" -j ACCEPT || true
( set +e; false; iptables -A OUTPUT -j ACCEPT )
echo | grep -q x || iptables -A OUTPUT -j LOG
iptables -C INPUT -j DROP 2>/dev/null | cat
iptables -A OUTPUT -j DROP
