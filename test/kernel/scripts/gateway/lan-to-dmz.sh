#!/bin/bash
# Pairs of interfaces in arrays, a loop over both.
set -e
FROM=(lan0)
TO=(wan0)
TCP=(21 22)

iptables -F FORWARD
iptables -P FORWARD DROP
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
for f in "${FROM[@]}"; do
  for t in "${TO[@]}"; do
    for ((i = 0; i < ${#TCP[@]}; i++)); do
      iptables -A FORWARD -i "$f" -o "$t" -p tcp --dport "${TCP[i]}" -j ACCEPT
    done
  done
done
