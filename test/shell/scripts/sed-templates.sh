#!/bin/bash
here=$(dirname "$0")
WAN=ppp0
LAN=192.168.9.0/24
sed -e "s/@WAN@/$WAN/g" -e "s|@LAN@|$LAN|" "$here/rules.tmpl" | iptables-restore
sed "s/@PORT@/21/" <<'EOF' | iptables-restore --noflush
*filter
-A INPUT -p tcp --dport @PORT@ -j ACCEPT
COMMIT
EOF
tmpl=$(<"$here/rules6.tmpl")
echo "${tmpl//@WAN@/$WAN}" | ip6tables-restore
