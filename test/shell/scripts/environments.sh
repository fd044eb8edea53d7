#!/bin/bash
export A=21 B
B=22
env A=23 sh -c 'iptables -A INPUT -p tcp --dport $A -j ACCEPT'
env -u A sh -c 'iptables -A INPUT -p tcp --dport ${A:-99} -j ACCEPT'
sh -c 'iptables -A INPUT -p tcp --dport $B -j ACCEPT'
export -n B
sh -c 'iptables -A INPUT -p tcp --dport ${B:-98} -j ACCEPT'
declare -x C=24; sh -c 'iptables -A INPUT -p tcp --dport ${C:-97} -j ACCEPT'
f() { local PORT=25; export PORT; sh -c 'iptables -A INPUT -p tcp --dport ${PORT:-96} -j ACCEPT'; }
f; sh -c 'iptables -A INPUT -p tcp --dport ${PORT:-95} -j ACCEPT'
( exit 3 ); sh -c "exit 4" || iptables -A INPUT -m mark --mark $? -j DROP
sh -ec 'false; iptables -A OUTPUT -j DROP'
bash -e <<'X'
iptables -A OUTPUT -j ACCEPT
false
iptables -A OUTPUT -j LOG
X
iptables -A OUTPUT -m mark --mark $? -j RETURN
