#!/bin/bash
# The rules are printed by a function and piped to iptables-restore.
LAN=lan0
rules() {
cat <<EOF
*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i $LAN -p tcp --dport 21 -j ACCEPT
COMMIT
EOF
}
rules | iptables-restore
