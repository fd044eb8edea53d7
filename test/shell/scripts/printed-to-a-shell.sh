#!/bin/bash
printf '%s\n' 21 22 23 | while read p; do
  echo "iptables -A INPUT -p tcp --dport $p -j ACCEPT"
done | bash
printf 'a\nb\n' | while read l; do sh -c "iptables -A OUTPUT -m comment --comment $l -j ACCEPT" </dev/null; done
for i in 1 2; do echo "-A FORWARD -m mark --mark $i -j DROP"; done | sed 's/^/iptables /' | sh -x
cmds=(); cmds+=("iptables -A FORWARD -j LOG"); printf '%s\n' "${cmds[@]}" | sh
while IFS= read -r l; do [ -z "$l" ] || $l; done <<'E'
iptables -A INPUT -s 10.0.0.1 -j DROP

iptables -A INPUT -s 10.0.0.2 -j DROP
E
