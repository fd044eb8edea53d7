#!/bin/bash
entries=("tcp/21" "udp/69-70" "bad" "tcp/8021:8030@10.1.0.0/16")
for e in "${entries[@]}"; do
  if [[ $e =~ ^(tcp|udp)/([0-9]+)([-:]([0-9]+))?(@(.*))?$ ]]; then
    proto=${BASH_REMATCH[1]} from=${BASH_REMATCH[2]} to=${BASH_REMATCH[4]} src=${BASH_REMATCH[6]}
    iptables -A INPUT -p "$proto" ${src:+-s "$src"} --dport "$from${to:+:$to}" -j ACCEPT
  else
    iptables -A INPUT -m comment --comment "skipped $e" -j LOG
  fi
done
re='^([0-9]{1,3}\.){3}[0-9]{1,3}$'
for a in 10.1.1.1 10.1.1 fe80::1 300.1.1.1; do
  [[ $a =~ $re ]] && iptables -A OUTPUT -d "$a" -j ACCEPT
  [[ $a == *:* ]] && ip6tables -A OUTPUT -d "$a" -j ACCEPT
done
