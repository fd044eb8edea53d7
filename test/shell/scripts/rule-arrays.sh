#!/bin/bash
RULES=(
  "-A INPUT -i lo -j ACCEPT"
  "-A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT"
  "-A INPUT -p tcp -m multiport --dports 20,21 -j ACCEPT"
)
RULES+=("-A INPUT -p tcp --dport 22 -j ACCEPT")
for i in "${!RULES[@]}"; do
  iptables ${RULES[$i]}
  [ $i -eq 2 ] && iptables -A OUTPUT -m comment --comment "after $((i + 1)) of ${#RULES[@]}" -j ACCEPT
done
unset 'RULES[0]'
for i in "${!RULES[@]}"; do
  iptables -A FORWARD -m mark --mark $i -j ACCEPT
done
iptables -A FORWARD -m comment --comment "${RULES[-1]##* }" -j DROP
slice=("${RULES[@]:1:2}")
iptables -A OUTPUT -m comment --comment "${#slice[@]}" -j ACCEPT
